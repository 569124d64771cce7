// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/huffman.h"

#include "core/codec/bit_packer.h"
#include "core/codec/huffman_levels_p.h"

#include <algorithm>

namespace splitscope::codec {

namespace {

enum Mode : std::uint8_t { Packed = 0, Huffman = 1, Constant = 2 };

struct Plan {
    CodeLengths lengths;
    std::uint16_t pinned = 0;
    std::size_t bitCount = 0;  ///< of everything behind the mode byte
};

using Counts = std::array<std::uint64_t, kMaxSymbols>;

/// How often each symbol occurs. Several tables in turn: adding to one entry again and again waits for itself.
template <typename SymbolOf>
Counts countSymbols(std::span<const std::uint16_t> levels, const SymbolOf& symbolOf)
{
    constexpr std::size_t kTables = 4;
    std::array<std::array<std::uint32_t, kMaxSymbols>, kTables> tables{};
    const std::size_t whole = levels.size() / kTables * kTables;
    for (std::size_t i = 0; i < whole; i += kTables)
        for (std::size_t k = 0; k < kTables; ++k)
            ++tables[k][symbolOf(levels[i + k])];
    for (std::size_t i = whole; i < levels.size(); ++i)
        ++tables[0][symbolOf(levels[i])];
    Counts counts{};
    for (const auto& table : tables)
        for (std::size_t symbol = 0; symbol < kMaxSymbols; ++symbol)
            counts[symbol] += table[symbol];
    return counts;
}

/// Counts of the alphabet's symbols, and the level to pin: the most frequent one of the fullest bucket; the lowest of equals.
Counts countAndPin(std::span<const std::uint16_t> levels, const Alphabet& alphabet, std::uint16_t& pinned)
{
    constexpr std::size_t kElsewhere = kMaxSymbols - 1;
    Counts counts = countSymbols(levels, [&](std::uint16_t level) { return alphabet.bucket(level); });
    const auto fullest = static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    const Counts inFullest = countSymbols(levels, [&](std::uint16_t level) {
        return alphabet.bucket(level) == fullest ? std::size_t{alphabet.rawPart(level)} : kElsewhere;
    });
    const auto most = std::max_element(inFullest.begin(), inFullest.begin() + kElsewhere);
    pinned = static_cast<std::uint16_t>((fullest - 1) << alphabet.rawBits | static_cast<std::size_t>(most - inFullest.begin()));
    counts[0] = *most;
    counts[fullest] -= *most;
    return counts;
}

/// At least two levels differ.
Plan planFor(std::span<const std::uint16_t> levels, const Alphabet& alphabet)
{
    Plan plan;
    Counts storage;
    if (alphabet.pins()) {
        storage = countAndPin(levels, alphabet, plan.pinned);
        plan.bitCount
            = static_cast<std::size_t>(alphabet.bits) + (levels.size() - storage[0]) * static_cast<std::size_t>(alphabet.rawBits);
    } else {
        storage = countSymbols(levels, [](std::uint16_t level) { return std::size_t{level}; });
    }
    const std::span<std::uint64_t> counts(storage.data(), alphabet.size);
    plan.lengths = codeLengthsFor(counts);
    plan.bitCount += codeLengthsBitCount(plan.lengths, alphabet.firstGuess);
    for (std::size_t symbol = 0; symbol < alphabet.size; ++symbol)
        plan.bitCount += counts[symbol] * plan.lengths.of[symbol];
    return plan;
}

/// How a frame's levels are best written.
struct Form {
    Mode mode = Packed;
    std::size_t size = 0;  ///< bytes behind the mode byte
    Plan plan;  ///< of Huffman
};

Form shortestForm(std::span<const std::uint16_t> levels, int bits)
{
    assert(bits >= 2 && bits <= 16);
    const std::size_t packed = packedSize(levels.size(), bits);
    const bool constant = std::adjacent_find(levels.begin(), levels.end(), std::not_equal_to<>()) == levels.end();
    if (constant)
        return packed > sizeof(std::uint16_t) ? Form{Constant, sizeof(std::uint16_t), {}} : Form{Packed, packed, {}};
    const Plan plan = planFor(levels, Alphabet(bits));
    const std::size_t size = (plan.bitCount + 7) / 8;
    return size < packed ? Form{Huffman, size, plan} : Form{Packed, packed, {}};
}

void appendHuffman(std::span<const std::uint16_t> levels, const Alphabet& alphabet, const Plan& plan, base::Bytes& out)
{
    const std::size_t at = out.size();
    const std::size_t end = at + (plan.bitCount + 7) / 8;
    out.resize(end + BitWriter::kRoomForPutLong);
    BitWriter writer(out.data() + at);
    if (alphabet.pins())
        writer.put(plan.pinned, alphabet.bits);
    writeCodeLengths(plan.lengths, alphabet.firstGuess, writer);

    const CodeWords words = canonicalCode(plan.lengths);
    const auto withRawBits = [&words, &alphabet, pinned = plan.pinned](std::uint16_t level) {
        const auto hasRawBits = static_cast<std::uint32_t>(level != pinned);  // a branch would be a coin toss
        const CodeWord word = words[alphabet.bucket(level) & -std::size_t{hasRawBits}];
        const std::uint64_t raw = alphabet.rawPart(level) & -hasRawBits;
        return Piece{word.bits | raw << word.length, word.length + (alphabet.rawBits & -static_cast<int>(hasRawBits))};
    };
    const auto code = [&words](std::uint16_t level) { return Piece{words[level].bits, words[level].length}; };
    if (alphabet.pins())
        putEach<2>(levels, withRawBits, writer);
    else
        putEach<3>(levels, code, writer);
    writer.finish();
    out.resize(end);
}

std::array<LevelPart, kMaxSymbols> levelParts(const Alphabet& alphabet, std::uint16_t pinned)
{
    const auto rawMask = static_cast<std::uint16_t>((1U << alphabet.rawBits) - 1);
    std::array<LevelPart, kMaxSymbols> parts;
    parts[0] = {pinned, 0};
    for (std::size_t symbol = 1; symbol < parts.size(); ++symbol)
        parts[symbol] = {static_cast<std::uint16_t>((symbol - 1) << alphabet.rawBits), rawMask};
    return parts;
}

base::Status decodeHuffman(base::ByteView coded, const Alphabet& alphabet, std::span<std::uint16_t> levels)
{
    // Each level takes at least one bit, so a short record cannot ask for long work.
    if (levels.empty() || levels.size() / 8 > coded.size())
        return badRecord("too short for " + std::to_string(levels.size()) + " levels");
    BitReader reader(coded);
    reader.refill();
    const auto pinned = static_cast<std::uint16_t>(alphabet.pins() ? reader.take(alphabet.bits) : 0);
    const auto lengths = readCodeLengths(reader, alphabet.size, alphabet.firstGuess);
    if (!lengths)
        return lengths.error();

    CodeDecoder::RawBits rawBits{};
    std::fill(rawBits.begin() + 1, rawBits.end(), static_cast<std::uint8_t>(alphabet.rawBits));
    const CodeDecoder decoder(*lengths, rawBits);
    if (alphabet.pins()) {
        const auto parts = levelParts(alphabet, pinned);
        decodeEach<2>(reader, levels, [&decoder, &parts](BitReader& from) {
            const CodeDecoder::Symbol symbol = decoder.peek(from);
            const LevelPart part = parts[symbol.symbol];
            const std::uint32_t raw = from.peek(32) >> symbol.length & part.rawMask;
            from.skip(symbol.wholeLength);
            return part.first | raw;
        });
    } else {
        decodeEach<3>(reader, levels, [&decoder](BitReader& from) { return decoder.decode(from); });
    }
    if (!reader.endsInZeroPadding())
        return badRecord("the Huffman codes do not end where the record ends");
    return {};
}

base::Status decodeConstant(base::ByteView coded, int bits, std::span<std::uint16_t> levels)
{
    if (levels.empty() || coded.size() != 2)
        return badRecord("a constant frame is one level in two bytes");
    const auto level = base::readAt<std::uint16_t>(coded, 0);
    if (level >> bits != 0)
        return badRecord("level " + std::to_string(level) + " does not fit " + std::to_string(bits) + " bits");
    std::fill(levels.begin(), levels.end(), level);
    return {};
}

}  // namespace

void encodeLevels(std::span<const std::uint16_t> levels, int bits, base::Bytes& out)
{
    const Form form = shortestForm(levels, bits);
    base::append<std::uint8_t>(out, form.mode);
    switch (form.mode) {
    case Packed: packLevels(levels, bits, out); break;
    case Huffman: appendHuffman(levels, Alphabet(bits), form.plan, out); break;
    case Constant: base::append<std::uint16_t>(out, levels.front()); break;
    }
}

std::size_t encodedSize(std::span<const std::uint16_t> levels, int bits) { return 1 + shortestForm(levels, bits).size; }

base::Status decodeLevels(base::ByteView coded, int bits, std::span<std::uint16_t> levels)
{
    assert(bits >= 2 && bits <= 16);
    if (coded.empty())
        return badRecord("the mode byte is missing");
    const base::ByteView rest = coded.subspan(1);
    switch (coded.front()) {
    case Packed: return unpackLevels(rest, bits, levels);
    case Huffman: return decodeHuffman(rest, Alphabet(bits), levels);
    case Constant: return decodeConstant(rest, bits, levels);
    default: return badRecord("unknown mode " + std::to_string(coded.front()) + "; 0, 1 and 2 are known");
    }
}

}  // namespace splitscope::codec
