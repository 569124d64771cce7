// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace splitscope::ui {

/// What the dashboard can be read in: "en", and those that a translation was built for.
QStringList languages();
/// "Deutsch", in the language itself.
QString languageName(const QString& language);

/// Chosen in the settings; empty: the system's.
QString chosenLanguage();
void chooseLanguage(const QString& language);

/// Installs the translation of the chosen language, else of the first of the system's that there is one for; English needs none,
/// and what is not translated stays English. Numbers are written in one way in all of them. Before any widget is made. Returns
/// the language.
QString applyLanguage();

}  // namespace splitscope::ui
