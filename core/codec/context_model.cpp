// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_model.h"

#include "core/codec/bit_packer.h"
#include "core/codec/context_parts_p.h"

#include <algorithm>
#include <mutex>
#include <optional>

namespace splitscope::codec {

namespace {

enum Mode : std::uint8_t { Packed = 0, Coded = 1, Constant = 2 };

base::Error badRecord(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "feature record"}; }

/// All frequencies' codes: encoding looks their inverses up.
const std::vector<RansCode>& codesByFrequency()
{
    static const auto codes = [] {
        std::vector<RansCode> made(kRansTotal + 1);
        for (std::uint32_t frequency = 1; frequency <= kRansTotal; ++frequency)
            made[frequency] = RansCode::of(0, frequency);
        return made;
    }();
    return codes;
}

void put(RansEncoder& encoder, ContextTables::Interval interval)
{
    RansCode code = codesByFrequency()[interval.frequency];
    code.start = interval.start;
    encoder.put(code);
}

/// What a level becomes, found from the first to the last and put from the last to the first.
struct Step {
    ContextTables::Interval interval;  ///< the escape's for a symbol without frequency
    std::uint16_t context = 0;
    std::uint8_t behindEscape = 0;
    std::uint8_t symbol = 0;  ///< as it is counted in the context
};

/// Memory for the frames of one thread, which follow one another in their thousands.
struct Scratch {
    PredictorWalk walk;
    std::vector<Step> steps;
    base::Bytes room;
};

Scratch& scratch()
{
    thread_local Scratch memory;
    return memory;
}

/// What coding takes beside the parts: a quarter of a megabyte and a millisecond.
struct Coder {
    explicit Coder(const ContextModel::Parts& parts)
        : symbols(parts.bits), predictor(parts.predictor), finder(parts.bounds), tables(symbols.symbolBits(), parts.contexts)
    {
    }

    base::ByteView code(std::span<const std::uint16_t> levels) const;
    base::Status decode(base::ByteView coded, int bits, std::span<std::uint16_t> levels) const;

    LevelSymbols symbols;
    PlacedPredictor predictor;
    ContextFinder finder;
    ContextTables tables;
};

/// Into the thread's memory.
base::ByteView Coder::code(std::span<const std::uint16_t> levels) const
{
    Scratch& memory = scratch();
    if (memory.steps.size() < levels.size())
        memory.steps.resize(levels.size());
    memory.walk.run(predictor, [&](std::size_t i, const Expectation& e) {
        const std::uint32_t symbol = symbols.symbolOf(levels[i]);
        const std::size_t context = finder.contextOf(e);
        const std::uint32_t counted = (symbol - tables.originOf(context, e)) & tables.symbolMask();
        const auto interval = tables.intervalOf(context, counted);
        memory.steps[i]
            = {interval, static_cast<std::uint16_t>(context), interval.frequency == 0, static_cast<std::uint8_t>(counted)};
        return symbol;
    });

    constexpr std::size_t kMostPerLevel = 3;  // escape, what is behind it, raw bits
    const std::size_t size = RansEncoder::roomFor(kMostPerLevel * levels.size());
    if (memory.room.size() < size)
        memory.room.resize(size);
    RansEncoder encoder(memory.room);
    for (std::size_t i = levels.size(); i-- > 0;) {
        const std::uint32_t symbol = symbols.symbolOf(levels[i]);
        if (const int rawBits = symbols.rawBitsOf(symbol); rawBits > 0)
            encoder.putRaw(levels[i] - symbols.levelOf(symbol), rawBits);
        const Step& step = memory.steps[i];
        if (step.behindEscape) [[unlikely]] {
            encoder.putRaw(step.symbol, symbols.symbolBits());
            put(encoder, tables.escapeOf(step.context));
        } else {
            put(encoder, step.interval);
        }
    }
    return encoder.finish();
}

base::Status Coder::decode(base::ByteView coded, int bits, std::span<std::uint16_t> levels) const
{
    if (coded.empty())
        return badRecord("cut off behind the mode byte");
    RansDecoder decoder(coded);
    std::uint32_t allLevels = 0;
    scratch().walk.run(predictor, [&](std::size_t i, const Expectation& e) {
        const std::size_t context = finder.contextOf(e);
        std::uint32_t counted = tables.take(context, decoder);
        if (counted > tables.symbolMask()) [[unlikely]]
            counted = decoder.takeRaw(symbols.symbolBits());
        const std::uint32_t symbol = (counted + tables.originOf(context, e)) & tables.symbolMask();
        std::uint32_t level = symbols.levelOf(symbol);
        if (const int rawBits = symbols.rawBitsOf(symbol); rawBits > 0)
            level += decoder.takeRaw(rawBits);
        allLevels |= level;
        levels[i] = static_cast<std::uint16_t>(level);
        return symbol;
    });
    if (allLevels >> bits != 0)
        return badRecord("a level does not fit " + std::to_string(bits) + " bits");
    if (!decoder.ended())
        return badRecord("the coded levels do not end where the record ends");
    return {};
}

/// How a frame's levels are best written.
struct Form {
    Mode mode;
    base::ByteView coded;  ///< of Coded
    std::size_t size;  ///< bytes behind the mode byte
};

template <typename Code>
Form shortestForm(std::span<const std::uint16_t> levels, int bits, const Code& code)
{
    const std::size_t packed = packedSize(levels.size(), bits);
    const bool constant = std::adjacent_find(levels.begin(), levels.end(), std::not_equal_to<>()) == levels.end();
    if (constant && packed > sizeof(std::uint16_t))
        return {Constant, {}, sizeof(std::uint16_t)};
    const base::ByteView coded = code(levels);
    // No bytes at all would decode to some frame, but they are what is left of a record that was cut off.
    return !coded.empty() && coded.size() < packed ? Form{Coded, coded, coded.size()} : Form{Packed, {}, packed};
}

}  // namespace

/// A codebook holds a hundred models, of which a run uses few: a coder is made when it is first asked for.
class ContextModel::Tables {
public:
    explicit Tables(Parts made) : parts(std::move(made)) {}

    [[nodiscard]] const Coder& coder() const
    {
        std::call_once(m_once, [this] { m_coder.emplace(parts); });
        return *m_coder;
    }

    const Parts parts;

private:
    mutable std::once_flag m_once;
    mutable std::optional<Coder> m_coder;
};

ContextModel::ContextModel(Parts parts) : m_tables(std::make_shared<const Tables>(std::move(parts))) {}

const ContextModel::Parts& ContextModel::parts() const { return m_tables->parts; }
int ContextModel::bits() const { return parts().bits; }
const MapShape& ContextModel::shape() const { return parts().predictor.shape; }

base::Status ContextModel::encode(std::span<const std::uint16_t> levels, base::Bytes& out) const
{
    if (levels.size() != shape().count())
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(levels.size()) + " levels where the model is for " + std::to_string(shape().count()),
                           "context model"};
    if (!levels.empty() && *std::max_element(levels.begin(), levels.end()) >> bits() != 0)
        return base::Error{base::ErrorCode::InvalidInput, "a level does not fit " + std::to_string(bits()) + " bits",
                           "context model"};
    const Form form = shortestForm(levels, bits(), [this](auto all) { return m_tables->coder().code(all); });
    base::append<std::uint8_t>(out, form.mode);
    switch (form.mode) {
    case Packed: packLevels(levels, bits(), out); break;
    case Coded: out.insert(out.end(), form.coded.begin(), form.coded.end()); break;
    case Constant: base::append<std::uint16_t>(out, levels.front()); break;
    }
    return {};
}

std::size_t ContextModel::encodedSize(std::span<const std::uint16_t> levels) const
{
    assert(levels.size() == shape().count());
    return 1 + shortestForm(levels, bits(), [this](auto all) { return m_tables->coder().code(all); }).size;
}

base::Status ContextModel::decode(base::ByteView coded, std::span<std::uint16_t> levels) const
{
    if (levels.size() != shape().count())
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(levels.size()) + " levels where the model is for " + std::to_string(shape().count()),
                           "context model"};
    if (coded.empty())
        return badRecord("the mode byte is missing");
    const base::ByteView rest = coded.subspan(1);
    switch (coded.front()) {
    case Packed: return unpackLevels(rest, bits(), levels);
    case Coded: return m_tables->coder().decode(rest, bits(), levels);
    case Constant: break;
    default: return badRecord("unknown mode " + std::to_string(coded.front()) + "; 0, 1 and 2 are known");
    }
    if (rest.size() != sizeof(std::uint16_t))
        return badRecord("a constant frame is one level in two bytes");
    const auto level = base::readAt<std::uint16_t>(rest, 0);
    if (level >> bits() != 0)
        return badRecord("level " + std::to_string(level) + " does not fit " + std::to_string(bits()) + " bits");
    std::fill(levels.begin(), levels.end(), level);
    return {};
}

}  // namespace splitscope::codec
