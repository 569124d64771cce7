// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the shortest Huffman book for frames that are given.
#include "core/codec/huffman_book.h"
#include "core/codec/huffman_levels_p.h"

#include <numeric>
#include <utility>

namespace splitscope::codec {

namespace {

using Counts = std::vector<std::uint64_t>;

Counts countLevels(LevelFrames frames, int bits)
{
    Counts counts(std::size_t{1} << bits);
    for (const auto& frame : frames)
        for (const std::uint16_t level : frame)
            ++counts[level];
    return counts;
}

/// The most frequent levels, no two with the same high part.
std::vector<std::uint16_t> frequentLevels(const Counts& counts, std::size_t most, int rawBits)
{
    std::vector<std::uint16_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::uint16_t a, std::uint16_t b) { return counts[a] > counts[b]; });
    std::vector<std::uint16_t> frequent;
    std::array<bool, 256> taken{};
    for (const std::uint16_t level : order) {
        if (frequent.size() == most || counts[level] == 0)
            break;
        if (!std::exchange(taken[static_cast<std::size_t>(level >> rawBits)], true))
            frequent.push_back(level);
    }
    return frequent;
}

/// Lengths for a table of groups or runs, and its escape, which comes last; what is rare has none.
CodeLengths tableLengths(Counts counts)
{
    constexpr std::uint64_t kRarest = 1 << 14;
    const std::uint64_t total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    std::uint64_t escaped = 0;
    for (auto& count : counts)
        if (count * kRarest < total)
            escaped += std::exchange(count, 0);
    counts.back() = std::max<std::uint64_t>(escaped, 1);
    return codeLengthsFor(counts);
}

}  // namespace

/// Makes books of each kind and tells what the frames cost with them.
struct BookTrainer {
    struct Candidate {
        HuffmanBook book;
        std::uint64_t bits;  ///< of all frames
    };

    /// Calls take(group) for each group of the frames, the last one filled up.
    template <typename Take>
    static void forEachGroup(LevelFrames frames, std::size_t size, std::uint16_t filler, const Take& take)
    {
        std::array<std::uint16_t, HuffmanBook::kMaxGroup> last{};
        for (const auto& frame : frames) {
            const std::size_t whole = frame.size() / size * size;
            for (std::size_t i = 0; i < whole; i += size)
                take(frame.data() + i);
            if (whole == frame.size())
                continue;
            last.fill(filler);
            std::copy(frame.begin() + static_cast<std::ptrdiff_t>(whole), frame.end(), last.begin());
            take(last.data());
        }
    }

    static Candidate grouped(LevelFrames frames, int bits, std::size_t size, const std::vector<std::uint16_t>& frequent,
                             const LevelCode& anyCode)
    {
        const std::size_t classes = frequent.size() + (frequent.size() < (std::size_t{1} << bits) ? 1 : 0);
        std::size_t symbols = 1;
        for (std::size_t i = 0; i < size; ++i)
            symbols *= classes;

        // Which groups occur does not depend on the code; a provisional one finds out.
        CodeLengths provisional;
        provisional.alphabetSize = symbols + 1;
        std::fill_n(provisional.of.begin(), symbols + 1, std::uint8_t{9});
        const HuffmanBook counter(bits, size, anyCode, HuffmanBook::Groups(bits, size, frequent, provisional));
        Counts counts(symbols + 1);
        forEachGroup(frames, size, frequent.front(), [&](const std::uint16_t* group) { ++counts[counter.symbolOf(group)]; });

        const HuffmanBook::Groups groups(bits, size, frequent, tableLengths(counts));
        Counts others(std::size_t{1} << bits);
        std::uint64_t cost = 0;
        forEachGroup(frames, size, frequent.front(), [&](const std::uint16_t* group) {
            const auto& word = groups.words[counter.symbolOf(group)];
            cost += word.length;
            for (std::size_t i = 0; i < size; ++i)
                if ((word.others >> i & 1) != 0)
                    ++others[group[i]];
        });
        auto code = LevelCode::forCounts(bits, others);
        cost += code.cost(others);
        return {HuffmanBook(bits, size, code, groups), cost};
    }

    static Candidate inRuns(LevelFrames frames, int bits, std::uint16_t frequent)
    {
        Counts runs(RunCode::kAlphabetSize);
        Counts others(std::size_t{1} << bits);
        for (const auto& frame : frames)
            RunCode::forEachRun(frame, frequent, [&](std::size_t run, const std::uint16_t* level) {
                ++runs[run];
                if (level != nullptr)
                    ++others[*level];
            });
        const RunCode code(frequent, tableLengths(runs));
        auto levelCode = LevelCode::forCounts(bits, others);
        std::uint64_t cost = levelCode.cost(others);
        for (std::size_t run = 0; run <= RunCode::kLongest; ++run)
            cost += runs[run] * static_cast<std::uint64_t>(code.length(run));
        return {HuffmanBook(bits, levelCode, code), cost};
    }
};

base::Result<HuffmanBook> HuffmanBook::train(LevelFrames frames, int bits)
{
    struct Grouping {
        std::size_t size;
        std::size_t classes;  ///< classes^size <= 256
    };
    constexpr Grouping kGroupings[] = {{2, 16}, {3, 6}, {4, 4}, {8, 2}};

    assert(bits >= 2 && bits <= 16);
    const Counts counts = countLevels(frames, bits);
    if (std::all_of(counts.begin(), counts.end(), [](std::uint64_t count) { return count == 0; }))
        return base::Error{base::ErrorCode::InvalidInput, "there is not a single value to train a Huffman book with", "codebook"};
    const LevelCode single = LevelCode::forCounts(bits, counts);
    BookTrainer::Candidate best{HuffmanBook(bits, 1, single, std::nullopt), single.cost(counts)};
    for (const auto& [size, classes] : kGroupings) {
        const std::size_t all = std::size_t{1} << bits;
        const auto frequent = frequentLevels(counts, all <= classes ? all : classes - 1, Alphabet(bits).rawBits);
        auto candidate = BookTrainer::grouped(frames, bits, size, frequent, single);
        if (candidate.bits < best.bits)
            best = std::move(candidate);
    }
    auto candidate = BookTrainer::inRuns(frames, bits, single.pinned());
    return std::move(candidate.bits < best.bits ? candidate.book : best.book);
}

}  // namespace splitscope::codec
