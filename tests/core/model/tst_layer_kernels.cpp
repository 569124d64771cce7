// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer_kernels_p.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

#include <algorithm>

using namespace splitscope;
using namespace splitscope::model;

namespace {

std::vector<float> random(std::size_t count, unsigned seed)
{
    return samples::randomTensor(1, {static_cast<int>(count)}, seed).values;
}

std::size_t index(int a, int b, int c, int sizeB, int sizeC) { return static_cast<std::size_t>((a * sizeB + b) * sizeC + c); }

/// {row, column, channel} to {channel, row, column}, by the definition.
std::vector<float> planesOf(const MapSize& size, const std::vector<float>& map)
{
    std::vector<float> planes(map.size());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < size.channels; ++c)
                planes[index(c, y, x, size.height, size.width)] = map[index(y, x, c, size.width, size.channels)];
    return planes;
}

/// What the direct sum gives, in double.
std::vector<float> convolved(const TileRange& sizes, const std::vector<float>& in, const std::vector<float>& weights,
                             const std::vector<float>& bias)
{
    const auto& [kernel, padding, input, output, first, count] = sizes;
    std::vector<float> out(output.count());
    for (int y = 0; y < output.height; ++y)
        for (int x = 0; x < output.width; ++x)
            for (int o = 0; o < output.channels; ++o) {
                double sum = bias[static_cast<std::size_t>(o)];
                for (int k = 0; k < kernel * kernel; ++k) {
                    const int row = y - padding + k / kernel;
                    const int column = x - padding + k % kernel;
                    if (row < 0 || row >= input.height || column < 0 || column >= input.width)
                        continue;
                    for (int i = 0; i < input.channels; ++i)
                        sum += static_cast<double>(in[index(row, column, i, input.width, input.channels)])
                            * weights[index(o, i, k, input.channels, kernel * kernel)];
                }
                out[index(y, x, o, output.width, output.channels)] = static_cast<float>(sum);
            }
    return out;
}

/// The tiles' products with the transformed weights, one place in the tile after the other.
std::vector<float> multiplied(const TileRange& tiles, const std::vector<float>& in, const std::vector<float>& weights)
{
    const int inputs = tiles.input.channels;
    const int outputs = tiles.output.channels;
    const int places = tileSide(tiles.kernel) * tileSide(tiles.kernel);
    std::vector<float> out(static_cast<std::size_t>(places * tiles.count * outputs));
    for (int place = 0; place < places; ++place)
        for (int t = 0; t < tiles.count; ++t)
            for (int o = 0; o < outputs; ++o) {
                float sum = 0;
                for (int i = 0; i < inputs; ++i)
                    sum += in[index(place, t, i, tiles.count, inputs)] * weights[index(place, i, o, inputs, outputs)];
                out[index(place, t, o, tiles.count, outputs)] = sum;
            }
    return out;
}

}  // namespace

class TestLayerKernels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void transposingExchangesRowsAndColumns_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("gap");
        for (const auto& [rows, columns, gap] :
             {std::tuple{16, 16, 0}, {32, 48, 0}, {3, 50, 0}, {3, 64, 5}, {1, 7, 0}, {40, 33, 3}, {5, 5, 1}})
            QTest::addRow("%d x %d, %d apart", rows, columns, gap) << rows << columns << gap;
    }
    void transposingExchangesRowsAndColumns()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, gap);
        const int inStride = columns + gap;
        const int outStride = rows + gap;
        const auto in = random(static_cast<std::size_t>(rows * inStride), 1);
        for (const auto& kernels : availableLayerKernels()) {
            std::vector<float> out(static_cast<std::size_t>(columns * outStride), 99);
            kernels.transpose(in.data(), inStride, out.data(), outStride, rows, columns);
            for (int c = 0; c < columns; ++c)
                for (int r = 0; r < outStride; ++r)
                    QCOMPARE(out[static_cast<std::size_t>(c * outStride + r)],
                             r < rows ? in[static_cast<std::size_t>(r * inStride + c)] : 99);
        }
    }

    void poolingPlanesEqualsPoolingMaps_data()
    {
        QTest::addColumn<QList<int>>("input");  // height, width, channels
        QTest::addColumn<QList<int>>("window");  // kernel, stride, padding
        QTest::addColumn<bool>("ceil");
        QTest::newRow("halving") << QList<int>{8, 6, 20} << QList<int>{2, 2, 0} << false;
        QTest::newRow("halving, odd width") << QList<int>{8, 7, 3} << QList<int>{2, 2, 0} << false;
        QTest::newRow("overlapping, rounded up") << QList<int>{32, 32, 16} << QList<int>{3, 2, 0} << true;
        QTest::newRow("overlapping") << QList<int>{31, 31, 5} << QList<int>{3, 2, 0} << false;
        QTest::newRow("padded, stride 3") << QList<int>{11, 13, 17} << QList<int>{4, 3, 2} << true;
        QTest::newRow("every pixel") << QList<int>{5, 5, 16} << QList<int>{3, 1, 1} << false;
    }
    void poolingPlanesEqualsPoolingMaps()
    {
        QFETCH(QList<int>, input);
        QFETCH(QList<int>, window);
        QFETCH(bool, ceil);
        auto layer = samples::layer(LayerType::MaxPool, "pool", 0, window[0], window[1], window[2]);
        layer.ceilMode = ceil;
        const auto shape = *outputShape(layer, {input[2], input[0], input[1]});
        const MapSize in{input[0], input[1], input[2]};
        const MapSize out{shape[1], shape[2], shape[0]};
        const auto map = random(in.count(), 2);
        for (const auto& kernels : availableLayerKernels())
            for (const bool rectified : {false, true}) {
                std::vector<float> pooled(out.count());
                std::vector<float> planes(out.count());
                std::vector<float> work(poolWork(layer, in, out));
                kernels.maxPool(layer, map.data(), in, pooled.data(), out, rectified);
                kernels.maxPoolPlanes(layer, planesOf(in, map).data(), in, planes.data(), out, rectified, work.data());
                QCOMPARE(planes, planesOf(out, pooled));
                QCOMPARE(*std::min_element(planes.begin(), planes.end()) >= 0, rectified);
            }
    }

    void tilesGiveTheConvolution_data()
    {
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("padding");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        for (const int kernel : {3, 5})
            for (const int padding : {0, 1, 2, 4})
                for (const auto& [height, width] : {std::pair{8, 8}, {7, 5}, {6, 9}})
                    QTest::addRow("%d, padded by %d, %d x %d", kernel, padding, height, width)
                        << kernel << padding << height << width;
    }
    void tilesGiveTheConvolution()
    {
        QFETCH(int, kernel);
        QFETCH(int, padding);
        QFETCH(int, height);
        QFETCH(int, width);
        const MapSize input{height, width, 16};
        const MapSize output{height + 2 * padding - kernel + 1, width + 2 * padding - kernel + 1, 32};
        TileRange tiles{kernel, padding, input, output, 0, 0};
        const auto maps = random(2 * input.count(), 3);
        const auto weights = random(static_cast<std::size_t>(32 * 16 * kernel * kernel), 4);
        const auto bias = random(32, 5);
        const auto transformed = tileWeights(kernel, 16, 32, weights);
        for (const auto& kernels : availableLayerKernels()) {
            std::vector<float> out(2 * output.count());
            const int all = 2 * tileCount(output);
            for (tiles.first = 0; tiles.first < all; tiles.first += tiles.count) {  // in parts that cross from map to map
                tiles.count = std::min(7, all - tiles.first);
                std::vector<float> in(static_cast<std::size_t>(tileSide(kernel) * tileSide(kernel) * tiles.count * 16));
                kernels.tilesIn(tiles, maps.data(), in.data());
                kernels.tilesOut(tiles, multiplied(tiles, in, transformed).data(), bias.data(), out.data(), false);
            }
            for (std::size_t map = 0; map < 2; ++map) {
                const auto* first = maps.data() + map * input.count();
                const auto expected = convolved(tiles, std::vector<float>(first, first + input.count()), weights, bias);
                for (std::size_t i = 0; i < expected.size(); ++i)
                    QVERIFY(std::abs(out[map * output.count() + i] - expected[i]) < 2e-4F);
            }
        }
    }

    void activationsAndMeansAreThoseOfTheirDefinitions()
    {
        const MapSize size{3, 5, 21};
        auto map = random(size.count(), 6);
        for (auto& x : map)
            x *= 4;  // so that both ends of relu6 are reached
        const auto added = random(size.count(), 7);
        const auto expected = [](Activation activation, double x) {
            switch (activation) {
            case Activation::None: return x;
            case Activation::Relu: return std::max(0.0, x);
            case Activation::Relu6: return std::clamp(x, 0.0, 6.0);
            case Activation::HardSwish: return x * std::clamp(x + 3, 0.0, 6.0) / 6;
            }
            return x;
        };
        for (const auto& kernels : availableLayerKernels()) {
            for (const auto activation : {Activation::None, Activation::Relu, Activation::Relu6, Activation::HardSwish}) {
                std::vector<float> alone(map.size()), sum = map;
                kernels.activate(activation, map.data(), nullptr, alone.data(), alone.size());
                kernels.activate(activation, sum.data(), added.data(), sum.data(), sum.size());  // in place
                for (std::size_t i = 0; i < map.size(); ++i) {
                    QVERIFY(std::abs(alone[i] - expected(activation, map[i])) < 1e-5);
                    QVERIFY(std::abs(sum[i] - expected(activation, static_cast<double>(map[i]) + added[i])) < 1e-5);
                }
            }
            std::vector<float> means(21);
            kernels.average(map.data(), size, means.data());
            for (std::size_t c = 0; c < means.size(); ++c) {
                double mean = 0;
                for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel)
                    mean += map[pixel * 21 + c] / 15.0;
                QVERIFY(std::abs(means[c] - mean) < 1e-5);
            }
        }
    }

    void everyInstructionSetGivesTheSameBits()
    {
        auto norm = samples::layer(LayerType::Lrn, "norm");
        norm.size = 3;
        norm.alpha = 0.3;
        norm.beta = 0.75;
        norm.k = 2;
        const MapSize size{6, 6, 48};
        const auto map = random(size.count(), 8);
        std::vector<std::vector<float>> results;
        for (const auto& kernels : availableLayerKernels()) {
            std::vector<float> normalised(size.count());
            std::vector<float> work(51);
            kernels.normalise(norm, map.data(), normalised.data(), size, work.data());
            const TileRange tiles{5, 2, size, size, 0, 9};
            std::vector<float> in(36 * 9 * 48);
            std::vector<float> out(size.count());
            kernels.tilesIn(tiles, normalised.data(), in.data());
            kernels.tilesOut(tiles, in.data(), map.data(), out.data(), true);
            kernels.activate(Activation::HardSwish, out.data(), map.data(), out.data(), out.size());
            out.resize(out.size() + 48);
            kernels.average(out.data(), size, out.data() + size.count());
            results.push_back(std::move(out));
        }
        for (const auto& result : results)
            QCOMPARE(result, results.front());
    }
};

QTEST_APPLESS_MAIN(TestLayerKernels)
#include "tst_layer_kernels.moc"
