// SPDX-License-Identifier: GPL-3.0-or-later
// Where things stand in the drawing of a training's curves: shared by drawing and pointer.
#pragma once

#include "core/model/training_curves.h"

#include <QRectF>

#include <utility>

namespace splitscope::ui {

/// The panels of loss and accuracy within the whole drawing.
std::pair<QRectF, QRectF> trainingPanels(const QRectF& area, bool hasTitle);

/// Between a panel's axes.
QRectF trainingPlotArea(const QRectF& panel);

/// Where the axis of epochs ends.
double trainingEpochs(const model::TrainingCurves& curves);

}  // namespace splitscope::ui
