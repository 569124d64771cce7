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

/// Appends one frame's feature map. Coding must be Quantized or Float32. Quantized + None is exactly
/// 8 + ceil(bits·n/8) bytes (low and high as float32, then the packed levels), HuffmanAdaptive at most one more;
/// Float32 is 4·n bytes whatever the coder. Nothing is appended on an Error.
base::Status encodeFeatures(std::span<const float> values, const Coding& coding, EntropyCoder coder, base::Bytes& out);

/// Decodes one frame's record into values (whose size says how many are expected). Never trusts the input: anything
/// that is not such a record is an Error, in time linear in its length and values.size(); values are then unspecified.
base::Status decodeFeatures(base::ByteView record, const Coding& coding, EntropyCoder coder, std::span<float> values);

/// Frames of more pixels on a side than this are refused: WebP's limit.
inline constexpr int kMaxImageSide = 16383;

/// Appends one frame's pixels; coding must be Raw, Lossless (WebP, exact) or Jpeg (4:2:0). Three channels.
base::Status encodeImage(const data::Image& image, const Coding& coding, base::Bytes& out);

/// Decodes one frame; an image of another size than `expected` is an Error, found before anything is allocated for it.
base::Result<data::Image> decodeImage(base::ByteView record, const Coding& coding, data::ImageSize expected);

}  // namespace splitscope::codec
