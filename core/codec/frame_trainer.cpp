// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_trainer.h"

#include "core/base/random.h"
#include "core/codec/frame_fit_p.h"
#include "core/codec/frame_lanes_p.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

namespace splitscope::codec {

namespace {

constexpr int kBatch = 256;
constexpr int kFirstRowShare = 8;  // of so many steps, one more for first rows
constexpr float kLearningRate = 0.004F;

constexpr std::size_t kWeightCount = sizeof(FrameFit) / sizeof(float);

struct Batch {
    float features[kBatch][kFeatures];
    float guess[kBatch];
    int sample[kBatch];
};

// --- Samples of frames -------------------------------------------------------------------------------------------------

/// Frames in coding order with the pixels around them that BITSTREAMS.md describes.
class PaddedFrame {
public:
    explicit PaddedFrame(const data::Image& image)
        : m_size(image.size), m_stride(static_cast<std::size_t>(kFrameChannels * (image.size.width + 2 * kFrameReach))),
          m_samples(m_stride * static_cast<std::size_t>(image.size.height))
    {
        for (int y = 0; y < m_size.height; ++y)
            for (int x = -kFrameReach; x < m_size.width + kFrameReach; ++x)
                for (int channel = 0; channel < kFrameChannels; ++channel) {
                    const int fromY = x < 0 ? std::max(y - 1, 0) : y;
                    const int fromX = std::clamp(x, 0, m_size.width - 1);
                    const std::size_t from
                        = (std::size_t(kFramePlanes[std::size_t(channel)]) * std::size_t(m_size.height) + std::size_t(fromY))
                            * std::size_t(m_size.width)
                        + std::size_t(fromX);
                    m_samples[std::size_t(y) * m_stride + std::size_t((x + kFrameReach) * kFrameChannels + channel)]
                        = image.pixels[from];
                }
    }

    [[nodiscard]] const data::ImageSize& size() const { return m_size; }

    /// All inputs at a place, less kSampleOffset; returns the place's own samples.
    const std::uint8_t* inputs(int x, int y, float* out) const
    {
        const std::uint8_t* row = m_samples.data() + std::size_t(y) * m_stride + std::size_t(x * kFrameChannels);
        std::fill_n(out, kMaxFrameInputs, 0.0F);
        if (y > 0) {
            const std::uint8_t* above = row - m_stride;
            const std::uint8_t* second = y > 1 ? above - m_stride : above;
            for (int i = 0; i < kRowInputs; ++i) {
                out[i] = static_cast<float>(second[i] - kSampleOffset);
                out[kRowInputs + i] = static_cast<float>(above[i] - kSampleOffset);
            }
        }
        for (int i = 0; i < kLeftInputs; ++i)
            if (y > 0 || x * kFrameChannels + i >= kLeftInputs)
                out[kAboveInputs + i] = static_cast<float>(row[i] - kSampleOffset);
        return row + kLeftInputs;
    }

private:
    data::ImageSize m_size;
    std::size_t m_stride;
    base::Bytes m_samples;
};

/// The first guess of a channel: what lies left, or the mean of left and above.
float guessOf(const float* inputs, int channel, bool firstRow)
{
    const float left = inputs[kLeftPixel + channel];
    return firstRow ? left : 0.5F * (left + inputs[kUpperPixel + channel]);
}

void fillBatch(const std::vector<PaddedFrame>& frames, int channel, bool firstRow, base::Random& random, Batch& batch)
{
    for (int i = 0; i < kBatch; ++i) {
        const PaddedFrame& frame = frames[std::size_t(random.below(int(frames.size())))];
        const int y = firstRow ? 0 : 1 + random.below(frame.size().height - 1);
        float inputs[kMaxFrameInputs];
        const std::uint8_t* samples = frame.inputs(random.below(frame.size().width), y, inputs);
        float guesses[kFrameChannels];
        for (int c = 0; c < kFrameChannels; ++c)
            guesses[c] = guessOf(inputs, c, firstRow);
        float* features = batch.features[i];
        for (int input = 0; input < kPixelInputs; ++input)
            features[input] = (inputs[input] - guesses[input % kFrameChannels]) / kDifferenceUnit;
        for (int c = 0; c < kFrameChannels - 1; ++c)
            features[kPixelInputs + c]
                = c < channel ? (static_cast<float>(samples[c] - kSampleOffset) - guesses[c]) / kDifferenceUnit : 0;
        for (int c = 0; c < kFrameChannels; ++c)
            features[kLevelFeatures + c] = guesses[c] / kLevelUnit;
        batch.guess[i] = guesses[channel] + kSampleOffset;
        batch.sample[i] = samples[channel];
    }
}

// --- What coding costs -------------------------------------------------------------------------------------------------

struct Slope {
    float mean;
    float logScale;
};

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

/// How a sample's cost (in nats) changes, if it follows a logistic distribution and now and then one three times as wide. The
/// least and the greatest sample stand for all beyond.
Slope costSlope(float mean, float logScale, int sample)
{
    constexpr float kShares[] = {0.8F, 0.2F};
    constexpr float kWidths[] = {1, 3};
    constexpr float kFloor = 1.0F / 65536;
    float probability = kFloor;
    Slope slope{0, 0};
    for (int part = 0; part < 2; ++part) {
        const float inverse = std::exp(-logScale) / kWidths[part];
        const float high = (static_cast<float>(sample) + 0.5F - mean) * inverse;
        const float low = (static_cast<float>(sample) - 0.5F - mean) * inverse;
        const float belowHigh = sample == 255 ? 1 : sigmoid(high);
        const float belowLow = sample == 0 ? 0 : sigmoid(low);
        const float densityHigh = belowHigh * (1 - belowHigh);
        const float densityLow = belowLow * (1 - belowLow);
        probability += kShares[part] * (belowHigh - belowLow);
        slope.mean += kShares[part] * (densityHigh - densityLow) * inverse;
        slope.logScale += kShares[part] * (high * densityHigh - low * densityLow);
    }
    return {slope.mean / probability, slope.logScale / probability};
}

// --- Gradient descent --------------------------------------------------------------------------------------------------

/// Adds a batch's gradient.
SPLITSCOPE_INLINE void addGradientBody(const FrameFit& weights, const Batch& batch, FrameFit& gradient)
{
    constexpr float kLowest = static_cast<float>(kLowestLogScale);
    constexpr float kHighest = static_cast<float>(kLowestLogScale + kFrameScales * kLogScaleStep);
    constexpr int kGroup = 4;  // samples that share a pass over the gradient
    static_assert(kBatch % kGroup == 0);
    for (int first = 0; first < kBatch; first += kGroup) {
        LaneSums slopes[kGroup];
        for (int g = 0; g < kGroup; ++g) {
            const float* features = batch.features[first + g];
            LaneSums sums;
            load(sums, weights.bias);
            for (int i = 0; i < kFeatures; ++i)
                addTimes(sums, features[i], weights.inputs[i]);
            alignas(64) float hidden[kFrameLanes];
            store(sums, hidden);
            float mean = 0;
            float logScale = 0;
            for (int lane = 0; lane < kFrameLanes; ++lane) {
                hidden[lane] = lane < kHiddenLanes ? std::max(hidden[lane], 0.0F) : hidden[lane];
                mean += hidden[lane] * weights.mean[lane];
                logScale += hidden[lane] * weights.scale[lane];
            }
            mean = batch.guess[first + g] + kDifferenceUnit * mean;
            Slope slope = costSlope(mean, std::clamp(logScale, kLowest, kHighest), batch.sample[first + g]);
            slope.mean *= kDifferenceUnit;
            alignas(64) float back[kFrameLanes];
            for (int lane = 0; lane < kFrameLanes; ++lane) {
                gradient.mean[lane] += slope.mean * hidden[lane];
                gradient.scale[lane] += slope.logScale * hidden[lane];
                const float all = slope.mean * weights.mean[lane] + slope.logScale * weights.scale[lane];
                back[lane] = lane >= kHiddenLanes || hidden[lane] > 0 ? all : 0;
                gradient.bias[lane] += back[lane];
            }
            load(slopes[g], back);
        }
        for (int i = 0; i < kFeatures; ++i) {
            LaneSums sum;
            load(sum, gradient.inputs[i]);
            for (int g = 0; g < kGroup; ++g) {
                const float feature = batch.features[first + g][i];
                sum.a += feature * slopes[g].a;
                sum.b += feature * slopes[g].b;
                sum.c += feature * slopes[g].c;
                sum.d += feature * slopes[g].d;
            }
            store(sum, gradient.inputs[i]);
        }
    }
}

void addGradientBaseline(const FrameFit& weights, const Batch& batch, FrameFit& gradient)
{
    addGradientBody(weights, batch, gradient);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void addGradientAvx2(const FrameFit& weights, const Batch& batch, FrameFit& gradient)
{
    addGradientBody(weights, batch, gradient);
}
#endif

void addGradient(const FrameFit& weights, const Batch& batch, FrameFit& gradient)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return addGradientAvx2(weights, batch, gradient);
#endif
    addGradientBaseline(weights, batch, gradient);
}

/// Adam (Kingma & Ba) with the usual settings.
class Adam {
public:
    void step(float* values, const float* gradient, float rate)
    {
        m_firstPower *= kFirst;
        m_secondPower *= kSecond;
        const float first = 1 / (1 - m_firstPower);
        const float second = 1 / (1 - m_secondPower);
        for (std::size_t i = 0; i < kWeightCount; ++i) {
            m_first[i] = kFirst * m_first[i] + (1 - kFirst) * gradient[i];
            m_second[i] = kSecond * m_second[i] + (1 - kSecond) * gradient[i] * gradient[i];
            values[i] -= rate * m_first[i] * first / (std::sqrt(m_second[i] * second) + 1e-8F);
        }
    }

private:
    static constexpr float kFirst = 0.9F;
    static constexpr float kSecond = 0.999F;
    float m_firstPower = 1;
    float m_secondPower = 1;
    std::vector<float> m_first = std::vector<float>(kWeightCount);
    std::vector<float> m_second = std::vector<float>(kWeightCount);
};

FrameFit startingFit(base::Random& random)
{
    FrameFit weights{};
    const float spread = std::sqrt(3.0F / kFeatures);
    for (auto& input : weights.inputs)
        for (int lane = 0; lane < kHiddenLanes; ++lane)
            input[lane] = random.between(-spread, spread);
    for (int lane = 0; lane < kHiddenLanes; ++lane) {
        weights.mean[lane] = random.between(-0.08F, 0.08F);
        weights.scale[lane] = random.between(-0.08F, 0.08F);
    }
    weights.bias[kScaleLane] = std::log(6.0F);
    weights.mean[kMeanLane] = 1;
    weights.scale[kScaleLane] = 1;
    return weights;
}

/// Counts the steps of all threads.
class StepCounter {
public:
    StepCounter(double total, const std::stop_token& stop, const FrameTrainingObserver& observer)
        : m_total(total), m_stop(stop), m_observer(observer)
    {
    }

    /// Before each of a network's steps: whether to take it.
    bool goesOn(int step)
    {
        if (m_stop.stop_requested())
            return false;
        if (!m_observer || step % kStepsBetweenReports != 0)
            return true;
        const std::lock_guard lock(m_mutex);
        m_done += step > 0 ? kStepsBetweenReports : 0;
        m_observer(m_done / m_total);
        return true;
    }

private:
    static constexpr int kStepsBetweenReports = 200;

    const double m_total;
    const std::stop_token& m_stop;
    const FrameTrainingObserver& m_observer;
    std::mutex m_mutex;
    double m_done = 0;
};

FrameFit learn(const std::vector<PaddedFrame>& frames, int channel, bool firstRow, int steps, StepCounter& counter)
{
    base::Random random(static_cast<std::uint64_t>(2 * channel + (firstRow ? 1 : 0)));
    FrameFit weights = startingFit(random);
    if (frames.empty())
        return weights;
    Adam adam;
    Batch batch;
    for (int step = 0; step < steps && counter.goesOn(step); ++step) {
        fillBatch(frames, channel, firstRow, random, batch);
        FrameFit gradient{};
        addGradient(weights, batch, gradient);
        for (int lane = kHiddenLanes; lane < kFrameLanes; ++lane)
            gradient.mean[lane] = gradient.scale[lane] = 0;
        float flat[kWeightCount];
        std::memcpy(flat, &gradient, sizeof flat);
        for (float& value : flat)
            value /= kBatch;
        constexpr float kPi = 3.14159265F;
        const float warm = std::min(1.0F, static_cast<float>(step + 1) / 200);
        const float fade = 0.5F * (1 + std::cos(kPi * static_cast<float>(step) / static_cast<float>(steps))) + 0.005F;
        adam.step(reinterpret_cast<float*>(&weights), flat, kLearningRate * warm * fade);
    }
    return weights;
}

}  // namespace

FrameParameters trainFrameNetworks(std::span<const data::Image> frames, int steps, const std::stop_token& stop,
                                   const FrameTrainingObserver& observer)
{
    const std::vector<PaddedFrame> all(frames.begin(), frames.end());
    std::vector<PaddedFrame> higher;  // than their first row
    std::copy_if(all.begin(), all.end(), std::back_inserter(higher), [](const auto& frame) { return frame.size().height > 1; });
    const int firstRowSteps = steps / kFirstRowShare + 1;
    StepCounter counter(kFrameChannels * (double(firstRowSteps) + steps), stop, observer);
    FrameParameters parameters;
    {
        std::vector<std::jthread> threads;
        threads.reserve(kFrameChannels);
        for (int channel = 0; channel < kFrameChannels; ++channel)
            threads.emplace_back([&, channel] {
                const auto at = static_cast<std::size_t>(channel);
                parameters.networks[0][at] = rounded(learn(all, channel, true, firstRowSteps, counter), channel, true);
                parameters.networks[1][at] = rounded(learn(higher, channel, false, steps, counter), channel, false);
            });
    }
    return parameters;
}

}  // namespace splitscope::codec
