// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>

namespace splitscope::codec {

/// How what crosses the link is written. Part of a decision.
enum class CodingKind {
    LabelOnly,  ///< nothing is sent but the label (p = N_e)
    Quantized,  ///< eq. 4 at `parameter` bits, 2 to 16 (0 < p < N_e)
    Float32,  ///< exact values, for verification (p < N_e)
    Raw,  ///< 8-bit pixels as they are (p = 0)
    Lossless,  ///< pixels, compressed without loss (p = 0)
    Jpeg  ///< JPEG at quality `parameter`, 1 to 100 (p = 0)
};

struct Coding {
    CodingKind kind = CodingKind::LabelOnly;
    int parameter = 0;

    bool operator==(const Coding&) const = default;
};

inline constexpr int kMinBits = 2;
inline constexpr int kMaxBits = 16;

/// "label", "8" (bits), "float32", "raw", "lossless", "jpeg:80"; an Error lists what is accepted.
base::Result<Coding> parseCoding(const std::string& text);
std::string toString(const Coding& coding);

/// How quantized levels are written, chosen per run. Ends in the message header, so both halves always agree.
enum class EntropyCoder {
    None,  ///< bit packing: c bits cost c bits
    HuffmanAdaptive,  ///< canonical Huffman, its table in the message: the paper's setting
    Huffman,  ///< canonical Huffman by a table that both sides know: a codebook
    Context,  ///< range coding by a model of neighbours and channels that both sides know; `lossless` frames too
    Zstd  ///< a general library, to compare with
};
inline constexpr EntropyCoder kEntropyCoders[]
    = {EntropyCoder::None, EntropyCoder::HuffmanAdaptive, EntropyCoder::Huffman, EntropyCoder::Context, EntropyCoder::Zstd};
inline constexpr EntropyCoder kLastEntropyCoder = EntropyCoder::Zstd;

/// Whether both sides must know a codebook beforehand.
constexpr bool needsCodebook(EntropyCoder coder) { return coder == EntropyCoder::Huffman || coder == EntropyCoder::Context; }

/// "none", "huffman-adaptive", "huffman", "context" or "zstd".
base::Result<EntropyCoder> parseEntropyCoder(const std::string& text);
std::string toString(EntropyCoder coder);

/// For help texts.
inline constexpr const char* kEntropyCoderChoice
    = "none (bit packing), huffman-adaptive (table in the message), huffman or context (by a codebook), or zstd";

}  // namespace splitscope::codec
