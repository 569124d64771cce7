// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_kernels.h"

#include "core/codec/frame_lanes_p.h"

#include <algorithm>

namespace splitscope::codec {

namespace {

/// What the two rows above say, for all pixels of a row: nothing there waits for a pixel to be decoded.
template <typename Sums>
SPLITSCOPE_INLINE void sumRowsAbove(const FrameWeights& weights, const float* second, const float* first, int width,
                                    FrameScratch::Sums* out)
{
    for (int x = 0; x < width; x += 2) {
        const bool pair = x + 1 < width;
        const float* inputs[2] = {second + kFrameChannels * x, first + kFrameChannels * x};
        for (int channel = 0; channel < kFrameChannels; ++channel) {
            const int lane = channel * kFrameLanes;
            Sums left;
            load(left, weights.bias + lane);
            Sums right = left;  // two pixels at a time share the loads of weights
            for (int row = 0; row < 2; ++row)
                for (int i = 0; i < kRowInputs; ++i) {
                    const float* of = weights.inputs[row * kRowInputs + i] + lane;
                    addTimes(left, inputs[row][i], of);
                    addTimes(right, inputs[row][i + kFrameChannels], of);
                }
            store(left, out[x].lanes + lane);
            if (pair)
                store(right, out[x + 1].lanes + lane);
        }
    }
}

SPLITSCOPE_INLINE void activate(const Reals& sum, Integers& hidden)
{
    const Integers none = {};
    const Integers most = none + kMaxHidden;
    hidden = __builtin_convertvector(sum, Integers) >> kHiddenShift;
    hidden = hidden > none ? hidden : none;
    hidden = hidden < most ? hidden : most;
}

/// The sum of all lanes of `means` in lane 0, of `scales` in lane 4.
SPLITSCOPE_INLINE void addAcross(const Integers& means, const Integers& scales, Integers& sums)
{
    const Integers lower = __builtin_shufflevector(means, scales, 0, 1, 2, 3, 8, 9, 10, 11);
    const Integers upper = __builtin_shufflevector(means, scales, 4, 5, 6, 7, 12, 13, 14, 15);
    sums = lower + upper;
    sums += __builtin_shufflevector(sums, sums, 2, 3, 0, 1, 6, 7, 4, 5);
    sums += __builtin_shufflevector(sums, sums, 1, 0, 3, 2, 5, 4, 7, 6);
}

SPLITSCOPE_INLINE FramePrediction predictionOf(const LaneSums& sums, const std::int32_t* meanFactors,
                                               const std::int32_t* scaleFactors)
{
    Integers hidden[4];
    activate(sums.a, hidden[0]);
    activate(sums.b, hidden[1]);
    activate(sums.c, hidden[2]);
    activate(sums.d, hidden[3]);
    const auto* m = reinterpret_cast<const Integers*>(meanFactors);
    const auto* s = reinterpret_cast<const Integers*>(scaleFactors);
    const Integers means = (hidden[0] * m[0] + hidden[1] * m[1]) + (hidden[2] * m[2] + hidden[3] * m[3]);
    const Integers scales = (hidden[0] * s[0] + hidden[1] * s[1]) + (hidden[2] * s[2] + hidden[3] * s[3]);
    const Integers linear = __builtin_convertvector(sums.d, Integers) * kLinearFactor;
    Integers totals;
    addAcross(means, scales, totals);
    const std::int32_t mean = linear[kMeanLane % kVectorLanes] + totals[0];
    const std::int32_t scale = linear[kScaleLane % kVectorLanes] + totals[kVectorLanes / 2];
    const std::int32_t steps = ((mean + (1 << (kMeanShift - 1))) >> kMeanShift) + kSampleOffset * kStepsPerLevel;
    return {static_cast<std::int16_t>(std::clamp(steps, -kMeanMargin, 255 * kStepsPerLevel + kMeanMargin)),
            static_cast<std::uint16_t>(std::clamp(scale >> kMeanBits, 0, kFrameScales - 1))};
}

/// Three rows of samples less kSampleOffset in coding order, with kFrameReach pixels more on either side.
class Rows {
public:
    SPLITSCOPE_INLINE Rows(FrameScratch& scratch, int width) : m_width(width), m_length(rowLength(width))
    {
        std::fill(scratch.rows.begin(), scratch.rows.end(), 0.0F);
        for (int i = 0; i < 3; ++i)
            m_rows[i] = scratch.rows.data() + static_cast<std::size_t>(i) * m_length;
    }
    static std::size_t rowLength(int width)
    {
        return static_cast<std::size_t>(kFrameChannels) * (static_cast<std::size_t>(width) + 2 * kFrameReach + 1);
    }

    /// At pixel −kFrameReach.
    [[nodiscard]] SPLITSCOPE_INLINE float* current() const { return m_rows[2]; }
    [[nodiscard]] SPLITSCOPE_INLINE const float* above() const { return m_rows[1]; }
    [[nodiscard]] SPLITSCOPE_INLINE const float* secondAbove() const { return m_rows[0]; }

    /// The current row is full.
    SPLITSCOPE_INLINE void next(bool first)
    {
        float* row = current();
        const float* firstPixel = row + kFrameReach * kFrameChannels;
        const float* lastPixel = firstPixel + (m_width - 1) * kFrameChannels;
        for (int i = 0; i < kFrameReach * kFrameChannels; ++i) {
            if (first)
                row[i] = firstPixel[i % kFrameChannels];
            row[kFrameReach * kFrameChannels + m_width * kFrameChannels + i] = lastPixel[i % kFrameChannels];
        }
        std::rotate(m_rows, m_rows + 1, m_rows + 3);
        if (first)
            std::copy_n(m_rows[1], m_length, m_rows[0]);
        for (int i = 0; i < kFrameReach * kFrameChannels; ++i)
            current()[i] = m_rows[1][kFrameReach * kFrameChannels + i % kFrameChannels];
    }

private:
    int m_width;
    std::size_t m_length;
    float* m_rows[3];
};

/// Visits all samples in coding order. `sample(channel, pixel, prediction)` says what the sample is.
template <typename RowSums, typename Sample>
SPLITSCOPE_INLINE void forEachSample(const FrameTables& tables, const data::ImageSize& size, FrameScratch& scratch,
                                     const Sample& sample)
{
    Rows rows(scratch, size.width);
    std::size_t pixel = 0;
    for (int y = 0; y < size.height; ++y) {
        const FrameWeights& weights = tables.weights[y == 0 ? 0 : 1];
        sumRowsAbove<RowSums>(weights, rows.secondAbove(), rows.above(), size.width, scratch.sums.data());
        float* left = rows.current();
        for (int x = 0; x < size.width; ++x, ++pixel, left += kFrameChannels) {
            LaneSums sums[kFrameChannels];
            for (int channel = 0; channel < kFrameChannels; ++channel) {
                load(sums[channel], scratch.sums[static_cast<std::size_t>(x)].lanes + channel * kFrameLanes);
                for (int i = 0; i < kLeftInputs; ++i)
                    addTimes(sums[channel], left[i], weights.inputs[kAboveInputs + i] + channel * kFrameLanes);
            }
            for (int channel = 0; channel < kFrameChannels; ++channel) {
                const int lane = channel * kFrameLanes;
                const FramePrediction prediction = predictionOf(sums[channel], weights.mean + lane, weights.scale + lane);
                const auto value = static_cast<float>(sample(channel, pixel, prediction) - kSampleOffset);
                left[kLeftInputs + channel] = value;
                for (int later = channel + 1; later < kFrameChannels; ++later)
                    addTimes(sums[later], value, weights.inputs[kPixelInputs + channel] + later * kFrameLanes);
            }
        }
        rows.next(y == 0);
    }
}

template <typename RowSums>
SPLITSCOPE_INLINE void predictBody(const FrameTables& tables, const data::Image& image, FrameScratch& scratch,
                                   FramePrediction* out)
{
    const std::size_t pixels = image.pixels.size() / kFrameChannels;
    const std::uint8_t* planes[kFrameChannels];
    for (std::size_t channel = 0; channel < kFrameChannels; ++channel)
        planes[channel] = image.pixels.data() + static_cast<std::size_t>(kFramePlanes[channel]) * pixels;
    const auto note = [&](int channel, std::size_t pixel, FramePrediction prediction) __attribute__((always_inline))
    {
        *out++ = prediction;
        return int{planes[channel][pixel]};
    };
    forEachSample<RowSums>(tables, image.size, scratch, note);
}

struct Interval {
    int sample;
    std::uint32_t start;
    std::uint32_t end;
};

/// The sample whose parts hold `slot`.
SPLITSCOPE_INLINE Interval intervalAt(const ScaleCdf& cdf, int mean, std::uint32_t slot)
{
    const int expected = std::clamp(mean / kStepsPerLevel, 0, 255);
    const int shared = std::max(static_cast<int>(slot) - expected, 0);
    int sample = std::clamp((cdf.guess[shared >> 8] + mean + kStepsPerLevel / 2) / kStepsPerLevel, 0, 255);
    const int next = std::min(sample + 1, 255);
    sample = partsBelow(cdf, mean, next) <= slot ? next : sample;  // a coin's toss: no branch
    Interval found{sample, partsBelow(cdf, mean, sample), partsBelow(cdf, mean, sample + 1)};
    for (; found.start > slot; found.start = partsBelow(cdf, mean, found.sample))
        found.end = found.start, --found.sample;
    for (; found.end <= slot; found.end = partsBelow(cdf, mean, found.sample + 1))
        found.start = found.end, ++found.sample;
    return found;
}

template <typename RowSums>
SPLITSCOPE_INLINE void decodeBody(const FrameTables& tables, RansDecoder& decoder, FrameScratch& scratch, data::Image& image)
{
    const std::size_t pixels = image.pixels.size() / kFrameChannels;
    std::uint8_t* planes[kFrameChannels];
    for (std::size_t channel = 0; channel < kFrameChannels; ++channel)
        planes[channel] = image.pixels.data() + static_cast<std::size_t>(kFramePlanes[channel]) * pixels;
    RansDecoder state = decoder;  // a copy stays in registers
    const auto take = [&](int channel, std::size_t pixel, FramePrediction prediction) __attribute__((always_inline))
    {
        const Interval interval = intervalAt(tables.cdfs[prediction.scale], prediction.mean, state.fineSlot());
        state.takeFine(interval.start, interval.end - interval.start);
        planes[channel][pixel] = static_cast<std::uint8_t>(interval.sample);
        return interval.sample;
    };
    forEachSample<RowSums>(tables, image.size, scratch, take);
    decoder = state;
}

// --- Instruction sets --------------------------------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses)
#define SPLITSCOPE_KERNELS(NAME, SUMS, TARGET)                                                                                   \
    struct NAME {                                                                                                                \
        TARGET static void predict(const FrameTables& tables, const data::Image& image, FrameScratch& scratch,                   \
                                   FramePrediction* out)                                                                         \
        {                                                                                                                        \
            predictBody<SUMS>(tables, image, scratch, out);                                                                      \
        }                                                                                                                        \
        TARGET static void decode(const FrameTables& tables, RansDecoder& decoder, FrameScratch& scratch, data::Image& image)    \
        {                                                                                                                        \
            decodeBody<SUMS>(tables, decoder, scratch, image);                                                                   \
        }                                                                                                                        \
        static constexpr FrameKernels table() { return {predict, decode}; }                                                      \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, LaneSums, )
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, LaneSums, [[gnu::target("avx2,fma,bmi2")]])
SPLITSCOPE_KERNELS(Avx512, WideLaneSums, [[gnu::target("avx2,fma,bmi2,avx512f,avx512vl,avx512dq,avx512bw")]])
#endif

}  // namespace

void FrameScratch::prepare(const data::ImageSize& size)
{
    rows.resize(3 * Rows::rowLength(size.width));
    sums.resize(static_cast<std::size_t>(size.width));
}

std::vector<FrameKernels> availableFrameKernels()
{
    std::vector<FrameKernels> result;
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw"))
        result.push_back(Avx512::table());
    if (avx2)
        result.push_back(Avx2::table());
#endif
    result.push_back(Baseline::table());
    return result;
}

const FrameKernels& frameKernels()
{
    static const FrameKernels kernels = availableFrameKernels().front();
    return kernels;
}

}  // namespace splitscope::codec
