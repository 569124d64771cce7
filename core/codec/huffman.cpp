// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/huffman.h"

#include "core/codec/bit_packer.h"
#include "core/codec/huffman_code.h"

#include <algorithm>

namespace splitscope::codec {

namespace {

enum Mode : std::uint8_t { Packed = 0, Huffman = 1, Constant = 2 };

/// How levels become symbols. Up to 8 bits each level is a symbol. Beyond, a table over all levels would outweigh the
/// levels, so a symbol is 1 + the level's high 8 bits and the rest follows as raw bits; symbol 0 is one pinned level
/// without raw bits: the zeros of a ReLU would pay for them otherwise.
struct Alphabet {
    explicit Alphabet(int levelBits)
        : bits(levelBits), rawBits(std::max(levelBits - 8, 0)), size(rawBits > 0 ? kMaxSymbols : std::size_t{1} << levelBits),
          firstGuess(std::min(levelBits, 8))
    {
    }
    [[nodiscard]] bool pins() const { return rawBits > 0; }
    [[nodiscard]] std::uint32_t rawPart(std::uint16_t level) const { return level & ((1U << rawBits) - 1); }
    [[nodiscard]] std::size_t bucket(std::uint16_t level) const { return 1U + (level >> rawBits); }

    int bits;
    int rawBits;
    std::size_t size;
    int firstGuess;  ///< for the table: the length that all codes have if levels are uniform
};

struct Plan {
    CodeLengths lengths;
    std::uint16_t pinned = 0;
    std::size_t bitCount = 0;  ///< of everything behind the mode byte
};

/// The most frequent level of the fullest bucket; the lowest one of equals.
std::uint16_t chooseThePinnedLevel(std::span<const std::uint16_t> levels, const Alphabet& alphabet,
                                   std::span<const std::uint64_t> bucketCounts)
{
    const auto fullest
        = static_cast<std::size_t>(std::max_element(bucketCounts.begin(), bucketCounts.end()) - bucketCounts.begin());
    std::array<std::uint64_t, 256> counts{};
    for (const std::uint16_t level : levels)
        if (alphabet.bucket(level) == fullest)
            ++counts[alphabet.rawPart(level)];
    const auto raw = std::max_element(counts.begin(), counts.end()) - counts.begin();
    return static_cast<std::uint16_t>((fullest - 1) << alphabet.rawBits | static_cast<std::size_t>(raw));
}

/// At least two levels differ.
Plan planFor(std::span<const std::uint16_t> levels, const Alphabet& alphabet)
{
    Plan plan;
    std::array<std::uint64_t, kMaxSymbols> storage{};
    const std::span<std::uint64_t> counts(storage.data(), alphabet.size);
    if (alphabet.pins()) {
        for (const std::uint16_t level : levels)
            ++counts[alphabet.bucket(level)];
        plan.pinned = chooseThePinnedLevel(levels, alphabet, counts);
        counts[0] = static_cast<std::uint64_t>(std::count(levels.begin(), levels.end(), plan.pinned));
        counts[alphabet.bucket(plan.pinned)] -= counts[0];
        plan.bitCount
            = static_cast<std::size_t>(alphabet.bits) + (levels.size() - counts[0]) * static_cast<std::size_t>(alphabet.rawBits);
    } else {
        for (const std::uint16_t level : levels)
            ++counts[level];
    }
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
    out.resize(at + (plan.bitCount + 7) / 8);
    BitWriter writer(out.data() + at);
    if (alphabet.pins())
        writer.put(plan.pinned, alphabet.bits);
    writeCodeLengths(plan.lengths, alphabet.firstGuess, writer);

    const CodeWords words = canonicalCode(plan.lengths);
    for (const std::uint16_t level : levels) {
        if (!alphabet.pins()) {
            writer.put(words[level].bits, words[level].length);
        } else if (level == plan.pinned) {
            writer.put(words[0].bits, words[0].length);
        } else {
            const CodeWord word = words[alphabet.bucket(level)];
            writer.put(word.bits | alphabet.rawPart(level) << word.length, word.length + alphabet.rawBits);
        }
    }
    writer.finish();
}

base::Error badRecord(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "feature record"}; }

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

    const CodeDecoder decoder(*lengths);
    for (std::uint16_t& level : levels) {
        reader.refill();
        const std::size_t symbol = decoder.decode(reader);
        if (!alphabet.pins())
            level = static_cast<std::uint16_t>(symbol);
        else if (symbol == 0)
            level = pinned;
        else
            level = static_cast<std::uint16_t>((symbol - 1) << alphabet.rawBits | reader.take(alphabet.rawBits));
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
