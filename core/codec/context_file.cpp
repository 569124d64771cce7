// SPDX-License-Identifier: GPL-3.0-or-later
// How a context model is trained as a whole, and how it lies in a file.
#include "core/codec/context_learning_p.h"
#include "core/codec/context_parts_p.h"
#include "core/codec/context_training_p.h"

#include <optional>

namespace splitscope::codec {

namespace {

void appendNumber(base::Bytes& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<std::uint8_t>(value | 0x80));
    out.push_back(static_cast<std::uint8_t>(value));
}

void appendSigned(base::Bytes& out, std::int64_t value)
{
    appendNumber(out, value < 0 ? ~(static_cast<std::uint64_t>(value) << 1) : static_cast<std::uint64_t>(value) << 1);
}

void appendBounds(base::Bytes& out, const std::vector<std::uint16_t>& bounds)
{
    appendNumber(out, bounds.size());
    std::uint16_t last = 0;
    for (const std::uint16_t bound : bounds) {
        appendNumber(out, static_cast<std::uint64_t>(bound - last - 1));
        last = bound;
    }
}

/// Reads numbers of a file that nobody has checked. The first that is wrong makes all that follow 0.
class NumberReader {
public:
    explicit NumberReader(base::ByteView bytes) : m_bytes(bytes) {}

    std::uint64_t number(std::uint64_t most)
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (m_at >= m_bytes.size())
                return fail();
            const std::uint64_t byte = m_bytes[m_at++];
            value |= (byte & 0x7f) << shift;
            if (byte < 0x80)
                return m_failed || value > most ? fail() : value;
        }
        return fail();
    }
    std::int64_t signedNumber(std::int64_t most)
    {
        const std::uint64_t value = number(2 * static_cast<std::uint64_t>(most) + 1);
        return value % 2 == 0 ? static_cast<std::int64_t>(value / 2) : -static_cast<std::int64_t>(value / 2) - 1;
    }
    std::int16_t weight() { return static_cast<std::int16_t>(signedNumber(INT16_MAX)); }

    std::uint64_t fail()
    {
        if (!m_failed)
            m_failedAt = m_at;
        m_failed = true;
        m_at = m_bytes.size();
        return 0;
    }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] std::size_t failedAt() const { return m_failedAt; }
    [[nodiscard]] bool atEnd() const { return m_at == m_bytes.size(); }

private:
    base::ByteView m_bytes;
    std::size_t m_at = 0;
    std::size_t m_failedAt = 0;
    bool m_failed = false;
};

void readBounds(NumberReader& in, std::size_t steps, std::size_t mostBuckets, std::vector<std::uint16_t>& bounds)
{
    const std::size_t count = in.number(mostBuckets - 1);
    std::size_t last = 0;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        last += 1 + in.number(steps);
        if (last >= steps) {
            in.fail();
            return;
        }
        bounds.push_back(static_cast<std::uint16_t>(last));
    }
}

void readChannel(NumberReader& in, std::size_t index, bool single, ChannelPredictor& channel)
{
    channel.bias = static_cast<std::int32_t>(in.signedNumber(kMaxBias));
    channel.spread = in.weight();
    if (!single) {
        channel.corner = static_cast<std::uint8_t>(in.number(UINT8_MAX));
        for (auto& weight : channel.own)
            weight = in.weight();
    }
    const std::size_t count = in.number(kMaxTerms);
    const std::size_t features = index * (single ? 1 : kNeighbours);
    std::size_t next = 0;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        next += in.number(features);
        if (next >= features) {
            in.fail();
            return;
        }
        channel.terms.push_back({static_cast<std::uint32_t>(single ? next * kNeighbours : next), in.weight()});
        ++next;
    }
}

void readContext(NumberReader& in, std::size_t symbols, ContextShape& shape)
{
    const auto head = in.number(2 * kMaxLogFrequency + 1);
    shape.residual = head % 2 != 0;
    shape.escapeLog = static_cast<std::uint8_t>(head / 2);
    if (shape.escapeLog == 0)
        in.fail();
    for (std::size_t left = symbols; left > 0 && !in.failed();) {
        const std::size_t length = 1 + in.number(left - 1);
        const auto log = static_cast<std::uint8_t>(in.number(kMaxLogFrequency));
        shape.segments.push_back({static_cast<std::uint16_t>(length), log});
        left -= length;
    }
}

/// Shapes have at most 2^24 values. Called for files and for those who train.
bool isShape(std::uint64_t channels, std::uint64_t height, std::uint64_t width)
{
    const auto fits = [](std::uint64_t side) { return side >= 1 && side <= kMaxMapValues; };
    return fits(channels) && fits(height) && fits(width) && channels * height <= kMaxMapValues
        && channels * height * width <= kMaxMapValues;
}

std::optional<ContextModel::Parts> readParts(NumberReader& in)
{
    ContextModel::Parts parts;
    parts.bits = static_cast<int>(in.number(16));
    const auto channels = in.number(kMaxMapValues);
    const auto height = in.number(kMaxMapValues);
    const auto width = in.number(kMaxMapValues);
    if (in.failed() || parts.bits < 2 || !isShape(channels, height, width)) {
        in.fail();
        return std::nullopt;
    }
    Predictor& predictor = parts.predictor;
    predictor.shape = {static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width)};
    predictor.symbolBits = LevelSymbols(parts.bits).symbolBits();
    predictor.spread.first = static_cast<std::int16_t>(in.number(kExpectedRange - 1));
    for (auto* weight : {&predictor.spread.expected, &predictor.spread.left, &predictor.spread.above, &predictor.spread.before})
        *weight = in.weight();
    readBounds(in, kExpectedSteps, kMaxExpectedBuckets, parts.bounds.expected);
    readBounds(in, kSpreadSteps, kMaxSpreadBuckets, parts.bounds.spread);
    for (std::size_t c = 0; c < channels && !in.failed(); ++c)  // each takes bytes, so that a short file makes no long list
        readChannel(in, c, height * width == 1, predictor.channels.emplace_back());
    for (std::size_t i = 0; i < parts.bounds.contexts() && !in.failed(); ++i)
        readContext(in, std::size_t{1} << predictor.symbolBits, parts.contexts.emplace_back());
    if (!in.atEnd())
        in.fail();
    return in.failed() ? std::nullopt : std::optional(std::move(parts));
}

base::Error cannotTrain(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "context model"}; }

}  // namespace

base::Result<ContextModel> ContextModel::train(std::span<const std::vector<std::uint16_t>> frames, int bits, MapShape shape)
{
    if (bits < 2 || bits > 16)
        return cannotTrain(std::to_string(bits) + " bits; 2 to 16 can be coded");
    if (shape.channels < 1 || shape.height < 1 || shape.width < 1
        || !isShape(static_cast<std::uint64_t>(shape.channels), static_cast<std::uint64_t>(shape.height),
                    static_cast<std::uint64_t>(shape.width)))
        return cannotTrain("a frame has 1 to " + std::to_string(kMaxMapValues) + " values");
    if (frames.empty())
        return cannotTrain("no frames to learn from");
    const LevelSymbols symbols(bits);
    SymbolFrames symbolFrames;
    for (const auto& frame : frames) {
        if (frame.size() != shape.count())
            return cannotTrain("a frame of " + std::to_string(frame.size()) + " levels where " + std::to_string(shape.count())
                               + " belong");
        auto& made = symbolFrames.emplace_back();
        made.reserve(frame.size());
        for (const std::uint16_t level : frame) {
            if (level >> bits != 0)
                return cannotTrain("level " + std::to_string(level) + " does not fit " + std::to_string(bits) + " bits");
            made.push_back(static_cast<std::uint8_t>(symbols.symbolOf(level)));
        }
    }
    Parts parts;
    parts.bits = bits;
    parts.predictor = learnPredictor(symbolFrames, shape, symbols.symbolBits());
    learnSpread(symbolFrames, parts.predictor);
    parts.bounds = learnBounds(symbolFrames, parts.predictor);
    parts.contexts = learnContexts(symbolFrames, parts.predictor, parts.bounds);
    return ContextModel(std::move(parts));
}

void ContextModel::serialize(base::Bytes& out) const
{
    const Parts& model = parts();
    const Predictor& predictor = model.predictor;
    const MapShape& map = predictor.shape;
    const bool single = map.height * map.width == 1;
    for (const int number : {model.bits, map.channels, map.height, map.width, int{predictor.spread.first}})
        appendNumber(out, static_cast<std::uint64_t>(number));
    for (const int weight : {predictor.spread.expected, predictor.spread.left, predictor.spread.above, predictor.spread.before})
        appendSigned(out, weight);
    appendBounds(out, model.bounds.expected);
    appendBounds(out, model.bounds.spread);
    for (const auto& channel : predictor.channels) {
        appendSigned(out, channel.bias);
        appendSigned(out, channel.spread);
        if (!single) {
            appendNumber(out, channel.corner);
            for (const std::int16_t weight : channel.own)
                appendSigned(out, weight);
        }
        appendNumber(out, channel.terms.size());
        std::uint32_t next = 0;
        for (const auto& term : channel.terms) {
            const std::uint32_t feature = single ? term.feature / kNeighbours : term.feature;
            appendNumber(out, feature - next);
            appendSigned(out, term.weight);
            next = feature + 1;
        }
    }
    for (const auto& context : model.contexts) {
        appendNumber(out, 2U * context.escapeLog + (context.residual ? 1 : 0));
        for (const auto& segment : context.segments) {
            appendNumber(out, segment.length - 1U);
            appendNumber(out, segment.logFrequency);
        }
    }
}

base::Result<ContextModel> ContextModel::parse(base::ByteView bytes, const std::string& where)
{
    NumberReader in(bytes);
    auto parts = readParts(in);
    if (!parts)
        return base::Error{base::ErrorCode::InvalidInput,
                           "not a context model, or damaged at byte " + std::to_string(in.failedAt()) + " of "
                               + std::to_string(bytes.size()),
                           where};
    return ContextModel(*std::move(parts));
}

}  // namespace splitscope::codec
