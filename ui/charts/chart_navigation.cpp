// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_navigation.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace splitscope::ui {

std::optional<ChartMove> chartMove(const QKeyEvent& event)
{
    if (event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier))
        return {};
    const bool shift = event.modifiers().testFlag(Qt::ShiftModifier);
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return ChartMove::ZoomIn;
    case Qt::Key_Minus: return ChartMove::ZoomOut;
    case Qt::Key_Left: return shift ? ChartMove::PointLeft : ChartMove::Left;
    case Qt::Key_Right: return shift ? ChartMove::PointRight : ChartMove::Right;
    case Qt::Key_Up: return shift ? ChartMove::PointUp : ChartMove::Up;
    case Qt::Key_Down: return shift ? ChartMove::PointDown : ChartMove::Down;
    case Qt::Key_PageUp: return ChartMove::ScreenLeft;
    case Qt::Key_PageDown: return ChartMove::ScreenRight;
    case Qt::Key_Home: return ChartMove::Beginning;
    case Qt::Key_End: return ChartMove::End;
    case Qt::Key_0: return ChartMove::Whole;
    case Qt::Key_Escape: return ChartMove::NoPoint;
    default: return {};
    }
}

WheelTurn wheelTurn(const QWheelEvent& event)
{
    constexpr double kPerDoubling = 240, kPerScreen = 960;  // two notches, eight notches
    QPoint turned = event.angleDelta();
    if (event.modifiers().testFlag(Qt::ShiftModifier))
        turned = turned.transposed();
    if (std::abs(turned.x()) > std::abs(turned.y()))
        return {-turned.x() / kPerScreen, 1};
    return {0, std::exp2(-turned.y() / kPerDoubling)};
}

std::optional<ChartDrag> ChartDrag::begun(const QMouseEvent& event)
{
    const bool middle = event.button() == Qt::MiddleButton;
    if (event.button() != Qt::LeftButton && !middle)
        return {};
    return ChartDrag{middle || event.modifiers().testFlag(Qt::ShiftModifier), event.position(), event.position()};
}

bool ChartDrag::ends(const QMouseEvent& event) { return event.button() == Qt::LeftButton || event.button() == Qt::MiddleButton; }

}  // namespace splitscope::ui
