// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/huffman_code.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace splitscope::codec {

namespace {

struct Leaf {
    std::uint64_t weight;
    std::uint16_t symbol;
};

/// Huffman's algorithm with two queues over leaves sorted by weight; fills depths[i] of leaf i, returns the largest.
int treeDepths(std::span<const Leaf> leaves, std::span<int> depths)
{
    const std::size_t leafCount = leaves.size();
    const std::size_t root = 2 * leafCount - 2;
    std::array<std::uint64_t, 2 * kMaxSymbols> weight{};
    std::array<std::size_t, 2 * kMaxSymbols> parent{};
    for (std::size_t i = 0; i < leafCount; ++i)
        weight[i] = leaves[i].weight;

    std::size_t nextLeaf = 0;
    std::size_t nextInner = leafCount;
    for (std::size_t made = leafCount; made <= root; ++made) {
        for (int child = 0; child < 2; ++child) {
            const bool takeLeaf = nextLeaf < leafCount && (nextInner == made || weight[nextLeaf] <= weight[nextInner]);
            const std::size_t taken = takeLeaf ? nextLeaf++ : nextInner++;
            weight[made] += weight[taken];
            parent[taken] = made;
        }
    }

    std::array<int, 2 * kMaxSymbols> depth{};
    for (std::size_t i = root; i-- > 0;)
        depth[i] = depth[parent[i]] + 1;
    std::copy_n(depth.begin(), leafCount, depths.begin());
    return *std::max_element(depths.begin(), depths.end());
}

std::uint16_t reversed(std::uint32_t code, int length)
{
    code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
    code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
    code = (code & 0x0F0F) << 4 | (code >> 4 & 0x0F0F);
    code = (code & 0x00FF) << 8 | (code >> 8 & 0x00FF);
    return static_cast<std::uint16_t>(code >> (16 - length));
}

constexpr std::uint32_t kWholeCode = 1U << kMaxCodeLength;

/// The part of all kWholeCode bit patterns that a code of this length takes.
std::uint32_t share(int length) { return kWholeCode >> length; }

/// Calls emit(value, bitCount) for each piece of the table. BITSTREAMS.md has the grammar.
template <typename Emit>
void forEachTablePiece(const CodeLengths& lengths, int firstGuess, const Emit& emit)
{
    int previous = firstGuess;
    std::uint32_t left = kWholeCode;
    for (std::size_t symbol = 0; left > 0;) {
        const int length = lengths.of[symbol];
        if (length == 0) {
            std::uint32_t run = 0;  // at least 1: this symbol's
            do
                ++run;
            while (lengths.of[++symbol] == 0);
            const int extraBits = std::bit_width(run) - 1;
            emit(0b011, 3);
            emit((1U << extraBits) - 1, extraBits + 1);  // so many ones, and a zero
            emit(run - (1U << extraBits), extraBits);
            continue;
        }
        if (length == previous)
            emit(0b0, 1);
        else if (std::abs(length - previous) == 1)
            emit(length > previous ? 0b001 : 0b101, 3);
        else
            emit(0b111 | static_cast<std::uint32_t>(length - 1) << 3, 7);
        previous = length;
        left -= share(length);
        ++symbol;
    }
}

base::Error badTable(const std::string& text)
{
    return {base::ErrorCode::InvalidInput, "the Huffman table " + text, "feature record"};
}

/// Ones up to the first zero, at most `limit`.
int takeUnary(BitReader& reader, int limit)
{
    int ones = 0;
    while (ones < limit && reader.take(1) == 1)
        ++ones;
    return ones;
}

}  // namespace

CodeLengths codeLengthsFor(std::span<const std::uint64_t> counts)
{
    assert(counts.size() <= kMaxSymbols);
    std::array<Leaf, kMaxSymbols> storage;
    std::size_t used = 0;
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
        if (counts[symbol] > 0)
            storage[used++] = {counts[symbol], static_cast<std::uint16_t>(symbol)};
    assert(used >= 2);
    const std::span<Leaf> leaves(storage.data(), used);
    std::sort(leaves.begin(), leaves.end(),
              [](const Leaf& a, const Leaf& b) { return a.weight != b.weight ? a.weight < b.weight : a.symbol < b.symbol; });

    // Halving the weights flattens the tree; when all are 1 it is balanced, and 258 leaves are 9 deep.
    std::array<int, kMaxSymbols> depths{};
    while (treeDepths(leaves, std::span(depths).first(used)) > kMaxCodeLength)
        for (Leaf& leaf : leaves)
            leaf.weight = (leaf.weight + 1) / 2;

    CodeLengths lengths;
    lengths.alphabetSize = counts.size();
    for (std::size_t i = 0; i < used; ++i)
        lengths.of[leaves[i].symbol] = static_cast<std::uint8_t>(depths[i]);
    return lengths;
}

CodeWords canonicalCode(const CodeLengths& lengths)
{
    std::array<std::uint32_t, kMaxCodeLength + 1> count{};
    for (std::size_t symbol = 0; symbol < lengths.alphabetSize; ++symbol)
        ++count[lengths.of[symbol]];
    count[0] = 0;
    std::array<std::uint32_t, kMaxCodeLength + 1> next{};
    for (std::size_t length = 1; length < next.size(); ++length)
        next[length] = (next[length - 1] + count[length - 1]) << 1;

    CodeWords words;
    for (std::size_t symbol = 0; symbol < lengths.alphabetSize; ++symbol) {
        const int length = lengths.of[symbol];
        if (length > 0)
            words[symbol] = {reversed(next[lengths.of[symbol]]++, length), lengths.of[symbol]};
    }
    return words;
}

std::size_t codeLengthsBitCount(const CodeLengths& lengths, int firstGuess)
{
    std::size_t bits = 0;
    forEachTablePiece(lengths, firstGuess, [&bits](std::uint32_t, int count) { bits += static_cast<std::size_t>(count); });
    return bits;
}

void writeCodeLengths(const CodeLengths& lengths, int firstGuess, BitWriter& writer)
{
    forEachTablePiece(lengths, firstGuess, [&writer](std::uint32_t value, int count) { writer.put(value, count); });
}

base::Result<CodeLengths> readCodeLengths(BitReader& reader, std::size_t alphabetSize, int firstGuess)
{
    assert(alphabetSize <= kMaxSymbols);
    CodeLengths lengths;
    lengths.alphabetSize = alphabetSize;
    int length = firstGuess;
    std::uint32_t left = kWholeCode;
    for (std::size_t symbol = 0; left > 0;) {
        reader.refill();
        const int kind = takeUnary(reader, 3);
        if (kind == 2) {
            const int extraBits = takeUnary(reader, 9);
            const std::size_t run = (std::size_t{1} << extraBits) + reader.take(extraBits);
            if (run >= alphabetSize - symbol)
                return badTable("ends before its code is complete");
            symbol += run;
            continue;
        }
        if (kind == 1)
            length += reader.take(1) == 0 ? 1 : -1;
        else if (kind == 3)
            length = static_cast<int>(reader.take(4)) + 1;
        if (length < 1 || length > kMaxCodeLength)
            return badTable("has a code of " + std::to_string(length) + " bits; 1 to 16 are possible");
        if (symbol >= alphabetSize)
            return badTable("ends before its code is complete");
        if (share(length) > left)
            return badTable("has more codes than there is room for");
        lengths.of[symbol++] = static_cast<std::uint8_t>(length);
        left -= share(length);
    }
    if (reader.overran())
        return badTable("is cut off");
    return lengths;
}

CodeDecoder::CodeDecoder(const CodeLengths& lengths, const RawBits& rawBits) : m_rawBits(rawBits)
{
    const CodeWords words = canonicalCode(lengths);
    for (std::size_t symbol = 0; symbol < lengths.alphabetSize; ++symbol) {
        const CodeWord word = words[symbol];
        if (word.length == 0)
            continue;
        ++m_countOfLength[word.length];
        if (word.length <= kTableBits) {
            const Symbol entry = made(symbol, word.length);
            for (std::size_t i = word.bits; i < m_table.size(); i += std::size_t{1} << word.length)
                m_table[i] = entry;
        } else {
            m_table[word.bits & (m_table.size() - 1)] = {};
        }
    }
    std::array<std::uint16_t, kMaxCodeLength + 1> place{};
    for (std::size_t length = 1; length < place.size(); ++length)
        place[length] = static_cast<std::uint16_t>(place[length - 1] + m_countOfLength[length - 1]);
    for (std::size_t symbol = 0; symbol < lengths.alphabetSize; ++symbol)
        if (lengths.of[symbol] > 0)
            m_symbolsInCodeOrder[place[lengths.of[symbol]]++] = static_cast<std::uint16_t>(symbol);
}

CodeDecoder::Symbol CodeDecoder::made(std::size_t symbol, std::size_t length) const
{
    return {static_cast<std::uint8_t>(length + m_rawBits[symbol]), static_cast<std::uint8_t>(length),
            static_cast<std::uint16_t>(symbol)};
}

CodeDecoder::Symbol CodeDecoder::longCode(std::uint32_t bits) const
{
    std::uint32_t code = 0;
    std::uint32_t firstCode = 0;
    std::size_t firstIndex = 0;
    for (std::size_t length = 1; length <= kMaxCodeLength; ++length, bits >>= 1) {
        code = code << 1 | (bits & 1);
        firstCode <<= 1;
        const std::uint32_t count = m_countOfLength[length];
        if (code - firstCode < count)
            return made(m_symbolsInCodeOrder[firstIndex + code - firstCode], length);
        firstCode += count;
        firstIndex += count;
    }
    return made(m_symbolsInCodeOrder[0], kMaxCodeLength);  // not reached: a complete code has a symbol for every pattern
}

}  // namespace splitscope::codec
