// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/data/image.h"

#include <string>

namespace splitscope::data {

inline constexpr std::size_t kMaxImagePixels = 50'000'000;  ///< larger pictures are refused before memory is taken

/// Decodes a JPEG or PNG, told apart by its first bytes, to 3 channels: grey is repeated, CMYK converted, transparent
/// pixels are laid over white. Damaged files are Errors even if part of the picture is there. `where` names the file.
base::Result<Image> decodeImage(base::ByteView bytes, const std::string& where);

}  // namespace splitscope::data
