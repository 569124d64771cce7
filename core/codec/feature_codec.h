// SPDX-License-Identifier: GPL-3.0-or-later
// What crosses the link, as bytes: one self-contained record per frame. The bitstreams are specified in
// core/codec/BITSTREAMS.md.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/tensor.h"
#include "core/codec/coding.h"
#include "core/data/image.h"

namespace splitscope::codec {

struct TensorBook;
class FrameModel;

/// How levels are entropy coded, and what both sides know beforehand. BookedCoder (codebook.h) makes these.
struct CoderOptions {
    CoderOptions(EntropyCoder which = EntropyCoder::None) : coder(which) {}

    EntropyCoder coder;
    const TensorBook* book = nullptr;  ///< of this tensor at these bits, for Huffman and Context
    const FrameModel* frames = nullptr;  ///< for Context; lossless frames are WebP without
};

/// Appends one frame's feature map. Coding must be Quantized or Float32. Quantized + None is exactly
/// 8 + ceil(bits·n/8) bytes (low and high as float32, then the packed levels), both Huffman coders at most one more;
/// Float32 is 4·n bytes whatever the coder. Nothing is appended on an Error.
base::Status encodeFeatures(std::span<const float> values, const Coding& coding, const CoderOptions& options, base::Bytes& out);

/// Decodes one frame's record into values (whose size says how many are expected). Never trusts the input: anything
/// that is not such a record is an Error, in time linear in its length and values.size(); values are then unspecified.
base::Status decodeFeatures(base::ByteView record, const Coding& coding, const CoderOptions& options, std::span<float> values);

/// The part behind the range: a frame's levels by an entropy coder. The book has been checked (checkBook).
base::Status encodeLevelsWith(const CoderOptions& options, std::span<const std::uint16_t> levels, int bits, base::Bytes& out);

/// An Error that says how to make a book where one is needed; `tensor` names what it is needed for.
base::Status checkBook(const CoderOptions& options, const Coding& coding, const std::string& tensor);

/// Frames of more pixels on a side than this are refused: WebP's limit.
inline constexpr int kMaxImageSide = 16383;

/// Appends one frame's pixels; coding must be Raw, Lossless (exact: by options.frames, or WebP) or Jpeg
/// (4:2:0). Three channels.
base::Status encodeImage(const data::Image& image, const Coding& coding, base::Bytes& out, const CoderOptions& options = {});

/// Decodes one frame; an image of another size than `expected` is an Error, found before anything is allocated for it.
base::Result<data::Image> decodeImage(base::ByteView record, const Coding& coding, data::ImageSize expected,
                                      const CoderOptions& options = {});

}  // namespace splitscope::codec
