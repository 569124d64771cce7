// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/onednn_p.h"

#include <cstdlib>
#include <new>

namespace splitscope::model::onednn {

namespace {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;
using Tag = dnnl::memory::format_tag;
constexpr auto kFloat = dnnl::memory::data_type::f32;

const dnnl::engine& processor()
{
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// oneDNN plans a kernel for the threads that it may use, which are the calling thread's.
int threadCount() { return at::get_num_threads(); }

dnnl::memory pack(const Desc& plain, std::span<const float> values, const Desc& packed)
{
    // A reorder only reads its source: memory takes no const pointer.
    dnnl::memory from(plain, processor(), const_cast<float*>(values.data()));
    dnnl::memory to(packed, processor());
    dnnl::stream stream(processor());
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
    return to;
}

void append(dnnl::post_ops& operations, dnnl::algorithm algorithm, float alpha, float beta)
{
#if DNNL_VERSION_MAJOR >= 3
    operations.append_eltwise(algorithm, alpha, beta);
#else
    operations.append_eltwise(1, algorithm, alpha, beta);
#endif
}

/// activation: Relu or Relu6, whose results are the same bits whoever computes them; or None.
dnnl::primitive_attr attributes(Activation activation)
{
    dnnl::primitive_attr result;
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::post_ops after;
    if (activation == Activation::Relu)
        append(after, dnnl::algorithm::eltwise_relu, 0, 0);
    if (activation == Activation::Relu6)
        append(after, dnnl::algorithm::eltwise_clip, 0, 6);
    if (activation != Activation::None)
        result.set_post_ops(after);
    return result;
}

struct ConvolutionSizes {
    Desc input, weights, bias, output;
    Dims stride, padding;
};

dnnl::convolution_forward::primitive_desc describe(const ConvolutionSizes& sizes, const dnnl::primitive_attr& attr)
{
    constexpr auto kKind = dnnl::prop_kind::forward_inference;
    constexpr auto kDirect = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    return {processor(),  kKind,        kDirect,       sizes.input,   sizes.weights, sizes.bias,
            sizes.output, sizes.stride, sizes.padding, sizes.padding, attr};
#else
    const dnnl::convolution_forward::desc desc(kKind, kDirect, sizes.input, sizes.weights, sizes.bias, sizes.output, sizes.stride,
                                               sizes.padding, sizes.padding);
    return {desc, attr, processor()};
#endif
}

dnnl::matmul::primitive_desc describe(const Desc& input, const Desc& weights, const Desc& bias, const Desc& output)
{
    const auto attr = attributes(Activation::None);
#if DNNL_VERSION_MAJOR >= 3
    return bias.is_zero() ? dnnl::matmul::primitive_desc(processor(), input, weights, output, attr)
                          : dnnl::matmul::primitive_desc(processor(), input, weights, bias, output, attr);
#else
    const auto desc
        = bias.is_zero() ? dnnl::matmul::desc(input, weights, output) : dnnl::matmul::desc(input, weights, bias, output);
    return {desc, attr, processor()};
#endif
}

template <typename Primitive>
Kernel toKernel(const typename Primitive::primitive_desc& desc)
{
    return {Primitive(desc), desc.src_desc(), desc.dst_desc(), desc.weights_desc(), desc.scratchpad_desc(), desc.impl_info_str()};
}

/// The kernel that `make` makes for a key, made once.
template <typename Key, typename Make>
const Kernel& findOrMake(std::mutex& mutex, std::map<Key, std::unique_ptr<Kernel>>& kernels, const Key& key, const Make& make)
{
    const std::lock_guard lock(mutex);
    auto& kernel = kernels[key];
    if (!kernel)
        kernel = std::make_unique<Kernel>(make());
    return *kernel;
}

}  // namespace

float* Buffer::atLeast(std::size_t count)
{
    constexpr std::size_t kLine = 64;
    if (count > m_count) {
        m_memory.reset();
        m_count = 0;
        const auto bytes = (count * sizeof(float) + kLine - 1) / kLine * kLine;
        m_memory.reset(static_cast<float*>(std::aligned_alloc(kLine, bytes)));
        if (!m_memory)
            throw std::bad_alloc();
        m_count = count;
    }
    return m_memory.get();
}

Workspace::Workspace() : m_stream(processor()) {}

void Workspace::execute(const Kernel& kernel, const std::unordered_map<int, dnnl::memory>& parameters, const float* in,
                        float* out)
{
    auto& arguments = m_arguments[&kernel];
    if (arguments.empty()) {
        arguments = parameters;
        arguments[DNNL_ARG_SRC] = dnnl::memory(kernel.input, processor(), nullptr);
        arguments[DNNL_ARG_DST] = dnnl::memory(kernel.output, processor(), nullptr);
        if (kernel.scratch.get_size() > 0)
            arguments[DNNL_ARG_SCRATCHPAD] = dnnl::memory(kernel.scratch, processor(), nullptr);
    }
    arguments[DNNL_ARG_SRC].set_data_handle(const_cast<float*>(in));
    arguments[DNNL_ARG_DST].set_data_handle(out);
    if (const auto bytes = kernel.scratch.get_size(); bytes > 0)
        arguments[DNNL_ARG_SCRATCHPAD].set_data_handle(m_scratch.atLeast((bytes + sizeof(float) - 1) / sizeof(float)));
    kernel.primitive.execute(m_stream, arguments);
    m_stream.wait();
}

MatrixProduct::MatrixProduct(int batch, int inputs, int outputs, int usualRows, std::span<const float> weights,
                             std::span<const float> bias)
    : m_batch(batch), m_inputs(inputs), m_outputs(outputs)
{
    if (!bias.empty()) {
        const Desc plain({1, outputs}, kFloat, Tag::ab);
        m_parameters[DNNL_ARG_BIAS] = pack(plain, bias, plain);
    }
    const auto desc = [&](Tag flat, Tag batched) {
        return batch == 1 ? Desc({inputs, outputs}, kFloat, flat) : Desc({batch, inputs, outputs}, kFloat, batched);
    };
    const auto usual = makeKernel(usualRows, desc(Tag::any, Tag::any));
    m_rowsAreIndependent = usual.implementation.starts_with("brg");
    m_parameters[DNNL_ARG_WEIGHTS] = pack(desc(Tag::ab, Tag::abc), weights, usual.weights);
}

Kernel MatrixProduct::makeKernel(int rows, const Desc& weights) const
{
    const bool flat = m_batch == 1;
    const auto desc = [&](int columns) {
        return flat ? Desc({rows, columns}, kFloat, Tag::ab) : Desc({m_batch, rows, columns}, kFloat, Tag::abc);
    };
    const auto bias = m_parameters.find(DNNL_ARG_BIAS);
    const auto made
        = describe(desc(m_inputs), weights, bias == m_parameters.end() ? Desc() : bias->second.get_desc(), desc(m_outputs));
    return toKernel<dnnl::matmul>(made);
}

const Kernel& MatrixProduct::kernelFor(int rows) const
{
    return findOrMake(m_mutex, m_kernels, std::pair(rows, threadCount()),
                      [&] { return makeKernel(rows, m_parameters.at(DNNL_ARG_WEIGHTS).get_desc()); });
}

void MatrixProduct::run(Workspace& workspace, int rows, const float* in, float* out) const
{
    workspace.execute(kernelFor(rows), m_parameters, in, out);
}

Convolution::Convolution(const PathLayer& layer, const Weights& weights) : m_layer(layer)
{
    const auto& spec = layer.spec;
    const Desc bias({spec.outputs}, kFloat, Tag::x);
    m_parameters[DNNL_ARG_BIAS] = pack(bias, weights.parameters.at(spec.name + ".bias").values, bias);
    const auto shape = weightShape(spec, layer.input);
    Dims sizes{shape[0], shape[1], shape[2], shape[3]};
    if (spec.groups > 1) {
        sizes[0] /= spec.groups;
        sizes.insert(sizes.begin(), spec.groups);
    }
    const auto packed = makeKernel(Activation::Relu, Desc(sizes, kFloat, Tag::any)).weights;
    const auto& values = weights.parameters.at(spec.name + ".weight").values;
    m_parameters[DNNL_ARG_WEIGHTS] = pack(Desc(sizes, kFloat, spec.groups > 1 ? Tag::goihw : Tag::oihw), values, packed);
}

Kernel Convolution::makeKernel(Activation activation, const Desc& weights) const
{
    const auto& spec = m_layer.spec;
    const auto map = [](const base::Shape& shape) { return Desc({1, shape[0], shape[1], shape[2]}, kFloat, Tag::nhwc); };
    const ConvolutionSizes sizes{map(m_layer.input),
                                 weights,
                                 m_parameters.at(DNNL_ARG_BIAS).get_desc(),
                                 map(m_layer.output),
                                 {spec.stride, spec.stride},
                                 {spec.padding, spec.padding}};
    return toKernel<dnnl::convolution_forward>(describe(sizes, attributes(activation)));
}

const Kernel& Convolution::kernelFor(Activation activation) const
{
    return findOrMake(m_mutex, m_kernels, std::pair(activation, threadCount()),
                      [&] { return makeKernel(activation, m_parameters.at(DNNL_ARG_WEIGHTS).get_desc()); });
}

Activation Convolution::run(Workspace& workspace, const float* in, float* out, Activation activation) const
{
    const bool both = activation != Activation::HardSwish;  // which the library rounds otherwise
    workspace.execute(kernelFor(both ? activation : Activation::None), m_parameters, in, out);
    return both ? Activation::None : activation;
}

}  // namespace splitscope::model::onednn
