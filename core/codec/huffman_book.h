// SPDX-License-Identifier: GPL-3.0-or-later
// Canonical Huffman codes that both sides know beforehand: no table in the message. Trained offline for one tensor at one
// bit width. BITSTREAMS.md has the format of records and of the book.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/codec/level_code.h"
#include "core/codec/run_code.h"

#include <optional>
#include <string>
#include <vector>

namespace splitscope::codec {

/// Levels of frames of one tensor, frame by frame.
using LevelFrames = std::span<const std::span<const std::uint16_t>>;

/// Codes levels one by one; or where few levels make up most of a tensor in groups: of 2, 3, 4 or 8 levels each of which is
/// one of the frequent ones or "another", with a symbol for each combination; or where one does, in runs of that. The others
/// follow, each by a LevelCode. Immutable; any thread.
class HuffmanBook {
public:
    /// The shortest for these frames among all groupings. An Error if there is not a single level. Levels are below 2^bits.
    static base::Result<HuffmanBook> train(LevelFrames frames, int bits);

    [[nodiscard]] int bits() const { return m_bits; }
    [[nodiscard]] int groupSize() const { return m_groupSize; }  ///< 1: single levels; kRuns: runs
    static constexpr int kRuns = 0;

    /// Appends the levels: at most packedSize + 1 bytes. No allocation once a thread has coded a frame of that size, but for
    /// `out`.
    void encode(std::span<const std::uint16_t> levels, base::Bytes& out) const;
    /// How many bytes encode() would append.
    [[nodiscard]] std::size_t encodedSize(std::span<const std::uint16_t> levels) const;
    /// Decodes what encode() appended, no byte more; an Error leaves `levels` unspecified. Any input is safe, and the time is
    /// linear in levels and bytes. No allocation.
    base::Status decode(base::ByteView coded, std::span<std::uint16_t> levels) const;

    void serialize(base::Bytes& out) const;
    /// All of `section` must be one book; `where` names it in Errors.
    static base::Result<HuffmanBook> parse(base::ByteView section, const std::string& where);

private:
    static constexpr std::size_t kMaxGroup = 8;

    /// How a level enters its group's symbol.
    struct LevelClass {
        std::uint16_t level = 0;  ///< which of those with this high part it is about
        std::uint8_t own = 0;  ///< the class of that level; m_others if it has none of its own
    };
    struct GroupWord {
        std::uint16_t bits = 0;
        std::uint8_t length = 0;
        std::uint8_t others = 0;  ///< bit i: level i of the group follows by itself
    };
    struct GroupLevels {
        std::array<std::uint16_t, kMaxGroup> levels{};
        std::uint8_t others = 0;
    };
    /// What groups need: all of it derived from the frequent levels and the lengths.
    struct Groups {
        Groups(int bits, std::size_t size, std::vector<std::uint16_t> frequentLevels, const CodeLengths& codeLengths);

        std::vector<std::uint16_t> frequent;
        std::size_t classes;
        std::uint8_t others;
        int rawBits;
        CodeLengths lengths;
        std::array<LevelClass, 256> classOf;
        std::array<GroupWord, kMaxSymbols> words;
        std::array<GroupLevels, kMaxSymbols> levelsOf;
        CodeDecoder decoder;
    };
    friend struct BookTrainer;

    HuffmanBook(int bits, std::size_t groupSize, LevelCode code, std::optional<Groups> groups);
    HuffmanBook(int bits, LevelCode code, const RunCode& runs);

    template <std::size_t Size>
    [[nodiscard]] std::size_t symbolOf(const std::uint16_t* levels) const;
    [[nodiscard]] std::size_t symbolOf(const std::uint16_t* levels) const;
    template <std::size_t Size>
    void putGroups(std::span<const std::uint16_t> levels, BitWriter& writer) const;
    template <std::size_t Size>
    void takeGroups(BitReader& reader, std::span<std::uint16_t> levels) const;
    [[nodiscard]] base::ByteView encoded(std::span<const std::uint16_t> levels) const;

    int m_bits;
    int m_groupSize;
    LevelCode m_code;  ///< of all levels, or of those that are not frequent
    std::optional<Groups> m_groups;  ///< where m_groupSize is above 1
    std::optional<RunCode> m_runs;  ///< where it is kRuns
};

}  // namespace splitscope::codec
