// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace splitscope::ui {

/// A scenario that comes with the program, for people.
struct ExampleScenario {
    QString title, about;
    QString file;
};

/// Those that are installed.
QList<ExampleScenario> exampleScenarios();

}  // namespace splitscope::ui
