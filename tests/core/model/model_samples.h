// SPDX-License-Identifier: GPL-3.0-or-later
// Networks, weights and images that tests of the model are made on.
#pragma once

#include "core/data/data_set.h"
#include "core/model/path.h"
#include "core/model/weights.h"

#include <cmath>
#include <random>

namespace splitscope::model::samples {

inline LayerSpec layer(LayerType type, const std::string& name, int outputs = 0, int kernel = 0, int stride = 1, int padding = 0)
{
    LayerSpec spec;
    spec.type = type;
    spec.name = name;
    spec.outputs = outputs;
    spec.kernel = kernel;
    spec.stride = stride;
    spec.padding = padding;
    return spec;
}

/// Two exits on 3×8×8 images of two classes: seconds to train.
inline NetworkSpec tinySpec()
{
    NetworkSpec spec;
    spec.name = "tiny";
    spec.input = {3, 8, 8};
    spec.classes = 2;
    spec.mean = {0.5F, 0.5F, 0.5F};
    spec.deviation = {0.25F, 0.25F, 0.25F};
    spec.trunk = {layer(LayerType::Conv, "conv1", 6, 3, 1, 1),
                  layer(LayerType::Relu, "relu1"),
                  layer(LayerType::MaxPool, "pool1", 0, 2, 2),
                  layer(LayerType::Conv, "conv2", 8, 3, 1, 1),
                  layer(LayerType::Relu, "relu2"),
                  layer(LayerType::Dropout, "drop3"),
                  layer(LayerType::Fc, "fc3", 2)};
    spec.exits = {{"exit1", 3, {layer(LayerType::Fc, "exit1/fc1", 2)}}, {"exit2", 7, {}}};
    return spec;
}

/// What convolutional networks are made of today: blocks whose inputs are added again, with and without layers in the shortcut,
/// depthwise convolutions with strides, activations beyond ReLU, global pooling. Channel counts with and without whole lanes.
inline NetworkSpec modernSpec()
{
    const auto grouped = [](const std::string& name, int channels, int groups, int kernel, int stride) {
        auto spec = layer(LayerType::Conv, name, channels, kernel, stride, kernel / 2);
        spec.groups = groups;
        return spec;
    };
    const auto block = [](const std::string& name, std::vector<LayerSpec> body, std::vector<LayerSpec> shortcut = {}) {
        auto spec = layer(LayerType::Residual, name);
        spec.body = std::move(body);
        spec.shortcut = std::move(shortcut);
        return spec;
    };
    auto spec = tinySpec();
    spec.name = "modern";
    spec.input = {3, 18, 14};
    spec.trunk = {layer(LayerType::Conv, "conv1", 16, 3, 1, 1),
                  layer(LayerType::HardSwish, "act1"),
                  block("block1",
                        {layer(LayerType::Conv, "block1/conv1", 16, 3, 1, 1), layer(LayerType::Relu, "block1/relu1"),
                         layer(LayerType::Conv, "block1/conv2", 16, 3, 1, 1)}),
                  layer(LayerType::Relu, "relu1"),
                  block("block2",
                        {layer(LayerType::Conv, "block2/expand", 48, 1), layer(LayerType::Relu6, "block2/act1"),
                         grouped("block2/depthwise", 48, 48, 3, 2), layer(LayerType::HardSwish, "block2/act2"),
                         layer(LayerType::Dropout, "block2/drop"), layer(LayerType::Conv, "block2/project", 24, 1)},
                        {layer(LayerType::MaxPool, "block2/pool", 0, 3, 2, 1), grouped("block2/match", 24, 8, 1, 1)}),
                  grouped("depthwise3", 24, 24, 5, 2),
                  layer(LayerType::Relu6, "act3"),
                  layer(LayerType::MaxPool, "pool3", 0, 2, 2),
                  layer(LayerType::Relu6, "act4"),
                  layer(LayerType::GlobalAvgPool, "mean5"),
                  layer(LayerType::HardSwish, "act5"),
                  block("block6", {layer(LayerType::Fc, "block6/fc", 24)}),
                  layer(LayerType::Fc, "fc7", 2)};
    spec.exits = {{"exit1",
                   3,
                   {layer(LayerType::Relu6, "exit1/relu1"), layer(LayerType::GlobalAvgPool, "exit1/mean1"),
                    layer(LayerType::Fc, "exit1/fc1", 2)}},
                  {"exit2", 13, {}}};
    return spec;
}

/// Normally distributed, scaled so that signals neither vanish nor grow through the layers.
inline Weights randomWeights(const NetworkSpec& spec, unsigned seed)
{
    std::mt19937 random(seed);
    Weights weights;
    const auto fill = [&](const std::string& name, base::Shape shape, double deviation) {
        std::normal_distribution<float> distribution(0, static_cast<float>(deviation));
        Parameter parameter{shape, std::vector<float>(base::elementCount(shape))};
        for (auto& value : parameter.values)
            value = distribution(random);
        weights.parameters[name] = std::move(parameter);
    };
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        for (const auto& layer : Path(spec, exit).layers()) {
            for (const auto& one : innerLayers(layer)) {
                const auto shape = weightShape(one.spec, one.input);
                if (shape.empty() || weights.parameters.contains(one.spec.name + ".weight"))
                    continue;
                const auto fanIn = static_cast<double>(base::elementCount(shape)) / shape[0];
                fill(one.spec.name + ".weight", shape, std::sqrt(2 / fanIn));
                fill(one.spec.name + ".bias", {one.spec.outputs}, 0.1);
            }
        }
    }
    return weights;
}

inline base::Tensor randomTensor(int batch, const base::Shape& shape, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution;
    base::Tensor tensor(batch, shape);
    for (auto& value : tensor.values)
        value = distribution(random);
    return tensor;
}

/// Noisy images whose class is whether the left or the right half is brighter.
class HalvesDataSet : public data::DataSet {
public:
    HalvesDataSet(std::size_t size, unsigned seed)
    {
        std::mt19937 random(seed);
        for (std::size_t i = 0; i < size; ++i) {
            m_labels.push_back(static_cast<int>(random() % 2));
            data::Image image{imageSize(), {}};
            for (std::size_t at = 0; at < image.size.byteCount(); ++at) {
                const bool right = at % 8 >= 4;
                image.pixels.push_back(static_cast<std::uint8_t>(random() % 160 + (right == (m_labels.back() == 1) ? 60 : 0)));
            }
            m_images.push_back(std::move(image));
        }
    }

    std::string name() const override { return "halves"; }
    data::ImageSize imageSize() const override { return {3, 8, 8}; }
    const std::vector<std::string>& classNames() const override { return m_classes; }
    std::size_t size() const override { return m_images.size(); }
    int label(std::size_t index) const override { return m_labels[index]; }
    base::Result<data::Image> image(std::size_t index) const override { return m_images[index]; }

private:
    std::vector<std::string> m_classes{"left", "right"};
    std::vector<int> m_labels;
    std::vector<data::Image> m_images;
};

}  // namespace splitscope::model::samples
