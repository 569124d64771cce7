// SPDX-License-Identifier: GPL-3.0-or-later
// A strategy keeps its colour, marker and line wherever it is drawn.
#pragma once

#include "ui/charts/figure_drawing.h"

namespace splitscope::ui {

struct StrategyLook {
    QColor colour;
    Marker marker = Marker::Circle;
    Qt::PenStyle line = Qt::SolidLine;
};

/// By the strategy's name ("sacd"); nothing where there is no such strategy.
std::optional<StrategyLook> strategyLook(const QString& name, const Theme& theme);

/// Okabe–Ito, in an order in which neighbours differ; lighter where the ground is dark.
QColor seriesColour(std::size_t index, const Theme& theme);

}  // namespace splitscope::ui
