// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/zstd_levels.h"

#include <memory>
#include <zstd.h>

namespace splitscope::codec {

namespace {

constexpr int kByteBits = 8;

struct FreeContexts {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// What stays with a thread: frames follow one another in their thousands.
struct Scratch {
    std::unique_ptr<ZSTD_CCtx, FreeContexts> encoder{ZSTD_createCCtx()};
    std::unique_ptr<ZSTD_DCtx, FreeContexts> decoder{ZSTD_createDCtx()};
    base::Bytes plain;

    std::span<std::uint8_t> room(std::size_t bytes)
    {
        if (plain.size() < bytes)
            plain.resize(bytes);
        return std::span(plain).first(bytes);
    }
};

Scratch& scratch()
{
    thread_local Scratch mine;
    return mine;
}

std::size_t plainSize(std::size_t count, int bits) { return bits > kByteBits ? 2 * count : count; }

base::Error badRecord(const std::string& text) { return {base::ErrorCode::InvalidInput, text, "feature record"}; }

}  // namespace

void encodeZstd(std::span<const std::uint16_t> levels, int bits, base::Bytes& out, int zstdLevel)
{
    auto& with = scratch();
    const auto plain = with.room(plainSize(levels.size(), bits));
    for (std::size_t i = 0; i < levels.size(); ++i)
        plain[i] = static_cast<std::uint8_t>(levels[i]);
    if (bits > kByteBits)
        for (std::size_t i = 0; i < levels.size(); ++i)
            plain[levels.size() + i] = static_cast<std::uint8_t>(levels[i] >> kByteBits);
    const std::size_t at = out.size();
    out.resize(at + ZSTD_compressBound(plain.size()));
    out.resize(at
               + ZSTD_compressCCtx(with.encoder.get(), out.data() + at, out.size() - at, plain.data(), plain.size(), zstdLevel));
}

base::Status decodeZstd(base::ByteView coded, int bits, std::span<std::uint16_t> levels)
{
    auto& with = scratch();
    const auto plain = with.room(plainSize(levels.size(), bits));
    // One frame exactly: a second one, or one that may be skipped, would decode to nothing more and go unnoticed.
    const std::size_t frame = ZSTD_findFrameCompressedSize(coded.data(), coded.size());
    if (ZSTD_isError(frame) != 0 || frame != coded.size())
        return badRecord("is not one zstd frame");
    const std::size_t size = ZSTD_decompressDCtx(with.decoder.get(), plain.data(), plain.size(), coded.data(), coded.size());
    if (ZSTD_isError(size) != 0)
        return badRecord(std::string("zstd: ") + ZSTD_getErrorName(size));
    if (size != plain.size())
        return badRecord(std::to_string(size) + " bytes where " + std::to_string(plain.size()) + " belong");
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = plain[i];
    if (bits > kByteBits)
        for (std::size_t i = 0; i < levels.size(); ++i)
            levels[i] = static_cast<std::uint16_t>(levels[i] | plain[levels.size() + i] << kByteBits);
    unsigned all = 0;
    for (const std::uint16_t level : levels)
        all |= level;
    if (all >> bits != 0)
        return badRecord("a level does not fit " + std::to_string(bits) + " bits");
    return {};
}

}  // namespace splitscope::codec
