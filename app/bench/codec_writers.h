// SPDX-License-Identifier: GPL-3.0-or-later
// The ways in which `bench codec` lets levels be written.
#pragma once

#include "app/bench/codec_subject.h"

#include <array>
#include <optional>

namespace splitscope::app {

struct Writer {
    const char* key;  ///< in metrics: "huffman_adaptive"
    const char* name;  ///< for people
    codec::EntropyCoder coder;
    int zstdLevel = 0;
};

inline constexpr std::array<Writer, 6> kWriters{{
    {"none", "none", codec::EntropyCoder::None},
    {"huffman", "huffman", codec::EntropyCoder::Huffman},
    {"huffman_adaptive", "huffman-adaptive", codec::EntropyCoder::HuffmanAdaptive},
    {"context", "context", codec::EntropyCoder::Context},
    {"zstd1", "zstd 1", codec::EntropyCoder::Zstd, 1},
    {"zstd9", "zstd 9", codec::EntropyCoder::Zstd, 9},
}};

/// Of every record, before its levels.
inline constexpr std::size_t kRangeBytes = 8;

/// One cut at one width through one writer.
class CutCoder {
public:
    /// None where the writer needs a book that is not there.
    static std::optional<CutCoder> make(const CodecSubject& subject, const CodecCut& cut, int bits, const Writer& writer);

    /// One picture's whole record, appended.
    base::Status encode(std::size_t picture, base::Bytes& record) const;
    base::Status decode(base::ByteView record, std::span<float> values) const;

private:
    CutCoder(const CodecCut& cut, int bits, const Writer& writer, codec::CoderOptions options)
        : m_cut(cut), m_coding{codec::CodingKind::Quantized, bits}, m_writer(writer), m_options(options)
    {
    }

    const CodecCut& m_cut;
    codec::Coding m_coding;
    const Writer& m_writer;
    codec::CoderOptions m_options;
};

}  // namespace splitscope::app
