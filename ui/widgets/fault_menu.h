// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fault.h"

#include <QMenu>

namespace splitscope::ui {

/// What a running experiment can be made to suffer, each with what it does.
class FaultMenu : public QMenu {
    Q_OBJECT

public:
    explicit FaultMenu(QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const splitscope::session::Fault& fault);
};

}  // namespace splitscope::ui
