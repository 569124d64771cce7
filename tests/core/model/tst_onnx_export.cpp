// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/process.h"
#include "core/model/executor.h"
#include "core/model/onnx_export.h"
#include "tests/core/model/model_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <stdexcept>

using namespace splitscope;
using namespace splitscope::model;

namespace {

/// A protobuf message, read back by its encoding's rules alone: field → values in order.
struct Decoded {
    std::map<int, std::vector<std::uint64_t>> integers;
    std::map<int, std::vector<std::string>> texts;
    std::map<int, std::vector<float>> reals;

    explicit Decoded(const std::string& bytes)
    {
        for (std::size_t at = 0; at < bytes.size();) {
            const auto key = varint(bytes, at);
            const int field = static_cast<int>(key >> 3);
            if ((key & 7) == 0) {
                integers[field].push_back(varint(bytes, at));
            } else if ((key & 7) == 2) {
                const auto size = varint(bytes, at);
                if (size > bytes.size() - at)
                    throw std::runtime_error("a field runs over its message's end");
                texts[field].push_back(bytes.substr(at, size));
                at += size;
            } else if ((key & 7) == 5) {
                reals[field].push_back(base::readAt<float>(base::asBytes(bytes), at));
                at += sizeof(float);
            } else {
                throw std::runtime_error("unexpected wire type");
            }
        }
    }
    [[nodiscard]] std::string text(int field) const { return texts.at(field).at(0); }
    [[nodiscard]] std::uint64_t integer(int field) const { return integers.at(field).at(0); }
    [[nodiscard]] Decoded message(int field) const { return Decoded(text(field)); }
    [[nodiscard]] std::vector<Decoded> messages(int field) const
    {
        std::vector<Decoded> list;
        if (texts.contains(field))
            for (const auto& bytes : texts.at(field))
                list.emplace_back(bytes);
        return list;
    }

private:
    static std::uint64_t varint(const std::string& bytes, std::size_t& at)
    {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(bytes.at(at++));
            value |= std::uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80)
                return value;
        }
    }
};

/// Every type of layer, windows that do not divide their input, and the shape of a path with two exits.
NetworkSpec mixedSpec()
{
    using samples::layer;
    NetworkSpec spec = samples::tinySpec();
    spec.name = "mixed";
    spec.input = {3, 12, 12};
    spec.trunk = {layer(LayerType::Conv, "conv1", 6, 3, 2, 1),
                  layer(LayerType::Relu, "relu1"),
                  layer(LayerType::MaxPool, "pool1", 0, 3, 2),
                  layer(LayerType::Lrn, "norm1"),
                  layer(LayerType::Dropout, "drop1"),
                  layer(LayerType::Fc, "fc2", 5),
                  layer(LayerType::Relu, "relu2"),
                  layer(LayerType::Dropout, "drop2"),
                  layer(LayerType::Fc, "fc3", 2)};
    spec.trunk[2].ceilMode = true;
    spec.trunk[3].size = 3;
    spec.trunk[3].alpha = 0.5;
    spec.trunk[3].beta = 0.75;
    spec.trunk[3].k = 2;
    spec.exits = {{"exit1", 3, {layer(LayerType::Fc, "exit1/fc1", 2)}}, {"exit2", 9, {}}};
    return spec;
}

Decoded graphOf(const base::Result<base::Bytes>& onnx)
{
    if (!onnx)
        throw std::runtime_error(onnx.error().message());
    return Decoded(std::string(base::asText(*onnx))).message(7);
}

QStringList operations(const Decoded& graph)
{
    QStringList list;
    for (const auto& node : graph.messages(1))
        list << QString::fromStdString(node.text(4));
    return list;
}

/// Attribute of a node by name.
Decoded attribute(const Decoded& node, const std::string& name)
{
    for (const auto& one : node.messages(5))
        if (one.text(1) == name)
            return one;
    throw std::runtime_error("no attribute " + name);
}

/// "name: batch x 3 x 12 x 12"
QString describe(const Decoded& valueInfo)
{
    QStringList extents;
    const auto tensor = valueInfo.message(2).message(1);
    for (const auto& dimension : tensor.message(2).messages(1))
        extents << (dimension.texts.contains(2) ? QString::fromStdString(dimension.text(2))
                                                : QString::number(dimension.integer(1)));
    return QString::fromStdString(valueInfo.text(1)) + ": " + extents.join("x");
}

const std::string kOnnxRuntime = SPLITSCOPE_SOURCE "/tests/bench/onnxruntime";

/// What keeps ONNX Runtime from being asked, or nothing.
QString missingOnnxRuntime()
{
    if (base::findProgram("node").empty())
        return "there is no node";
    if (!std::filesystem::exists(kOnnxRuntime + "/node_modules/onnxruntime-node"))
        return "onnxruntime-node is not installed: npm install --ignore-scripts --prefix tests/bench/onnxruntime";
    return {};
}

/// Runs a model in ONNX Runtime on an input.
std::vector<float> runInOnnxRuntime(const base::Bytes& onnx, const base::Tensor& input)
{
    const QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
    QJsonArray shape{input.batch};
    for (const int extent : input.shape)
        shape << extent;
    const QJsonObject load{
        {"load", "it"}, {"file", folder.filePath("m.onnx")}, {"input", folder.filePath("in")}, {"shape", shape}};
    const auto line = QJsonDocument(load).toJson(QJsonDocument::Compact).toStdString() + "\n" + R"({"run": "it"})";
    const base::ByteView values{reinterpret_cast<const std::uint8_t*>(input.values.data()), input.values.size() * sizeof(float)};
    for (const auto& status : {base::writeFileAtomically(path("m.onnx"), onnx), base::writeFileAtomically(path("in"), values),
                               base::writeFileAtomically(path("requests"), base::asBytes(line))})
        if (!status)
            throw std::runtime_error(status.error().message());
    const auto answered = base::runProcessOrFail({"node", kOnnxRuntime + "/serve.mjs", path("requests")}, 60'000);
    if (!answered)
        throw std::runtime_error(answered.error().message());
    const auto lines = QByteArray::fromStdString(answered->output).split('\n');
    const auto answer = QJsonDocument::fromJson(lines.value(2)).object();
    const auto bytes = QByteArray::fromBase64(answer["output"].toString().toLatin1());
    if (bytes.isEmpty())
        throw std::runtime_error("ONNX Runtime: " + answered->output);
    std::vector<float> output(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    std::memcpy(output.data(), bytes.data(), output.size() * sizeof(float));
    return output;
}

}  // namespace

class TestOnnxExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFileSaysWhichVersionsItNeeds()
    {
        const auto spec = mixedSpec();
        const auto onnx = toOnnx(spec, samples::randomWeights(spec, 1), {2, 0, {}, 1});
        QVERIFY(onnx.ok());
        const Decoded model{std::string(base::asText(*onnx))};
        QCOMPARE(model.integer(1), 7U);
        QCOMPARE(model.message(8).integer(2), 13U);
        QCOMPARE(model.text(2), std::string("splitscope"));
    }

    void aSliceHoldsItsLayersInOrderAndNoDropout_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("last");
        QTest::addColumn<QStringList>("operators");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("output");
        using L = QStringList;
        QTest::newRow("whole") << 2 << 0 << 9 << L{"Conv", "Relu", "MaxPool", "LRN", "Flatten", "Gemm", "Relu", "Gemm"}
                               << "input: batchx3x12x12"
                               << "fc3: batchx2";
        QTest::newRow("prefix") << 2 << 0 << 3 << L{"Conv", "Relu", "MaxPool"} << "input: batchx3x12x12"
                                << "pool1: batchx6x3x3";
        QTest::newRow("prefix to a dropout") << 2 << 0 << 5 << L{"Conv", "Relu", "MaxPool", "LRN"} << "input: batchx3x12x12"
                                             << "norm1: batchx6x3x3";
        QTest::newRow("suffix") << 2 << 5 << 9 << L{"Flatten", "Gemm", "Relu", "Gemm"} << "norm1: batchx6x3x3"
                                << "fc3: batchx2";
        QTest::newRow("suffix of rows") << 2 << 8 << 9 << L{"Gemm"} << "relu2: batchx5"
                                        << "fc3: batchx2";
        QTest::newRow("middle") << 2 << 1 << 4 << L{"Relu", "MaxPool", "LRN"} << "conv1: batchx6x6x6"
                                << "norm1: batchx6x3x3";
        QTest::newRow("another exit") << 1 << 2 << 4 << L{"MaxPool", "Flatten", "Gemm"} << "relu1: batchx6x6x6"
                                      << "exit1/fc1: batchx2";
        QTest::newRow("no layer") << 2 << 3 << 3 << L{"Identity"} << "pool1: batchx6x3x3"
                                  << "pool1/copy: batchx6x3x3";
        QTest::newRow("a dropout alone") << 2 << 7 << 8 << L{"Identity"} << "relu2: batchx5"
                                         << "relu2/copy: batchx5";
    }
    void aSliceHoldsItsLayersInOrderAndNoDropout()
    {
        QFETCH(int, exit);
        QFETCH(int, first);
        QFETCH(int, last);
        QFETCH(QStringList, operators);
        QFETCH(QString, input);
        QFETCH(QString, output);
        const auto spec = mixedSpec();
        const auto graph = graphOf(toOnnx(spec, samples::randomWeights(spec, 1), {exit, first, last, {}}));
        QCOMPARE(operations(graph), operators);
        QCOMPARE(describe(graph.message(11)), input);
        QCOMPARE(describe(graph.message(12)), output);
        // Each operator reads what the one before it made, and parameters that are there.
        std::string made = graph.message(11).text(1);
        std::size_t parameters = 0;
        for (const auto& node : graph.messages(1)) {
            QCOMPARE(node.texts.at(1).front(), made);
            parameters += node.texts.at(1).size() - 1;
            made = node.text(2);
        }
        QCOMPARE(made, graph.message(12).text(1));
        QCOMPARE(graph.messages(5).size(), parameters);
    }

    void aBlockBecomesItsLayersAndASum()
    {
        const auto spec = samples::modernSpec();
        const auto nodes = graphOf(toOnnx(spec, samples::randomWeights(spec, 1), {2, 3, 5, {}}));
        QCOMPARE(operations(nodes),
                 (QStringList{"Relu", "Conv", "Clip", "Conv", "HardSigmoid", "Mul", "Conv", "MaxPool", "Conv", "Add"}));
        const auto list = nodes.messages(1);
        QCOMPARE(attribute(list[3], "group").integer(3), 48U);
        QCOMPARE(list[9].texts.at(1), (std::vector<std::string>{"block2/project", "block2/match"}));
        QCOMPARE(list[9].text(2), std::string("block2"));
        const auto identity = graphOf(toOnnx(spec, samples::randomWeights(spec, 1), {2, 2, 3, {}})).messages(1);
        QCOMPARE(identity.back().texts.at(1), (std::vector<std::string>{"block1/conv2", "act1"}));
    }

    void aFixedBatchIsWrittenAsANumber()
    {
        const auto spec = mixedSpec();
        const auto graph = graphOf(toOnnx(spec, samples::randomWeights(spec, 1), {2, 0, {}, 8}));
        QCOMPARE(describe(graph.message(11)), QString("input: 8x3x12x12"));
        QCOMPARE(describe(graph.message(12)), QString("fc3: 8x2"));
    }

    void attributesSayWhatTheSpecSays()
    {
        const auto spec = mixedSpec();
        const auto nodes = graphOf(toOnnx(spec, samples::randomWeights(spec, 1), {2, 0, {}, 1})).messages(1);
        using List = std::vector<std::uint64_t>;
        QCOMPARE(attribute(nodes[0], "kernel_shape").integers.at(8), (List{3, 3}));
        QCOMPARE(attribute(nodes[0], "strides").integers.at(8), (List{2, 2}));
        QCOMPARE(attribute(nodes[0], "pads").integers.at(8), (List{1, 1, 1, 1}));
        QCOMPARE(attribute(nodes[0], "pads").integer(20), 7U);
        QCOMPARE(attribute(nodes[2], "ceil_mode").integer(3), 1U);
        QCOMPARE(attribute(nodes[2], "pads").integers.at(8), (List{0, 0, 0, 0}));
        QCOMPARE(attribute(nodes[3], "size").integer(3), 3U);
        QCOMPARE(attribute(nodes[3], "alpha").reals.at(2).at(0), 0.5F);
        QCOMPARE(attribute(nodes[3], "beta").reals.at(2).at(0), 0.75F);
        QCOMPARE(attribute(nodes[3], "bias").reals.at(2).at(0), 2.0F);
        QCOMPARE(attribute(nodes[5], "transB").integer(3), 1U);
    }

    void parametersKeepTheirShapeAndTheirBits()
    {
        const auto spec = mixedSpec();
        const auto weights = samples::randomWeights(spec, 7);
        const auto graph = graphOf(toOnnx(spec, weights, {2, 0, {}, 1}));
        std::size_t seen = 0;
        for (const auto& tensor : graph.messages(5)) {
            const auto& parameter = weights.parameters.at(tensor.text(8));
            QCOMPARE(tensor.integers.at(1), std::vector<std::uint64_t>(parameter.shape.begin(), parameter.shape.end()));
            QCOMPARE(tensor.integer(2), 1U);
            const auto raw = tensor.text(9);
            QCOMPARE(raw.size(), parameter.values.size() * sizeof(float));
            QVERIFY(std::memcmp(raw.data(), parameter.values.data(), raw.size()) == 0);
            ++seen;
        }
        QCOMPARE(seen, 6U);
    }

    void whatCannotBeExportedIsRefusedInWords_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("last");
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("window");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such exit") << 3 << 0 << 1 << 1 << 3 << "no exit 3";
        QTest::newRow("exit 0") << 0 << 0 << 1 << 1 << 3 << "no exit 0";
        QTest::newRow("backwards") << 2 << 4 << 3 << 1 << 3 << "no layers 5 to 3";
        QTest::newRow("before the input") << 2 << -1 << 3 << 1 << 3 << "no layers 0 to 3";
        QTest::newRow("behind the end") << 1 << 0 << 5 << 1 << 3 << "which has 4";
        QTest::newRow("no batch") << 2 << 0 << 9 << 0 << 3 << "a batch of 0";
        QTest::newRow("even window") << 2 << 0 << 9 << 1 << 4 << "'norm1'";
    }
    void whatCannotBeExportedIsRefusedInWords()
    {
        QFETCH(int, exit);
        QFETCH(int, first);
        QFETCH(int, last);
        QFETCH(int, batch);
        QFETCH(int, window);
        QFETCH(QString, says);
        auto spec = mixedSpec();
        spec.trunk[3].size = window;
        const auto onnx = toOnnx(spec, samples::randomWeights(spec, 1), {exit, first, last, batch});
        QVERIFY(!onnx.ok());
        QVERIFY2(QString::fromStdString(onnx.error().message()).contains(says), onnx.error().message().c_str());
    }

    void weightsOfAnotherNetworkAreRefused()
    {
        const auto spec = mixedSpec();
        QVERIFY(!toOnnx(spec, samples::randomWeights(samples::tinySpec(), 1), {1, 0, {}, 1}).ok());
    }

    void onnxRuntimeComputesWhatTheExecutorDoes_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<int>("batch");
        for (const auto* network : {"mixed", "modern", "alexnet3", "alexnet5", "alexnet3-128"})
            for (const int batch : {1, 3})
                QTest::addRow("%s, batch of %d", network, batch) << network << batch;
    }
    void onnxRuntimeComputesWhatTheExecutorDoes()
    {
        QFETCH(QString, network);
        QFETCH(int, batch);
        if (const auto missing = missingOnnxRuntime(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        const auto spec = network == "mixed" ? mixedSpec()
            : network == "modern"            ? samples::modernSpec()
                                             : loadNetworkSpec(network.toStdString()).value();
        const auto weights = samples::randomWeights(spec, 3);
        const auto executor = Executor::create(spec, weights);
        QVERIFY(executor.ok());
        const Path path(spec, spec.exitCount());
        const auto input = samples::randomTensor(batch, spec.input, 5);
        const auto expected = (*executor)->run(path.exit(), 0, path.length(), input);
        QVERIFY(expected.ok());
        const auto onnx = toOnnx(spec, weights, {path.exit(), 0, {}, {}});
        QVERIFY(onnx.ok());
        const auto output = runInOnnxRuntime(*onnx, input);
        QCOMPARE(output.size(), expected->values.size());
        for (std::size_t i = 0; i < output.size(); ++i)
            QVERIFY2(std::abs(output[i] - expected->values[i]) <= 1e-4F,
                     qPrintable(QString("%1 against %2").arg(output[i]).arg(expected->values[i])));
    }
};

QTEST_GUILESS_MAIN(TestOnnxExport)
#include "tst_onnx_export.moc"
