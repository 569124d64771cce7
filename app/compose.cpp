// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/compose.h"

namespace splitscope::app {

Dashboard::Dashboard(ui::MainWindowOptions options) : m_window({m_store, m_bridge, m_logFeed, m_logModel}, std::move(options)) {}

}  // namespace splitscope::app
