// SPDX-License-Identifier: GPL-3.0-or-later
// Baseline JPEG through libjpeg-turbo, whose errors end as Errors.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace splitscope::codec {

/// Appends a baseline JPEG (4:2:0, Huffman tables made for the frame) of interleaved RGB rows. 1 <= quality <= 100.
base::Status encodeJpeg(base::ByteView rgb, int width, int height, int quality, base::Bytes& out);

/// Interleaved RGB rows. Refuses, from the header, another size and anything that encodeJpeg does not write
/// (progressive, grey, CMYK); then any damage, also such that libjpeg would gloss over.
base::Result<base::Bytes> decodeJpeg(base::ByteView jpeg, int width, int height);

}  // namespace splitscope::codec
