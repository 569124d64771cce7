// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/region_drawing.h"

#include "core/base/units.h"
#include "ui/charts/figure_frame.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 48, kRight = 12, kHeading = 42, kLegend = 20, kPanelTitle = 16, kGap = 14, kBottom = 36;
constexpr double kLetterHeight = 14;

bool needsLightText(const QColor& ground)
{
    return 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF() < 0.45;
}

}  // namespace

RegionDrawing::RegionDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_view(view), m_ink(theme, view.paper), m_size(size)
{
    std::vector<std::string> networks;
    for (const auto& map : figure.maps) {
        if (networks.empty() || networks.back() != map.network)
            networks.push_back(map.network);
        const int row = static_cast<int>(networks.size()) - 1;
        const int column = m_panels.empty() || m_panels.back().row != row ? 0 : m_panels.back().column + 1;
        m_panels.push_back({{}, row, column});
        m_rows = std::max(m_rows, row + 1);
        m_columns = std::max(m_columns, column + 1);
    }
    const double top = kHeading + kLegend;
    const double width = (size.width() - kLeft - kRight - kGap * (m_columns - 1)) / std::max(1, m_columns);
    const double height = (size.height() - top - kBottom) / std::max(1, m_rows) - kPanelTitle - 4;
    for (auto& panel : m_panels)
        panel.box = {kLeft + panel.column * (width + kGap), top + panel.row * (height + kPanelTitle + 4) + kPanelTitle,
                     std::max(20.0, width), std::max(20.0, height)};
}

QRectF RegionDrawing::cellBox(std::size_t map, std::size_t row, std::size_t column) const
{
    const auto& data = m_figure.maps[map];
    const QRectF& box = m_panels[map].box;
    const PanelWindow window = m_view.zoom.of(map);
    const auto columns = static_cast<double>(data.bytesPerSecond.size()), rows = static_cast<double>(data.slowdowns.size());
    const double width = box.width() / columns / window.x.span();
    const double height = box.height() / rows / window.y.span();
    return {box.left() + (static_cast<double>(column) - window.x.from * columns) * width,
            box.bottom() - (static_cast<double>(row + 1) - window.y.from * rows) * height, width, height};
}

/// All maps are over the same rates: what is looked at in one is to be compared with the others.
std::vector<ChartPanel> RegionDrawing::panels() const
{
    std::vector<ChartPanel> all;
    for (const auto& panel : m_panels)
        all.push_back(ChartPanel{panel.box});
    return all;
}

void RegionDrawing::paint(QPainter& painter) const
{
    painter.save();
    m_ink.heading(painter, m_figure, m_size.width(), text(m_figure.y.title));
    paintLegend(painter);
    for (std::size_t map = 0; map < m_figure.maps.size(); ++map) {
        painter.save();
        painter.setClipRect(m_panels[map].box);
        paintCells(painter, map);
        paintBorders(painter, map);
        paintNames(painter, map);
        painter.restore();
        paintAxes(painter, map);
    }
    painter.setFont(smallFont());
    painter.setPen(m_ink.theme().muted);
    m_ink.label(painter, {kLeft, m_size.height() - 18, m_size.width() - kLeft - kRight, 16}, Qt::AlignRight | Qt::AlignVCenter,
                text(m_figure.xTitle));
    paintHover(painter);
    painter.restore();
}

void RegionDrawing::paintLegend(QPainter& painter) const
{
    std::array<bool, session::kDecisionKinds> present{};
    for (const auto& map : m_figure.maps)
        for (const auto& cell : map.cells)
            present[static_cast<std::size_t>(cell.kind)] = true;
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    double x = kLeft;
    for (int i = 0; i < session::kDecisionKinds; ++i) {
        if (!present[static_cast<std::size_t>(i)])
            continue;
        const auto kind = static_cast<session::DecisionKind>(i);
        painter.fillRect(QRectF(x, kHeading + 1, 10, 10), m_ink.colour(kind));
        painter.setPen(m_ink.theme().text);
        const QString title = text(std::string(session::name(kind)));
        m_ink.label(painter, {x + 15, kHeading - 2, 200, 16}, Qt::AlignLeft | Qt::AlignVCenter, title);
        x += 15 + metrics.horizontalAdvance(title) + 16;
    }
}

/// Runs of one kind in a row are one rectangle, a little over-long, so that no seams show between them.
void RegionDrawing::paintCells(QPainter& painter, std::size_t map) const
{
    const auto& data = m_figure.maps[map];
    constexpr double kOverlap = 0.35;
    painter.setRenderHint(QPainter::Antialiasing, m_ink.paper());
    for (std::size_t row = 0; row < data.slowdowns.size(); ++row) {
        for (std::size_t from = 0; from < data.bytesPerSecond.size();) {
            std::size_t to = from;
            while (to < data.bytesPerSecond.size() && data.at(row, to).kind == data.at(row, from).kind)
                ++to;
            const QRectF run = cellBox(map, row, from).united(cellBox(map, row, to - 1)).adjusted(0, -kOverlap, kOverlap, 0);
            painter.fillRect(run.intersected(m_panels[map].box), m_ink.colour(data.at(row, from).kind));
            from = to;
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

/// Thin lines where the decision changes, strong ones where its kind does.
void RegionDrawing::paintBorders(QPainter& painter, std::size_t map) const
{
    const auto& data = m_figure.maps[map];
    QColor faint = m_ink.theme().panel;
    faint.setAlphaF(0.55F);
    const auto border = [&](const session::RegionCell& a, const session::RegionCell& b, const QPointF& from, const QPointF& to) {
        if (a.decision == b.decision)
            return;
        painter.setPen(a.kind == b.kind ? QPen(faint, 0.7) : QPen(m_ink.theme().panel, 1.6));
        painter.drawLine(from, to);
    };
    for (std::size_t row = 0; row < data.slowdowns.size(); ++row) {
        for (std::size_t column = 0; column < data.bytesPerSecond.size(); ++column) {
            const QRectF box = cellBox(map, row, column);
            if (column > 0)
                border(data.at(row, column), data.at(row, column - 1), box.topLeft(), box.bottomLeft());
            if (row > 0)
                border(data.at(row, column), data.at(row - 1, column), box.bottomLeft(), box.bottomRight());
        }
    }
}

/// Each kind is named where it is widest: colour is not the only difference.
void RegionDrawing::paintNames(QPainter& painter, std::size_t map) const
{
    const auto& data = m_figure.maps[map];
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    const double cellHeight = cellBox(map, 0, 0).height();
    const auto reach = static_cast<std::size_t>(std::ceil(kLetterHeight / 2 / cellHeight));
    for (int i = 0; i < session::kDecisionKinds; ++i) {
        const auto kind = static_cast<session::DecisionKind>(i);
        QRectF widest;
        for (std::size_t row = reach; row + reach < data.slowdowns.size(); ++row) {
            const auto clear = [&](std::size_t column) {
                for (std::size_t r = row - reach; r <= row + reach; ++r)
                    if (data.at(r, column).kind != kind)
                        return false;
                return true;
            };
            for (std::size_t from = 0; from < data.bytesPerSecond.size(); ++from) {
                std::size_t to = from;
                while (to < data.bytesPerSecond.size() && clear(to))
                    ++to;
                if (to == from)
                    continue;
                const QRectF run = cellBox(map, row, from).united(cellBox(map, row, to - 1)) & m_panels[map].box;
                const double centre = m_panels[map].box.center().y();
                const bool nearer = std::abs(run.center().y() - centre) < std::abs(widest.center().y() - centre);
                if (run.width() > widest.width() + 0.5 || (run.width() > widest.width() - 0.5 && nearer))
                    widest = run;
                from = to - 1;
            }
        }
        const QString title = text(std::string(session::name(kind)));
        if (widest.width() < metrics.horizontalAdvance(title) + 6)
            continue;
        painter.setPen(needsLightText(m_ink.colour(kind)) ? Qt::white : QColor(0x16181b));
        m_ink.label(painter, {widest.left(), widest.center().y() - 8, widest.width(), 16}, Qt::AlignCenter, title);
    }
}

void RegionDrawing::paintAxes(QPainter& painter, std::size_t map) const
{
    const auto& data = m_figure.maps[map];
    const Panel& panel = m_panels[map];
    const QRectF& box = panel.box;
    const PanelWindow window = m_view.zoom.of(map);
    painter.setFont(smallFont());
    painter.setPen(m_ink.theme().text);
    const QString title = QStringLiteral("RTT %1 ms").arg(data.rttMs);
    m_ink.label(painter, {box.left(), box.top() - kPanelTitle - 1, box.width(), 16}, Qt::AlignLeft | Qt::AlignVCenter,
                m_rows > 1 || m_columns == 1 ? text(data.network) + QStringLiteral(", ") + title : title);
    painter.setPen(m_ink.theme().muted);
    if (panel.column == 0) {
        const double top = data.slowdowns.back();
        for (double slowdown = data.slowdowns.front(); slowdown <= top * 1.001; slowdown *= 2) {
            const double share = std::log(slowdown / data.slowdowns.front()) / std::log(top / data.slowdowns.front());
            const double y = box.bottom() - (share - window.y.from) / window.y.span() * box.height();
            if (y < box.top() - 1 || y > box.bottom() + 1)
                continue;
            painter.drawLine(QPointF(box.left() - 4, y), QPointF(box.left() - 1, y));
            m_ink.label(painter, {box.left() - 40, y - 8, 33, 16}, Qt::AlignRight | Qt::AlignVCenter,
                        threeDigits(slowdown).remove(QStringLiteral(".00")).remove(QStringLiteral(".0")));
        }
    }
    if (panel.row + 1 != m_rows)
        return;
    const AxisSpan rates
        = AxisSpan{std::log10(data.bytesPerSecond.front() / 1e6), std::log10(data.bytesPerSecond.back() / 1e6), true}.seen(
            window.x);
    for (const Tick& tick : rates.ticks(static_cast<int>(box.width() / 36))) {
        const double x = rates.xOf(tick, box);
        painter.drawLine(QPointF(x, box.bottom() + 1), QPointF(x, box.bottom() + 4));
        m_ink.label(painter, {x - 25, box.bottom() + 4, 50, 14}, Qt::AlignCenter, tick.label);
    }
}

void RegionDrawing::paintHover(QPainter& painter) const
{
    if (!m_view.hover || m_view.hover->map < 0)
        return;
    const auto map = static_cast<std::size_t>(m_view.hover->map);
    const auto columns = m_figure.maps[map].bytesPerSecond.size();
    painter.setPen(QPen(m_ink.theme().text, 1.4));
    painter.drawRect(cellBox(map, m_view.hover->index / columns, m_view.hover->index % columns) & m_panels[map].box);
}

std::optional<FigureSpot> RegionDrawing::spotAt(const QPointF& at) const
{
    for (std::size_t map = 0; map < m_panels.size(); ++map) {
        const QRectF& box = m_panels[map].box;
        if (!box.contains(at))
            continue;
        const auto& data = m_figure.maps[map];
        const auto columns = data.bytesPerSecond.size(), rows = data.slowdowns.size();
        const QRectF first = cellBox(map, 0, 0);
        const auto column = static_cast<std::size_t>(std::max(0.0, (at.x() - first.left()) / first.width()));
        const auto row = static_cast<std::size_t>(std::max(0.0, (first.bottom() - at.y()) / first.height()));
        return FigureSpot{static_cast<int>(map), std::min(row, rows - 1) * columns + std::min(column, columns - 1)};
    }
    return std::nullopt;
}

QList<QPair<QString, QString>> RegionDrawing::valuesAt(const FigureSpot& spot) const
{
    const auto& map = m_figure.maps[static_cast<std::size_t>(spot.map)];
    const auto columns = map.bytesPerSecond.size();
    const auto& cell = map.cells[spot.index];
    return {{text(map.network), QStringLiteral("RTT %1 ms").arg(map.rttMs)},
            {QStringLiteral("rate"), text(base::formatBytesPerSecond(map.bytesPerSecond[spot.index % columns]))},
            {QStringLiteral("slowdown"), threeDigits(map.slowdowns[spot.index / columns]) + QStringLiteral(" ×")},
            {QStringLiteral("fastest"), text(cell.decision)},
            {QStringLiteral("capture to label"), text(base::formatMs(cell.totalMs))},
            {QStringLiteral("accuracy"), threeDigits(cell.accuracy * 100) + QStringLiteral(" %")}};
}

}  // namespace splitscope::ui
