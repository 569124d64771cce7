// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_tables.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace splitscope::codec {

namespace {

constexpr int kFineKnots = 8;  ///< one by one; behind them four in each octave
constexpr int kKnotsInOctave = 4;

base::Error invalid(const std::string& what, const std::string& where)
{
    return {base::ErrorCode::InvalidInput, what + "; the file is damaged, train the codebook again", where};
}

bool lanesAreBounded(const FrameNetwork& network)
{
    for (std::size_t lane = 0; lane < kFrameLanes; ++lane) {
        std::int64_t sum = std::abs(std::int64_t{network.bias[lane]});
        for (const auto& weights : network.weights)
            sum += std::int64_t{kSampleOffset} * std::abs(weights[lane]);
        if (sum > kMaxLaneSum)
            return false;
    }
    return true;
}

bool outputIsBounded(const std::array<std::int16_t, kHiddenLanes>& factors)
{
    std::int64_t sum = 0;
    for (const std::int16_t factor : factors)
        sum += std::abs(factor);
    return sum <= kMaxOutputSum;
}

/// All numbers of a model in the order in which they are stored.
template <typename Parameters, typename Visit>
void forEachNumber(Parameters& parameters, Visit visit)
{
    for (auto& row : parameters.networks)
        for (std::size_t channel = 0; channel < row.size(); ++channel) {
            auto& network = row[channel];
            for (std::size_t input = 0; input < static_cast<std::size_t>(frameInputs(static_cast<int>(channel))); ++input)
                std::for_each(network.weights[input].begin(), network.weights[input].end(), visit);
            std::for_each(network.bias.begin(), network.bias.end(), visit);
            std::for_each(network.mean.begin(), network.mean.end(), visit);
            std::for_each(network.scale.begin(), network.scale.end(), visit);
        }
    for (auto& shape : parameters.shapes)
        std::for_each(shape.begin(), shape.end(), visit);
}

void expand(const std::array<FrameNetwork, kFrameChannels>& networks, FrameWeights& out)
{
    out = {};
    for (std::size_t channel = 0; channel < networks.size(); ++channel) {
        const FrameNetwork& network = networks[channel];
        for (std::size_t lane = 0; lane < kFrameLanes; ++lane) {
            const std::size_t at = channel * kFrameLanes + lane;
            for (std::size_t input = 0; input < kMaxFrameInputs; ++input) {
                const std::size_t place = input + std::min<std::size_t>(input / kRowInputs, 2);  // rows fill their pairs
                out.inputs[place][at] = network.weights[input][lane];
                out.pairs[place / 2][at][place % 2] = network.weights[input][lane];
            }
            out.bias[at] = static_cast<float>(network.bias[lane]);
            out.wholeBias[at] = network.bias[lane];
            out.mean[at] = lane < kHiddenLanes ? network.mean[lane] : 0;
            out.scale[at] = lane < kHiddenLanes ? network.scale[lane] : 0;
        }
    }
}

/// The distribution at each step from 0 on.
std::vector<int> stepValues(const std::array<std::uint16_t, kShapeKnots>& shape)
{
    std::vector<int> values{0};
    for (std::size_t knot = 0; knot < kShapeKnots; ++knot) {
        const int from = knot > 0 ? shapeKnotSteps()[knot - 1] : 0;
        const int to = shapeKnotSteps()[knot];
        const int fromValue = knot > 0 ? shape[knot - 1] : 0;
        for (int step = from + 1; step <= to; ++step)
            values.push_back(fromValue + (shape[knot] - fromValue) * (step - from) / (to - from));
    }
    return values;
}

void expand(const std::array<std::uint16_t, kShapeKnots>& shape, ScaleCdf& out)
{
    const std::vector<int> values = stepValues(shape);
    for (int fraction = 0; fraction < kStepsPerLevel; ++fraction)
        for (int level = -kCdfReach; level < kCdfReach; ++level) {
            const int step = kStepsPerLevel * level - kStepsPerLevel / 2 - fraction;
            const int value = values[std::min(static_cast<std::size_t>(std::abs(step)), values.size() - 1)];
            out.below[fraction][kCdfReach + level] = static_cast<std::uint16_t>(kShapeTotal / 2 + (step < 0 ? -value : value));
        }
}

}  // namespace

const std::array<int, kShapeKnots>& shapeKnotSteps()
{
    static const auto steps = [] {
        std::array<int, kShapeKnots> result{};
        for (int i = 0; i < kShapeKnots; ++i) {
            const int octave = (i - kFineKnots) / kKnotsInOctave;
            const int quarter = (i - kFineKnots) % kKnotsInOctave;
            result[static_cast<std::size_t>(i)] = i < kFineKnots ? i + 1 : (kFineKnots + 2 * (quarter + 1)) << octave;
        }
        return result;
    }();
    return steps;
}

base::Status checkFrameParameters(const FrameParameters& parameters, const std::string& where)
{
    for (std::size_t row = 0; row < parameters.networks.size(); ++row)
        for (std::size_t channel = 0; channel < kFrameChannels; ++channel) {
            const FrameNetwork& network = parameters.networks[row][channel];
            if (!lanesAreBounded(network) || !outputIsBounded(network.mean) || !outputIsBounded(network.scale))
                return invalid("the weights of network " + std::to_string(row * kFrameChannels + channel) + " are too large",
                               where);
        }
    for (std::size_t scale = 0; scale < kFrameScales; ++scale) {
        const auto& shape = parameters.shapes[scale];
        if (!std::is_sorted(shape.begin(), shape.end()) || shape.back() > kShapeTotal / 2)
            return invalid("the distribution of scale " + std::to_string(scale) + " does not ascend to at most "
                               + std::to_string(kShapeTotal / 2),
                           where);
    }
    return {};
}

void serializeFrameParameters(const FrameParameters& parameters, base::Bytes& out)
{
    forEachNumber(parameters, [&](auto number) { base::append(out, number); });
}

base::Result<FrameParameters> parseFrameParameters(base::ByteView in, const std::string& where)
{
    if (in.size() != kFrameParameterBytes)
        return invalid("a frame model has " + std::to_string(kFrameParameterBytes) + " bytes, not " + std::to_string(in.size()),
                       where);
    FrameParameters parameters;
    std::size_t at = 0;
    forEachNumber(parameters, [&](auto& number) {
        number = base::readAt<std::remove_reference_t<decltype(number)>>(in, at);
        at += sizeof number;
    });
    if (auto status = checkFrameParameters(parameters, where); !status)
        return status.error();
    return parameters;
}

FrameTables::FrameTables(const FrameParameters& checked) : parameters(checked)
{
    for (std::size_t row = 0; row < weights.size(); ++row)
        expand(parameters.networks[row], weights[row]);
    for (std::size_t scale = 0; scale < cdfs.size(); ++scale)
        expand(parameters.shapes[scale], cdfs[scale]);
}

}  // namespace splitscope::codec
