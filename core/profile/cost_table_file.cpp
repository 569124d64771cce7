// SPDX-License-Identifier: GPL-3.0-or-later
// Cost tables on disk: JSON, in a zstd frame where the name says so.
#include "core/base/files.h"
#include "core/profile/cost_table.h"

#include <array>
#include <zstd.h>

namespace splitscope::profile {

namespace {

constexpr std::uintmax_t kLargest = 64 << 20;
constexpr std::array<std::uint8_t, 4> kZstdMagic{0x28, 0xb5, 0x2f, 0xfd};
constexpr int kLevel = 19;

bool isCompressed(base::ByteView bytes)
{
    return bytes.size() >= kZstdMagic.size() && std::equal(kZstdMagic.begin(), kZstdMagic.end(), bytes.begin());
}

base::Result<base::Bytes> decompress(base::ByteView frame, const std::string& where)
{
    const auto promised = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (promised == ZSTD_CONTENTSIZE_ERROR || promised == ZSTD_CONTENTSIZE_UNKNOWN || promised > kLargest)
        return base::Error{base::ErrorCode::InvalidInput, "is damaged, or no compressed cost table", where};
    base::Bytes bytes(static_cast<std::size_t>(promised));
    const auto size = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
    if (ZSTD_isError(size) != 0 || size != promised)
        return base::Error{base::ErrorCode::InvalidInput, "is damaged: it cannot be decompressed", where};
    return bytes;
}

base::Bytes compress(base::ByteView bytes)
{
    base::Bytes packed(ZSTD_compressBound(bytes.size()));
    packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel));
    return packed;
}

}  // namespace

base::Result<CostTable> CostTable::load(const std::filesystem::path& path)
{
    auto bytes = base::readFile(path, kLargest);
    if (bytes && isCompressed(*bytes))
        bytes = decompress(*bytes, path.string());
    if (!bytes)
        return bytes.error();
    return parse(base::asText(*bytes), path.string());
}

base::Status CostTable::save(const std::filesystem::path& path) const
{
    const auto json = toJson();
    const auto bytes = base::asBytes(json);
    return path.extension() == ".zst" ? base::writeFileAtomically(path, compress(bytes)) : base::writeFileAtomically(path, bytes);
}

base::Result<CostTable> loadShippedCostTable(const std::string& network, const std::string& data)
{
    const auto path = base::resourcePath("models/" + network + "/" + data + ".costs.json.zst");
    if (!path)
        return base::Error{base::ErrorCode::NotFound,
                           "no cost table of " + network + " on " + data
                               + " ships; build one with `splitscope-cli table build` and name its file",
                           network + "/" + data};
    return CostTable::load(*path);
}

}  // namespace splitscope::profile
