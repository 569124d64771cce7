// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/huffman_book.h"

#include "core/codec/bit_packer.h"
#include "core/codec/huffman_levels_p.h"

#include <bit>
#include <cmath>

namespace splitscope::codec {

namespace {

constexpr int kGroupGuess = 8;  ///< for a table of groups: the length before the first

std::size_t power(std::size_t base, std::size_t exponent)
{
    std::size_t result = 1;
    for (std::size_t i = 0; i < exponent; ++i)
        result *= base;
    return result;
}

/// Memory for a frame on its way; it stays with the thread: frames follow one another in their thousands.
std::uint8_t* scratch(std::size_t bytes)
{
    thread_local base::Bytes room;
    if (room.size() < bytes)
        room.resize(bytes);
    return room.data();
}

}  // namespace

// --- Groups ------------------------------------------------------------------------------------------------------------

HuffmanBook::Groups::Groups(int bits, std::size_t size, std::vector<std::uint16_t> frequentLevels, const CodeLengths& codeLengths)
    : frequent(std::move(frequentLevels)), classes(frequent.size() + (frequent.size() < (std::size_t{1} << bits) ? 1 : 0)),
      others(static_cast<std::uint8_t>(frequent.size())), rawBits(Alphabet(bits).rawBits), lengths(codeLengths),
      decoder(codeLengths)
{
    for (std::size_t slot = 0; slot < classOf.size(); ++slot)
        classOf[slot] = {static_cast<std::uint16_t>(slot << rawBits), others};
    for (std::size_t own = 0; own < frequent.size(); ++own)
        classOf[frequent[own] >> rawBits] = {frequent[own], static_cast<std::uint8_t>(own)};

    const CodeWords codes = canonicalCode(lengths);
    const std::size_t escape = power(classes, size);
    const auto all = static_cast<std::uint8_t>((1U << size) - 1);
    for (std::size_t symbol = 0; symbol <= escape; ++symbol) {
        GroupLevels& group = levelsOf[symbol];
        std::size_t rest = symbol;
        for (std::size_t i = size; i-- > 0; rest /= classes) {
            const std::size_t own = rest % classes;
            if (symbol == escape || own == others)
                group.others |= static_cast<std::uint8_t>(1U << i);
            else
                group.levels[i] = frequent[own];
        }
        const bool coded = lengths.of[symbol] > 0;
        const CodeWord code = codes[coded ? symbol : escape];
        words[symbol] = {code.bits, code.length, coded ? group.others : all};
    }
}

HuffmanBook::HuffmanBook(int bits, std::size_t groupSize, LevelCode code, std::optional<Groups> groups)
    : m_bits(bits), m_groupSize(static_cast<int>(groupSize)), m_code(code), m_groups(std::move(groups))
{
}

HuffmanBook::HuffmanBook(int bits, LevelCode code, const RunCode& runs)
    : m_bits(bits), m_groupSize(kRuns), m_code(code), m_runs(runs)
{
}

template <std::size_t Size>
std::size_t HuffmanBook::symbolOf(const std::uint16_t* levels) const
{
    std::size_t symbol = 0;
    for (std::size_t i = 0; i < Size; ++i) {
        const LevelClass known = m_groups->classOf[static_cast<std::size_t>(levels[i] >> m_groups->rawBits)];
        symbol = symbol * m_groups->classes + (known.level == levels[i] ? known.own : m_groups->others);
    }
    return symbol;
}

std::size_t HuffmanBook::symbolOf(const std::uint16_t* levels) const
{
    switch (m_groupSize) {
    case 2: return symbolOf<2>(levels);
    case 3: return symbolOf<3>(levels);
    case 4: return symbolOf<4>(levels);
    default: return symbolOf<8>(levels);
    }
}

template <std::size_t Size>
void HuffmanBook::putGroups(std::span<const std::uint16_t> levels, BitWriter& writer) const
{
    BitWriter local = writer;  // nobody else knows it, so that it stays in registers
    local.writeWholeBytes();
    const auto put = [this, &local](const std::uint16_t* group) {
        const GroupWord word = m_groups->words[symbolOf<Size>(group)];
        local.putLong(word.bits, word.length);
        for (unsigned others = word.others; others != 0; others &= others - 1) {
            const std::uint16_t level = group[std::countr_zero(others)];
            const LevelCode::Word& own = m_code.word(level);
            local.putLong(own.bitsWith(level), own.length);
        }
    };
    const std::size_t whole = levels.size() / Size * Size;
    for (std::size_t i = 0; i < whole; i += Size)
        put(levels.data() + i);
    if (whole < levels.size()) {
        std::array<std::uint16_t, Size> last;
        last.fill(m_groups->frequent.front());
        std::copy(levels.begin() + static_cast<std::ptrdiff_t>(whole), levels.end(), last.begin());
        put(last.data());
    }
    writer = local;
}

template <std::size_t Size>
void HuffmanBook::takeGroups(BitReader& reader, std::span<std::uint16_t> levels) const
{
    BitReader local = reader;  // nobody else knows it, so that it stays in registers
    const auto take = [this, &local](std::uint16_t* group) {
        local.refill();
        const CodeDecoder::Symbol symbol = m_groups->decoder.peek(local);
        local.skip(symbol.wholeLength);
        const GroupLevels& known = m_groups->levelsOf[symbol.symbol];
        std::memcpy(group, known.levels.data(), Size * sizeof(std::uint16_t));
        for (unsigned others = known.others; others != 0; others &= others - 1) {
            local.refill();
            group[std::countr_zero(others)] = m_code.decode(local);
        }
    };
    const std::size_t whole = levels.size() / Size * Size;
    for (std::size_t i = 0; i < whole; i += Size)
        take(levels.data() + i);
    if (whole < levels.size()) {
        std::array<std::uint16_t, Size> last;
        take(last.data());
        std::copy_n(last.begin(), levels.size() - whole, levels.begin() + static_cast<std::ptrdiff_t>(whole));
    }
    reader = local;
}

// --- Records -----------------------------------------------------------------------------------------------------------

base::ByteView HuffmanBook::encoded(std::span<const std::uint16_t> levels) const
{
    constexpr std::size_t kMostBits = LevelCode::kMaxBits + kMaxCodeLength;  // of a level and its share of a group
    const std::size_t room = (levels.size() + kMaxGroup) * kMostBits / 8 + BitWriter::kRoomForPutLong + 1;
    std::uint8_t* begin = scratch(room);
    BitWriter writer(begin);
    writer.put(0, 1);
    const auto piece = [this](std::uint16_t level) {
        const LevelCode::Word& word = m_code.word(level);
        return Piece{word.bitsWith(level), word.length};
    };
    switch (m_groupSize) {
    case kRuns: m_runs->put(levels, m_code, writer); break;
    case 1:
        if (m_code.longest() <= 18)
            putEach<3>(levels, piece, writer);
        else
            putEach<2>(levels, piece, writer);
        break;
    case 2: putGroups<2>(levels, writer); break;
    case 3: putGroups<3>(levels, writer); break;
    case 4: putGroups<4>(levels, writer); break;
    default: putGroups<8>(levels, writer); break;
    }
    return {begin, writer.finish()};
}

void HuffmanBook::encode(std::span<const std::uint16_t> levels, base::Bytes& out) const
{
    const auto coded = encoded(levels);
    if (coded.size() <= packedSize(levels.size(), m_bits)) {
        out.insert(out.end(), coded.begin(), coded.end());
        return;
    }
    base::append<std::uint8_t>(out, 1);
    packLevels(levels, m_bits, out);
}

std::size_t HuffmanBook::encodedSize(std::span<const std::uint16_t> levels) const
{
    const auto packed = packedSize(levels.size(), m_bits);
    const auto coded = encoded(levels).size();
    return coded <= packed ? coded : packed + 1;
}

base::Status HuffmanBook::decode(base::ByteView coded, std::span<std::uint16_t> levels) const
{
    if (coded.empty())
        return badRecord("is empty");
    if (coded.front() == 1)
        if (const auto packed = coded.subspan(1); packed.size() == packedSize(levels.size(), m_bits))
            return unpackLevels(packed, m_bits, levels);
    if ((coded.front() & 1) != 0)
        return badRecord("says that its levels are packed, but is not as long as those");
    // Each group or run takes at least one bit, so a short record cannot ask for long work.
    const std::size_t together = m_runs ? RunCode::kLongest : static_cast<std::size_t>(m_groupSize);
    if (levels.size() / 8 / together > coded.size())
        return badRecord("too short for " + std::to_string(levels.size()) + " levels");
    BitReader reader(coded);
    reader.refill();
    reader.skip(1);
    const auto one = [this](BitReader& from) { return m_code.decode(from); };
    switch (m_groupSize) {
    case kRuns: m_runs->take(reader, m_code, levels); break;
    case 1:
        if (m_code.longest() <= 18)
            decodeEach<3>(reader, levels, one);
        else
            decodeEach<2>(reader, levels, one);
        break;
    case 2: takeGroups<2>(reader, levels); break;
    case 3: takeGroups<3>(reader, levels); break;
    case 4: takeGroups<4>(reader, levels); break;
    default: takeGroups<8>(reader, levels); break;
    }
    if (!reader.endsInZeroPadding())
        return badRecord("the Huffman codes do not end where the record ends");
    return {};
}

// --- The book as bytes -------------------------------------------------------------------------------------------------

void HuffmanBook::serialize(base::Bytes& out) const
{
    std::vector<std::uint16_t> frequent;
    if (m_groups)
        frequent = m_groups->frequent;
    else if (m_runs)
        frequent = {m_runs->frequent()};
    const CodeLengths* table = m_groups ? &m_groups->lengths : m_runs ? &m_runs->lengths() : nullptr;

    base::append(out, static_cast<std::uint8_t>(m_bits));
    base::append(out, static_cast<std::uint8_t>(m_groupSize));
    base::append(out, static_cast<std::uint16_t>(frequent.size()));
    for (const std::uint16_t level : frequent)
        base::append(out, level);
    base::append(out, m_code.pinned());
    const int guess = std::min(m_bits, 8);
    const std::size_t bits
        = (table != nullptr ? codeLengthsBitCount(*table, kGroupGuess) : 0) + codeLengthsBitCount(m_code.lengths(), guess);
    const std::size_t at = out.size();
    out.resize(at + (bits + 7) / 8);
    BitWriter writer(out.data() + at);
    if (table != nullptr)
        writeCodeLengths(*table, kGroupGuess, writer);
    writeCodeLengths(m_code.lengths(), guess, writer);
    writer.finish();
}

namespace {

std::size_t classesOf(std::size_t frequent, int bits) { return frequent + (frequent < (std::size_t{1} << bits) ? 1 : 0); }

/// The levels with classes of their own; an Error unless they are different ones, as many as such a book may have.
base::Result<std::vector<std::uint16_t>> readFrequent(base::ByteView levels, int bits, std::size_t groupSize,
                                                      const std::string& where)
{
    const base::Error wrong{base::ErrorCode::InvalidInput, "a Huffman book's frequent levels make no sense", where};
    const std::size_t count = levels.size() / sizeof(std::uint16_t);
    const bool fits = groupSize == 1      ? count == 0
        : groupSize == HuffmanBook::kRuns ? count == 1
                                          : count >= 1 && count <= 16 && power(classesOf(count, bits), groupSize) <= 256;
    if (!fits)
        return wrong;
    std::array<bool, 256> taken{};
    std::vector<std::uint16_t> frequent;
    for (std::size_t i = 0; i < count; ++i) {
        const auto level = base::readAt<std::uint16_t>(levels, i * sizeof(std::uint16_t));
        if (level >> bits != 0 || std::exchange(taken[static_cast<std::size_t>(level >> std::max(bits - 8, 0))], true))
            return wrong;
        frequent.push_back(level);
    }
    return frequent;
}

/// The table of groups or runs, whose last symbol is an escape.
base::Result<CodeLengths> readTable(BitReader& reader, std::size_t alphabetSize)
{
    auto lengths = readCodeLengths(reader, alphabetSize, kGroupGuess);
    if (lengths && lengths->of[alphabetSize - 1] == 0)
        return base::Error{base::ErrorCode::InvalidInput, "a Huffman book has no escape", "codebook"};
    return lengths;
}

}  // namespace

base::Result<HuffmanBook> HuffmanBook::parse(base::ByteView section, const std::string& where)
{
    const auto wrong = [&where](const std::string& text) { return base::Error{base::ErrorCode::InvalidInput, text, where}; };
    constexpr std::size_t kHead = 4;
    if (section.size() < kHead)
        return wrong("a Huffman book is cut off");
    const int bits = section[0];
    const std::size_t size = section[1];
    const std::size_t frequentBytes = base::readAt<std::uint16_t>(section, 2) * sizeof(std::uint16_t);
    const bool known = size <= 4 || size == kMaxGroup;
    if (bits < 2 || bits > 16 || !known)
        return wrong("a Huffman book for " + std::to_string(bits) + " bits in groups of " + std::to_string(size)
                     + " makes no sense");
    if (section.size() < kHead + frequentBytes + sizeof(std::uint16_t))
        return wrong("a Huffman book is cut off");
    auto frequent = readFrequent(section.subspan(kHead, frequentBytes), bits, size, where);
    if (!frequent)
        return frequent.error();
    const auto pinned = base::readAt<std::uint16_t>(section, kHead + frequentBytes);
    BitReader reader(section.subspan(kHead + frequentBytes + sizeof pinned));
    CodeLengths table;
    if (size != 1) {
        const bool runs = size == kRuns;
        auto lengths = readTable(reader, runs ? RunCode::kAlphabetSize : power(classesOf(frequent->size(), bits), size) + 1);
        if (!lengths)
            return wrong(lengths.error().text);
        table = *lengths;
    }
    const auto lengths = readCodeLengths(reader, LevelCode::alphabetSize(bits), std::min(bits, 8));
    if (!lengths)
        return wrong(lengths.error().text);
    auto code = LevelCode::create(bits, pinned, *lengths);
    if (!code)
        return wrong(code.error().text);
    if (!reader.endsInZeroPadding())
        return wrong("a Huffman book has bytes behind its end");
    if (size == kRuns)
        return HuffmanBook(bits, *std::move(code), RunCode(frequent->front(), table));
    if (size == 1)
        return HuffmanBook(bits, size, *std::move(code), std::nullopt);
    return HuffmanBook(bits, size, *std::move(code), Groups(bits, size, *std::move(frequent), table));
}

}  // namespace splitscope::codec
