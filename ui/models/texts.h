// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace splitscope::ui {

/// For texts of no class: lupdate takes the namespace for their context.
inline QString tr(const char* text) { return QCoreApplication::translate("splitscope::ui", text); }

}  // namespace splitscope::ui
