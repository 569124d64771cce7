// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_kernels.h"

#include "core/codec/frame_arithmetic_p.h"
#include "core/codec/frame_rows_p.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace splitscope::codec {

namespace {

/// A network's sums.
template <typename Arithmetic>
struct Sums {
    static constexpr int kLanes = sizeof(typename Arithmetic::Sum) / 4;
    static constexpr int kVectors = kFrameLanes / kLanes;

    SPLITSCOPE_INLINE void load(const void* from)
    {
        repeat<kVectors>([&](auto i) SPLITSCOPE_INLINED { vectors[i] = static_cast<const typename Arithmetic::Sum*>(from)[i]; });
    }
    SPLITSCOPE_INLINE void store(void* to) const
    {
        repeat<kVectors>([&](auto i) SPLITSCOPE_INLINED { static_cast<typename Arithmetic::Sum*>(to)[i] = vectors[i]; });
    }
    SPLITSCOPE_INLINE void add(const typename Arithmetic::Pair& inputs, const FrameWeights& weights, int pair, int channel)
    {
        repeat<kVectors>([&](auto i) SPLITSCOPE_INLINED {
            Arithmetic::add(vectors[i], inputs, weights, pair, channel * kFrameLanes + i * kLanes);
        });
    }

    typename Arithmetic::Sum vectors[kVectors];
};

/// What the two rows above say of one channel of so many pixels side by side, which share the loads of weights.
template <typename A, int pixels>
SPLITSCOPE_INLINE void sumAbove(const FrameWeights& weights, const typename A::Value* second, const typename A::Value* first,
                                int channel, Sums<A>* sums)
{
    repeat<pixels>([&](auto i) SPLITSCOPE_INLINED { sums[i].load(A::bias(weights, channel * kFrameLanes)); });
    for (int pair = 0; pair < 2 * kRowPairs; ++pair) {
        const typename A::Value* inputs = pair < kRowPairs ? second + 2 * pair : first + 2 * (pair - kRowPairs);
        repeat<pixels>([&](auto i)
                           SPLITSCOPE_INLINED { sums[i].add(A::pairAt(inputs + kFrameChannels * i), weights, pair, channel); });
    }
}

/// The same of all pixels of a row.
template <typename A>
SPLITSCOPE_INLINE void sumRowsAbove(const FrameWeights& weights, const typename A::Value* second, const typename A::Value* first,
                                    int width, FrameScratch::Sums* out)
{
    static_assert(A::kPixelsTogether <= kMostTogether);
    for (int x = 0; x < width; x += A::kPixelsTogether)
        for (int channel = 0; channel < kFrameChannels; ++channel) {
            Sums<A> sums[A::kPixelsTogether];
            sumAbove<A, A::kPixelsTogether>(weights, second + kFrameChannels * x, first + kFrameChannels * x, channel, sums);
            repeat<A::kPixelsTogether>([&](auto i)
                                           SPLITSCOPE_INLINED { sums[i].store(out[x + i].lanes + channel * kFrameLanes); });
        }
}

template <typename Whole>
SPLITSCOPE_INLINE void activate(Whole& sum)
{
    const Whole none = {};
    const Whole most = none + kMaxHidden;
    sum >>= kHiddenShift;
    sum = sum > none ? sum : none;
    sum = sum > most ? most : sum;
}

SPLITSCOPE_INLINE void narrow(const WideIntegers& wide, Integers& sums)
{
    sums = __builtin_shufflevector(wide, wide, 0, 1, 2, 3, 4, 5, 6, 7)
        + __builtin_shufflevector(wide, wide, 8, 9, 10, 11, 12, 13, 14, 15);
}
SPLITSCOPE_INLINE void narrow(const Integers& as, Integers& sums) { sums = as; }

/// The sum of all lanes of `means` in lane 0, of `scales` in lane 4.
SPLITSCOPE_INLINE void addAcross(const Integers& means, const Integers& scales, Integers& sums)
{
    const Integers lower = __builtin_shufflevector(means, scales, 0, 1, 2, 3, 8, 9, 10, 11);
    const Integers upper = __builtin_shufflevector(means, scales, 4, 5, 6, 7, 12, 13, 14, 15);
    sums = lower + upper;
    sums += __builtin_shufflevector(sums, sums, 2, 3, 0, 1, 6, 7, 4, 5);
    sums += __builtin_shufflevector(sums, sums, 1, 0, 3, 2, 5, 4, 7, 6);
}

template <typename A>
SPLITSCOPE_INLINE FramePrediction predictionOf(const Sums<A>& sums, const std::int32_t* meanFactors,
                                               const std::int32_t* scaleFactors)
{
    using Whole = typename A::Whole;
    constexpr int kVectors = Sums<A>::kVectors;
    Whole last;
    A::toWhole(sums.vectors[kVectors - 1], last);
    Whole means = {};
    Whole scales = {};
    repeat<kVectors>([&](auto i) SPLITSCOPE_INLINED {
        Whole hidden;
        A::toWhole(sums.vectors[i], hidden);
        activate(hidden);
        Whole product;
        A::multiply(hidden, reinterpret_cast<const Whole*>(meanFactors)[i], product);
        means += product;
        A::multiply(hidden, reinterpret_cast<const Whole*>(scaleFactors)[i], product);
        scales += product;
    });
    Integers narrowMeans;
    Integers narrowScales;
    Integers totals;
    narrow(means, narrowMeans);
    narrow(scales, narrowScales);
    addAcross(narrowMeans, narrowScales, totals);
    const std::int32_t mean = last[kMeanLane % Sums<A>::kLanes] * kLinearFactor + totals[0];
    const std::int32_t scale = last[kScaleLane % Sums<A>::kLanes] * kLinearFactor + totals[kVectorLanes / 2];
    const std::int32_t steps = ((mean + (1 << (kMeanShift - 1))) >> kMeanShift) + kSampleOffset * kStepsPerLevel;
    return {static_cast<std::int16_t>(std::clamp(steps, -kMeanMargin, 255 * kStepsPerLevel + kMeanMargin)),
            static_cast<std::uint16_t>(std::clamp(scale >> kMeanBits, 0, kFrameScales - 1))};
}

/// The pairs of the two pixels to the left. Kept here: in memory they are written one by one, and pairs of such would wait.
template <typename A>
class LeftPairs {
public:
    SPLITSCOPE_INLINE explicit LeftPairs(const typename A::Value* inputs)
    {
        repeat<kLeftInputs>([&](auto i) SPLITSCOPE_INLINED { m_samples[i] = static_cast<int>(inputs[i]); });
    }
    SPLITSCOPE_INLINE void addTo(Sums<A>& sums, const FrameWeights& weights, int channel) const
    {
        repeat<kLeftPairs>([&](auto i) SPLITSCOPE_INLINED {
            sums.add(A::pairOf(m_samples[2 * i], m_samples[2 * i + 1]), weights, 2 * kRowPairs + i, channel);
        });
    }
    SPLITSCOPE_INLINE void shift(const int* pixel)
    {
        repeat<kFrameChannels>([&](auto i) SPLITSCOPE_INLINED {
            m_samples[i] = m_samples[kFrameChannels + i];
            m_samples[kFrameChannels + i] = pixel[i];
        });
    }

private:
    int m_samples[kLeftInputs];
};

enum class Known { AllSamples, UpToHere };

/// Visits all samples in coding order. `sample(channel, pixel, prediction)` says what the sample is. Where that waits for what
/// came before, the next pixel's sums over the rows above fill the time.
template <typename A, Known known, typename Sample>
SPLITSCOPE_INLINE void forEachSample(const FrameTables& tables, const data::ImageSize& size, FrameScratch& scratch,
                                     const Sample& sample)
{
    using Value = typename A::Value;
    Rows<Value> rows(rowsOf(scratch, Value{}), size.width);
    std::size_t pixel = 0;
    for (int y = 0; y < size.height; ++y) {
        const FrameWeights& weights = tables.weights[y == 0 ? 0 : 1];
        const Value* second = rows.secondAbove();
        const Value* first = rows.above();
        Value* here = rows.current();
        Sums<A> next[kFrameChannels];
        if constexpr (known == Known::AllSamples)
            sumRowsAbove<A>(weights, second, first, size.width, scratch.sums.data());
        else
            repeat<kFrameChannels>([&](auto channel)
                                       SPLITSCOPE_INLINED { sumAbove<A, 1>(weights, second, first, channel, &next[channel]); });
        LeftPairs<A> left(here);
        here += kLeftInputs;
        for (int x = 0; x < size.width; ++x, ++pixel) {
            second += kFrameChannels;
            first += kFrameChannels;
            Sums<A> sums[kFrameChannels];
            repeat<kFrameChannels>([&](auto channel) SPLITSCOPE_INLINED {
                if constexpr (known == Known::AllSamples)
                    sums[channel].load(scratch.sums[static_cast<std::size_t>(x)].lanes + channel * kFrameLanes);
                else
                    sums[channel] = next[channel];
                left.addTo(sums[channel], weights, channel);
            });
            int values[kFrameChannels];
            repeat<kFrameChannels>([&](auto channel) SPLITSCOPE_INLINED {
                if constexpr (channel > 0)
                    sums[channel].add(A::pairOf(values[0], channel > 1 ? values[1] : 0), weights, kPixelPair, channel);
                if constexpr (known == Known::UpToHere)
                    sumAbove<A, 1>(weights, second, first, channel, &next[channel]);
                const int lane = channel * kFrameLanes;
                const FramePrediction prediction = predictionOf<A>(sums[channel], weights.mean + lane, weights.scale + lane);
                values[channel] = sample(channel, pixel, prediction) - kSampleOffset;
                *here++ = static_cast<Value>(values[channel]);
            });
            left.shift(values);
        }
        rows.next(y == 0);
    }
}

template <typename A>
SPLITSCOPE_INLINE void predictBody(const FrameTables& tables, const data::Image& image, FrameScratch& scratch,
                                   FramePrediction* out)
{
    const std::size_t pixels = image.pixels.size() / kFrameChannels;
    const std::uint8_t* planes[kFrameChannels];
    for (std::size_t channel = 0; channel < kFrameChannels; ++channel)
        planes[channel] = image.pixels.data() + static_cast<std::size_t>(kFramePlanes[channel]) * pixels;
    const auto note = [&](int channel, std::size_t pixel, FramePrediction prediction) SPLITSCOPE_INLINED {
        *out++ = prediction;
        return int{planes[channel][pixel]};
    };
    forEachSample<A, Known::AllSamples>(tables, image.size, scratch, note);
}

struct Interval {
    int sample;
    std::uint32_t start;
    std::uint32_t end;
};

using Levels = std::int16_t __attribute__((vector_size(16)));
using Parts = std::uint16_t __attribute__((vector_size(16)));
constexpr int kLevelLanes = sizeof(Levels) / sizeof(std::int16_t);
constexpr int kWindow = 32;  ///< values that are compared at once
constexpr int kLastWindow = 256 - kWindow;

/// A bit for each lane of masks.
SPLITSCOPE_INLINE std::uint64_t bitsOf(const Levels& low, const Levels& high)
{
#if defined(__SSE2__)
    return static_cast<std::uint16_t>(
        _mm_movemask_epi8(_mm_packs_epi16(reinterpret_cast<const __m128i&>(low), reinterpret_cast<const __m128i&>(high))));
#else
    constexpr Levels kBits = {1, 2, 4, 8, 16, 32, 64, 128};
    Levels bits = (low & kBits) | (high & kBits << kLevelLanes);
    bits |= __builtin_shufflevector(bits, bits, 4, 5, 6, 7, 0, 1, 2, 3);
    bits |= __builtin_shufflevector(bits, bits, 2, 3, 0, 1, 6, 7, 4, 5);
    bits |= __builtin_shufflevector(bits, bits, 1, 0, 3, 2, 5, 4, 7, 6);
    return static_cast<std::uint16_t>(bits[0]);
#endif
}

/// How many of the window's values have no more than `slot` parts below them.
SPLITSCOPE_INLINE int countBelow(const std::uint16_t* cdf, int first, std::uint32_t slot)
{
    constexpr int kBias = 1 << 15;  // vectors compare numbers with signs fastest; the sums wrap around on purpose
    const Parts values = Parts{0, 1, 2, 3, 4, 5, 6, 7} + static_cast<std::uint16_t>(first + kBias);
    const Levels bound = Levels{} + static_cast<std::int16_t>(static_cast<int>(slot) - kBias);
    std::uint64_t above = std::uint64_t{1} << kWindow;  // a bit for each value, and one behind
    repeat<kWindow / (2 * kLevelLanes)>([&](auto pair) SPLITSCOPE_INLINED {
        Levels masks[2];
        repeat<2>([&](auto i) SPLITSCOPE_INLINED {
            constexpr std::uint16_t kAt = kLevelLanes * (2 * pair + i);
            Parts parts;
            std::memcpy(&parts, cdf + first + kAt, sizeof parts);
            masks[i] = reinterpret_cast<Levels>(parts + (values + kAt)) > bound;
        });
        above |= bitsOf(masks[0], masks[1]) << (2 * kLevelLanes * pair);
    });
    return __builtin_ctzll(above);
}

/// The sample whose parts hold `slot`; near the mean at first.
SPLITSCOPE_INLINE Interval intervalAt(const std::uint16_t* cdf, int mean, std::uint32_t slot)
{
    int first = std::clamp((mean >> kStepBits) - kWindow / 2, 0, kLastWindow);
    int count = countBelow(cdf, first, slot);
    while (count == 0 && first > 0) {
        first = std::max(first - kWindow, 0);
        count = countBelow(cdf, first, slot);
    }
    while (count == kWindow && first < kLastWindow) {
        first = std::min(first + kWindow, kLastWindow);
        count = countBelow(cdf, first, slot);
    }
    const int sample = std::max(first + count - 1, 0);
    return {sample, partsBelow(cdf, sample), partsBelow(cdf, sample + 1)};
}

template <typename A>
SPLITSCOPE_INLINE void decodeBody(const FrameTables& tables, RansDecoder& decoder, FrameScratch& scratch, data::Image& image)
{
    const std::size_t pixels = image.pixels.size() / kFrameChannels;
    std::uint8_t* planes[kFrameChannels];
    for (std::size_t channel = 0; channel < kFrameChannels; ++channel)
        planes[channel] = image.pixels.data() + static_cast<std::size_t>(kFramePlanes[channel]) * pixels;
    RansDecoder state = decoder;  // a copy stays in registers
    const auto take = [&](int channel, std::size_t pixel, FramePrediction prediction) SPLITSCOPE_INLINED {
        const Interval interval
            = intervalAt(cdfAt(tables.cdfs[prediction.scale], prediction.mean), prediction.mean, state.fineSlot());
        state.takeFine(interval.start, interval.end - interval.start);
        planes[channel][pixel] = static_cast<std::uint8_t>(interval.sample);
        return interval.sample;
    };
    forEachSample<A, Known::UpToHere>(tables, image.size, scratch, take);
    decoder = state;
}

// --- Instruction sets --------------------------------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses)
#define SPLITSCOPE_KERNELS(NAME, ARITHMETIC, TARGET)                                                                             \
    struct NAME {                                                                                                                \
        TARGET static void predict(const FrameTables& tables, const data::Image& image, FrameScratch& scratch,                   \
                                   FramePrediction* out)                                                                         \
        {                                                                                                                        \
            predictBody<ARITHMETIC>(tables, image, scratch, out);                                                                \
        }                                                                                                                        \
        TARGET static void decode(const FrameTables& tables, RansDecoder& decoder, FrameScratch& scratch, data::Image& image)    \
        {                                                                                                                        \
            decodeBody<ARITHMETIC>(tables, decoder, scratch, image);                                                             \
        }                                                                                                                        \
        static constexpr FrameKernels table() { return {predict, decode}; }                                                      \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, FloatArithmetic, )
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, Avx2Arithmetic, [[gnu::target("avx2,fma,bmi2")]])
SPLITSCOPE_KERNELS(Avx512, Avx512Arithmetic, [[gnu::target("avx2,fma,bmi2,avx512f,avx512vl,avx512dq,avx512bw")]])
SPLITSCOPE_KERNELS(Avx512Vnni, Avx512VnniArithmetic,
                   [[gnu::target("avx2,fma,bmi2,avx512f,avx512vl,avx512dq,avx512bw,avx512vnni")]])
#endif

}  // namespace

void FrameScratch::prepare(const data::ImageSize& size) { sums.resize(static_cast<std::size_t>(size.width) + kMostTogether - 1); }

std::vector<FrameKernels> availableFrameKernels()
{
    std::vector<FrameKernels> result;
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    if (avx512 && __builtin_cpu_supports("avx512vnni"))
        result.push_back(Avx512Vnni::table());
    if (avx512)
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
