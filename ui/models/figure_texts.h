// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure.h"

namespace splitscope::ui {

/// The figure with its titles, axes, legends, claims and notes in the user's language, as far as the context "Figure" of the
/// installed translation has them; keys, names of layers and numbers stay.
session::Figure translated(session::Figure figure);

}  // namespace splitscope::ui
