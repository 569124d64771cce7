// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/data/image.h"

#include <string>

namespace splitscope::data {

/// An Error that says both sizes if an image of size `have` cannot be cut down to `wanted` (3 channels, no larger).
base::Status checkFits(ImageSize have, ImageSize wanted, const std::string& where);

/// The middle of the picture at the wanted size. If the picture is more than 1.25 times as large in both directions it
/// is first scaled down (area average, in integers) until it just covers that size. `where` names it in errors.
base::Result<Image> fitImage(Image image, ImageSize wanted, const std::string& where);

}  // namespace splitscope::data
