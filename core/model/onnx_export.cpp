// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/onnx_export.h"

#include "core/base/files.h"
#include "core/model/path.h"

#include <initializer_list>

namespace splitscope::model {

using base::ByteView;
using base::Error;
using base::ErrorCode;

namespace {

constexpr std::int64_t kIrVersion = 7;  ///< the one that came with opset 13
constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kFloat = 1;  ///< TensorProto.DataType

/// A protobuf message under construction: fields in the order in which they are added.
class Message {
public:
    void integer(int field, std::int64_t value)
    {
        key(field, kVarint);
        varint(static_cast<std::uint64_t>(value));
    }
    void real(int field, float value)
    {
        key(field, kFixed32);
        base::append(m_bytes, value);
    }
    void bytes(int field, ByteView value)
    {
        key(field, kLengthDelimited);
        varint(value.size());
        m_bytes.insert(m_bytes.end(), value.begin(), value.end());
    }
    void text(int field, std::string_view value) { bytes(field, base::asBytes(value)); }
    void message(int field, const Message& value) { bytes(field, value.m_bytes); }

    [[nodiscard]] base::Bytes take() && { return std::move(m_bytes); }

private:
    static constexpr unsigned kVarint = 0, kLengthDelimited = 2, kFixed32 = 5;

    void key(int field, unsigned wireType) { varint(static_cast<unsigned>(field) << 3 | wireType); }
    void varint(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
        m_bytes.push_back(static_cast<std::uint8_t>(value));
    }
    base::Bytes m_bytes;
};

/// NodeProto: an operator with its tensors by name, then its attributes.
class Node {
public:
    Node(const std::string& name, const char* operation, std::initializer_list<std::string> inputs, const std::string& output)
    {
        for (const auto& input : inputs)
            m_proto.text(1, input);
        m_proto.text(2, output);
        m_proto.text(3, name);
        m_proto.text(4, operation);
    }
    void set(const char* attribute, std::int64_t value)
    {
        Message proto;
        proto.text(1, attribute);
        proto.integer(3, value);
        proto.integer(20, 2);  // INT
        m_proto.message(5, proto);
    }
    void set(const char* attribute, double value)
    {
        Message proto;
        proto.text(1, attribute);
        proto.real(2, static_cast<float>(value));
        proto.integer(20, 1);  // FLOAT
        m_proto.message(5, proto);
    }
    void set(const char* attribute, std::initializer_list<int> values)
    {
        Message proto;
        proto.text(1, attribute);
        for (const int value : values)
            proto.integer(8, value);
        proto.integer(20, 7);  // INTS
        m_proto.message(5, proto);
    }
    [[nodiscard]] const Message& proto() const { return m_proto; }

private:
    Message m_proto;
};

/// TensorProto.
Message initializer(const std::string& name, const Parameter& parameter)
{
    Message proto;
    for (const int extent : parameter.shape)
        proto.integer(1, extent);
    proto.integer(2, kFloat);
    proto.text(8, name);
    proto.bytes(9,
                base::asBytes({reinterpret_cast<const char*>(parameter.values.data()), parameter.values.size() * sizeof(float)}));
    return proto;
}

/// ValueInfoProto.
Message valueInfo(const std::string& name, std::optional<int> batch, const base::Shape& shape)
{
    Message dimensions, dimension;
    if (batch)
        dimension.integer(1, *batch);
    else
        dimension.text(2, "batch");
    dimensions.message(1, dimension);
    for (const int extent : shape) {
        Message fixed;
        fixed.integer(1, extent);
        dimensions.message(1, fixed);
    }
    Message tensor, type, value;
    tensor.integer(1, kFloat);
    tensor.message(2, dimensions);
    type.message(1, tensor);
    value.text(1, name);
    value.message(2, type);
    return value;
}

/// GraphProto: nodes in order, with the parameters that they need.
class Graph {
public:
    explicit Graph(const Weights& weights) : m_weights(weights) {}

    /// The operator of a layer that does something at inference, from tensor `input` to tensor `output`.
    void add(const PathLayer& layer, const std::string& input, const std::string& output)
    {
        const auto& spec = layer.spec;
        switch (spec.type) {
        case LayerType::Conv: return addConvolution(spec, input, output);
        case LayerType::MaxPool: return addPooling(spec, input, output);
        case LayerType::Fc: return addFullyConnected(layer, input, output);
        case LayerType::Lrn: return addNormalisation(spec, input, output);
        case LayerType::Relu: return add({spec.name, "Relu", {input}, output});
        case LayerType::Relu6: return addClip(spec, input, output);
        case LayerType::HardSwish: return addHardSwish(spec, input, output);
        case LayerType::GlobalAvgPool: return addGlobalPooling(spec, input, output);
        case LayerType::Residual: return addBlock(layer, input, output);
        case LayerType::Dropout: return;
        }
    }
    void add(const Node& node) { m_proto.message(1, node.proto()); }

    [[nodiscard]] Message finish(const std::string& name, const Message& input, const Message& output) &&
    {
        m_proto.text(2, name);
        m_proto.message(11, input);
        m_proto.message(12, output);
        return std::move(m_proto);
    }

private:
    void addConvolution(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        Node node(spec.name, "Conv", {input, parameter(spec.name + ".weight"), parameter(spec.name + ".bias")}, output);
        setWindow(node, spec);
        node.set("group", std::int64_t{spec.groups});
        add(node);
    }
    void addClip(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        const auto low = spec.name + "/low", high = spec.name + "/high";
        m_proto.message(5, initializer(low, {{}, {0}}));
        m_proto.message(5, initializer(high, {{}, {6}}));
        add({spec.name, "Clip", {input, low, high}, output});
    }
    /// x · max(0, min(1, x / 6 + 1 / 2)); opset 13 has no HardSwish.
    void addHardSwish(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        const auto gate = spec.name + "/gate";
        Node sigmoid(gate, "HardSigmoid", {input}, gate);
        sigmoid.set("alpha", 1.0 / 6);
        sigmoid.set("beta", 0.5);
        add(sigmoid);
        add({spec.name, "Mul", {input, gate}, output});
    }
    void addGlobalPooling(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        const auto maps = spec.name + "/maps";
        add({maps, "GlobalAveragePool", {input}, maps});
        Node flatten(spec.name, "Flatten", {maps}, output);
        flatten.set("axis", std::int64_t{1});
        add(flatten);
    }
    void addBlock(const PathLayer& block, const std::string& input, const std::string& output)
    {
        const auto chain = [&](const std::vector<LayerSpec>& layers) {
            std::string tensor = input;
            base::Shape shape = block.input;
            for (const auto& spec : layers) {
                const auto layer = account(spec, shape);
                if (spec.type != LayerType::Dropout) {
                    add(layer, tensor, spec.name);
                    tensor = spec.name;
                }
                shape = layer.output;
            }
            return tensor;
        };
        const auto body = chain(block.spec.body);
        add({block.spec.name, "Add", {body, chain(block.spec.shortcut)}, output});
    }
    void addPooling(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        Node node(spec.name, "MaxPool", {input}, output);
        setWindow(node, spec);
        node.set("ceil_mode", std::int64_t{spec.ceilMode});
        add(node);
    }
    void addFullyConnected(const PathLayer& layer, const std::string& input, const std::string& output)
    {
        const auto& name = layer.spec.name;
        auto rows = input;
        if (layer.input.size() > 1) {
            rows = name + "/rows";
            Node flatten(rows, "Flatten", {input}, rows);
            flatten.set("axis", std::int64_t{1});
            add(flatten);
        }
        Node node(name, "Gemm", {rows, parameter(name + ".weight"), parameter(name + ".bias")}, output);
        node.set("transB", std::int64_t{1});
        add(node);
    }
    void addNormalisation(const LayerSpec& spec, const std::string& input, const std::string& output)
    {
        Node node(spec.name, "LRN", {input}, output);
        node.set("alpha", spec.alpha);
        node.set("beta", spec.beta);
        node.set("bias", spec.k);
        node.set("size", std::int64_t{spec.size});
        add(node);
    }
    static void setWindow(Node& node, const LayerSpec& spec)
    {
        node.set("kernel_shape", {spec.kernel, spec.kernel});
        node.set("strides", {spec.stride, spec.stride});
        node.set("pads", {spec.padding, spec.padding, spec.padding, spec.padding});
    }
    std::string parameter(const std::string& name)
    {
        m_proto.message(5, initializer(name, m_weights.parameters.at(name)));
        return name;
    }

    const Weights& m_weights;
    Message m_proto;
};

base::Status checkSlice(const NetworkSpec& spec, const OnnxSlice& slice)
{
    const auto refuse = [&](const std::string& text) {
        return Error{ErrorCode::InvalidInput, text, "ONNX export of " + spec.name};
    };
    if (slice.exit < 1 || slice.exit > spec.exitCount())
        return refuse("there is no exit " + std::to_string(slice.exit) + "; it has " + std::to_string(spec.exitCount()));
    const int length = spec.exits[static_cast<std::size_t>(slice.exit - 1)].layerCount();
    const int last = slice.last.value_or(length);
    if (slice.first < 0 || last < slice.first || last > length)
        return refuse("there are no layers " + std::to_string(slice.first + 1) + " to " + std::to_string(last) + " of exit "
                      + std::to_string(slice.exit) + ", which has " + std::to_string(length));
    if (slice.batch && *slice.batch < 1)
        return refuse("a batch of " + std::to_string(*slice.batch) + " holds nothing; 1 is the least");
    return {};
}

Message model(const std::string& name, const Message& graph)
{
    Message opset, proto;
    opset.text(1, "");
    opset.integer(2, kOpset);
    proto.integer(1, kIrVersion);
    proto.text(2, "splitscope");
    proto.text(3, base::programVersion());
    proto.text(6, name);
    proto.message(7, graph);
    proto.message(8, opset);
    return proto;
}

}  // namespace

base::Result<base::Bytes> toOnnx(const NetworkSpec& spec, const Weights& weights, const OnnxSlice& slice)
{
    if (auto status = validate(spec, spec.name); !status)
        return status.error();
    if (auto status = checkWeights(spec, weights); !status)
        return status.error();
    if (auto status = checkSlice(spec, slice); !status)
        return status.error();
    const Path path(spec, slice.exit);
    const int last = slice.last.value_or(path.length());
    Graph graph(weights);
    for (int i = slice.first + 1; i <= last; ++i) {
        const auto& layer = path.layer(i);
        if (layer.spec.type == LayerType::Lrn && layer.spec.size % 2 == 0)
            return Error{ErrorCode::Unsupported,
                         "ONNX places a window of " + std::to_string(layer.spec.size)
                             + " channels otherwise than PyTorch does; odd sizes are the same in both",
                         spec.name + " layer '" + layer.spec.name + "'"};
        graph.add(layer, path.cutName(i - 1), path.cutName(i));
    }
    const auto& input = path.cutName(slice.first);
    auto output = path.cutName(last);
    if (input == output) {
        output += "/copy";
        graph.add(Node("identity", "Identity", {input}, output));
    }
    const auto proto = std::move(graph).finish(spec.name, valueInfo(input, slice.batch, path.cutShape(slice.first)),
                                               valueInfo(output, slice.batch, path.cutShape(last)));
    return model(spec.name + ": layers " + std::to_string(slice.first + 1) + " to " + std::to_string(last) + " of exit "
                     + std::to_string(slice.exit),
                 proto)
        .take();
}

}  // namespace splitscope::model
