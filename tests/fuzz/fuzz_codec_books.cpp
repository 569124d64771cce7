// SPDX-License-Identifier: GPL-3.0-or-later
// Coders that need a codebook, by fixed ones: every decoder on any bytes, and round trips of any levels. And codebooks
// themselves: any bytes as a file, as a body under a right checksum, and as a Huffman book that is then used.
#include "core/codec/bit_packer.h"
#include "core/codec/codebook.h"
#include "core/codec/zstd_levels.h"

#include <array>
#include <cstdlib>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

using Levels = std::vector<std::uint16_t>;

constexpr std::size_t kSpreads = 4;  ///< from dense levels to hardly any
constexpr MapShape kShape{3, 4, 5};

void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// Mostly zeros, more so with `spread`.
Levels someLevels(int bits, std::size_t spread, std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    Levels levels(count);
    for (auto& level : levels)
        if (random() % (1U << 2 * spread) == 0)
            level = static_cast<std::uint16_t>(random() % (1U << bits) >> random() % static_cast<unsigned>(bits));
    return levels;
}

const HuffmanBook& bookFor(int bits, std::size_t spread)
{
    static std::array<std::array<std::optional<HuffmanBook>, kSpreads>, kMaxBits + 1> books;
    auto& book = books[static_cast<std::size_t>(bits)][spread];
    if (!book) {
        const Levels levels = someLevels(bits, spread, 20'000, 1);
        const std::vector<std::span<const std::uint16_t>> frames{levels};
        book.emplace(*HuffmanBook::train(frames, bits));
    }
    return *book;
}

const ContextModel& modelFor(int bits)
{
    static std::array<std::optional<ContextModel>, kMaxBits + 1> models;
    auto& model = models[static_cast<std::size_t>(bits)];
    if (!model) {
        std::vector<Levels> frames;
        for (unsigned seed = 0; seed < 100; ++seed)
            frames.push_back(someLevels(bits, 1, kShape.count(), seed));
        model.emplace(*ContextModel::train(frames, bits, kShape));
    }
    return *model;
}

void checkLevels(const Levels& levels, int bits)
{
    for (const unsigned level : levels)
        require(level >> bits == 0);
}

void decodeAny(int bits, std::size_t spread, std::size_t count, base::ByteView record)
{
    Levels levels(count);
    if (bookFor(bits, spread).decode(record, levels))
        checkLevels(levels, bits);
    if (decodeZstd(record, bits, levels))
        checkLevels(levels, bits);
    const int contextBits = bits <= 8 ? 4 : 12;
    Levels map(kShape.count());
    if (modelFor(contextBits).decode(record, map))
        checkLevels(map, contextBits);
}

void roundTrip(int bits, std::size_t spread, base::ByteView bytes)
{
    Levels levels(bytes.size() / 2);
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = static_cast<std::uint16_t>(base::readAt<std::uint16_t>(bytes, 2 * i) & ((1U << bits) - 1));
    base::Bytes record;
    bookFor(bits, spread).encode(levels, record);
    require(record.size() <= packedSize(levels.size(), bits) + 1);
    Levels back(levels.size());
    require(bookFor(bits, spread).decode(record, back).ok() && back == levels);
    record.clear();
    encodeZstd(levels, bits, record);
    require(decodeZstd(record, bits, back).ok() && back == levels);
    const int contextBits = bits <= 8 ? 4 : 12;
    levels.resize(kShape.count());
    for (auto& level : levels)
        level = static_cast<std::uint16_t>(level & ((1U << contextBits) - 1));
    back.resize(levels.size());
    record.clear();
    require(modelFor(contextBits).encode(levels, record).ok());
    require(modelFor(contextBits).decode(record, back).ok() && back == levels);
}

void useAnyBook(base::ByteView section)
{
    const auto book = HuffmanBook::parse(section, "fuzz");
    if (!book)
        return;
    base::Bytes again;
    book->serialize(again);
    require(HuffmanBook::parse(again, "fuzz").ok());
    for (std::size_t spread = 0; spread < kSpreads; ++spread) {
        const Levels levels = someLevels(book->bits(), spread, 100, 3);
        base::Bytes record;
        book->encode(levels, record);
        Levels back(levels.size());
        require(book->decode(record, back).ok() && back == levels);
    }
}

void readAnyFile(base::ByteView bytes, bool sealed)
{
    base::Bytes file(bytes.begin(), bytes.end());
    if (sealed) {
        const auto hex = base::sha256(file);
        for (std::size_t i = 0; i < hex.size(); i += 2)
            file.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    static_cast<void>(Codebook::parse(std::move(file), "fuzz"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kChoiceBytes = 4;
    if (size < kChoiceBytes)
        return 0;
    const base::ByteView rest(data + kChoiceBytes, size - kChoiceBytes);
    const int bits = kMinBits + data[1] % (kMaxBits - kMinBits + 1);
    const std::size_t spread = data[1] / 16 % kSpreads;
    switch (data[0] % 4) {
    case 0: decodeAny(bits, spread, base::readAt<std::uint16_t>({data, size}, 2) % 4096, rest); break;
    case 1: roundTrip(bits, spread, rest); break;
    case 2: useAnyBook(rest); break;
    default: readAnyFile(rest, data[1] % 8 != 0); break;
    }
    return 0;
}
