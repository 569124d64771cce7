// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the instruction set, predictions are those that BITSTREAMS.md describes, computed here word by word.
#include "core/codec/frame_kernels.h"

#include "tests/core/codec/frame_samples.h"

#include <QTest>

#include <numeric>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

/// A sample less 128, in coding order of channels.
int sampleAt(const data::Image& image, int channel, int y, int x)
{
    const int plane = kFramePlanes[static_cast<std::size_t>(channel)];
    return image.pixels[static_cast<std::size_t>((plane * image.size.height + y) * image.size.width + x)] - 128;
}

/// Of row y or one above it, seen from row y, with what stands for pixels outside.
int inputAt(const data::Image& image, int channel, int y, int up, int x)
{
    if (y == 0 && (up > 0 || x < 0))
        return 0;
    const int row = std::max(y - up, 0);
    if (x < 0)
        return sampleAt(image, channel, std::max(row - 1, 0), 0);
    return sampleAt(image, channel, row, std::min(x, image.size.width - 1));
}

std::vector<std::int64_t> inputsOf(const data::Image& image, int channel, int y, int x)
{
    std::vector<std::int64_t> inputs;
    for (const int up : {2, 1, 0})
        for (int dx = -2; dx <= (up > 0 ? 2 : -1); ++dx)
            for (int c = 0; c < 3; ++c)
                inputs.push_back(inputAt(image, c, y, up, x + dx));
    for (int c = 0; c < channel; ++c)
        inputs.push_back(sampleAt(image, c, y, x));
    return inputs;
}

FramePrediction specified(const FrameParameters& parameters, const data::Image& image, int channel, int y, int x)
{
    const FrameNetwork& network = parameters.networks[y == 0 ? 0 : 1][static_cast<std::size_t>(channel)];
    const auto inputs = inputsOf(image, channel, y, x);
    std::array<std::int64_t, 32> sums{};
    for (std::size_t lane = 0; lane < 32; ++lane) {
        sums[lane] = network.bias[lane];
        for (std::size_t i = 0; i < inputs.size(); ++i)
            sums[lane] += inputs[i] * network.weights[i][lane];
    }
    std::int64_t mean = 16 * sums[30];
    std::int64_t scale = 16 * sums[31];
    for (std::size_t j = 0; j < 30; ++j) {
        const std::int64_t hidden = std::clamp<std::int64_t>(sums[j] >> 8, 0, 32767);
        mean += hidden * network.mean[j];
        scale += hidden * network.scale[j];
    }
    return {static_cast<std::int16_t>(std::clamp<std::int64_t>(((mean + 4096) >> 13) + 1024, -256, 2296)),
            static_cast<std::uint16_t>(std::clamp<std::int64_t>(scale >> 16, 0, 39))};
}

/// Weights as large as they may be: sums reach the ends of what floats hold exactly.
FrameParameters extremeParameters()
{
    FrameParameters parameters = wildParameters(4);
    for (auto& row : parameters.networks)
        for (std::size_t channel = 0; channel < kFrameChannels; ++channel)
            for (std::size_t lane = 0; lane < kFrameLanes; ++lane) {
                const int inputs = frameInputs(static_cast<int>(channel));
                const int weight = static_cast<int>((kMaxLaneSum - 1001) / 128 / inputs);
                for (int i = 0; i < inputs; ++i)
                    row[channel].weights[static_cast<std::size_t>(i)][lane]
                        = static_cast<std::int16_t>((static_cast<std::size_t>(i) + lane) % 3 == 0 ? -weight : weight);
                row[channel].bias[lane] = lane % 2 == 0 ? 1001 : -999;
            }
    return parameters;
}

}  // namespace

class TestFrameKernels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void allKernelsPredictAsSpecified_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("one pixel") << 1 << 1;
        QTest::newRow("one column") << 7 << 1;
        QTest::newRow("two columns") << 4 << 2;
        QTest::newRow("odd") << 5 << 13;
        QTest::newRow("even") << 6 << 16;
    }
    void allKernelsPredictAsSpecified()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        const FrameParameters models[] = {exampleParameters(), wildParameters(2), wildParameters(3, 40), extremeParameters()};
        const data::Image images[] = {smoothFrame(height, width, 20), noiseFrame(height, width),
                                      constantFrame(height, width, 255), constantFrame(height, width, 0)};
        for (const FrameParameters& parameters : models) {
            QVERIFY(checkFrameParameters(parameters, "test").ok());
            const auto tables = std::make_unique<FrameTables>(parameters);
            for (const FrameKernels& kernels : availableFrameKernels())
                for (const data::Image& image : images) {
                    FrameScratch scratch;
                    scratch.prepare(image.size);
                    std::vector<FramePrediction> predictions(image.pixels.size());
                    kernels.predict(*tables, image, scratch, predictions.data());
                    for (std::size_t i = 0; i < predictions.size(); ++i) {
                        const int pixel = static_cast<int>(i / 3);
                        const auto expected = specified(parameters, image, static_cast<int>(i % 3), pixel / width, pixel % width);
                        QCOMPARE(int{predictions[i].mean}, int{expected.mean});
                        QCOMPARE(int{predictions[i].scale}, int{expected.scale});
                    }
                }
        }
    }

    void allKernelsDecodeTheSame()
    {
        const auto tables = std::make_unique<FrameTables>(wildParameters(6, 60));
        const data::Image image = noiseFrame(15, 21);  // as a record: any bytes decode to something
        std::vector<data::Image> decoded;
        for (const FrameKernels& kernels : availableFrameKernels()) {
            FrameScratch scratch;
            data::Image out{{3, 11, 17}, base::Bytes(3 * 11 * 17)};
            scratch.prepare(out.size);
            RansDecoder decoder(image.pixels);
            kernels.decode(*tables, decoder, scratch, out);
            decoded.push_back(out);
        }
        for (const data::Image& other : decoded)
            QCOMPARE(other.pixels, decoded.front().pixels);
    }

    void everySampleHasAPart()
    {
        const auto tables = std::make_unique<FrameTables>(wildParameters(8));
        for (const ScaleCdf& cdf : tables->cdfs)
            for (int mean = -kMeanMargin; mean <= 255 * kStepsPerLevel + kMeanMargin; mean += 37) {
                const std::uint16_t* at = cdfAt(cdf, mean);
                QCOMPARE(partsBelow(at, 0), 0U);
                QCOMPARE(partsBelow(at, 256), 65536U);
                for (int sample = 0; sample < 256; ++sample)
                    QVERIFY(partsBelow(at, sample) < partsBelow(at, sample + 1));
            }
    }

    void distributionsRunThroughTheirKnots()
    {
        const auto& steps = shapeKnotSteps();
        QVERIFY(std::is_sorted(steps.begin(), steps.end()));
        QCOMPARE(steps[7], 8);
        QCOMPARE(steps[8], 10);
        QCOMPARE(steps[12], 20);
        QCOMPARE(steps[39], 2048);
        const FrameParameters parameters = wildParameters(9);
        const auto tables = std::make_unique<FrameTables>(parameters);
        for (std::size_t scale = 0; scale < kFrameScales; ++scale)
            for (std::size_t knot = 0; knot < kShapeKnots; ++knot)
                for (const int sign : {-1, 1}) {
                    // A mean and a value whose lower end, 8 · value − 4, lies so many steps from it.
                    const int middle = sign > 0 ? 8 : 247;
                    const int value = std::clamp(middle + sign * steps[knot] / 8, 1, 255);
                    const int mean = 8 * value - 4 - sign * steps[knot];
                    if (mean < -kMeanMargin || mean > 255 * kStepsPerLevel + kMeanMargin)
                        continue;  // further away than a value can be
                    QCOMPARE(static_cast<int>(partsBelow(cdfAt(tables->cdfs[scale], mean), value)),
                             value + 32640 + sign * parameters.shapes[scale][knot]);
                }
    }
};

QTEST_APPLESS_MAIN(TestFrameKernels)
#include "tst_frame_kernels.moc"
