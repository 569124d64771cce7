// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, icons and fonts: one look, in light and in dark.
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QPalette>
#include <QString>

class QApplication;

namespace splitscope::ui {

/// What a colour stands for. A quantity keeps its colour on every page (Okabe–Ito).
enum class Quantity { Bandwidth, Device, Transfer, Edge, Accuracy, Energy, Queue, Fallback, Regret, Decision };

/// The neutral colours of a palette, derived from it, so that widgets follow palette changes and nobody keeps a global.
struct Theme {
    bool dark = false;
    QColor window;
    QColor panel;  ///< behind charts and fields
    QColor text;
    QColor muted;  ///< labels; still 4.5:1 on the panel
    QColor hairline;

    static Theme of(const QPalette& palette);
    [[nodiscard]] QColor colour(Quantity quantity) const;
};

QPalette themePalette(bool dark);

/// True if the system asked for dark colours: looks at the palette that Qt made before applyTheme.
bool systemIsDark();

/// Style, palette and the few style sheet rules of the whole program.
void applyTheme(QApplication& application, bool dark);

/// An icon of resources/icons drawn in the palette's text colour.
QIcon themedIcon(const QString& name, const QPalette& palette);
QIcon programIcon();

QFont smallFont();  ///< chart labels, captions
QFont boldFont();

}  // namespace splitscope::ui
