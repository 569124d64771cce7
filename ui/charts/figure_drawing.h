// SPDX-License-Identifier: GPL-3.0-or-later
// How a figure is laid out and painted, on a screen or on paper.
#pragma once

#include "core/session/figure.h"
#include "ui/charts/panel_zoom.h"
#include "ui/style/theme.h"

#include <QPainter>
#include <QSet>
#include <QStringList>

#include <memory>
#include <optional>

namespace splitscope::ui {

/// A category (map < 0), a cell of a map, an x of a panel, or a row of a panel.
struct FigureSpot {
    int map = -1;
    std::size_t index = 0;

    bool operator==(const FigureSpot&) const = default;
};

/// What of a figure is shown, and how.
struct FigureView {
    QSet<QString> hidden;  ///< keys of series
    std::optional<bool> logarithmic;  ///< none: as the figure says
    std::optional<FigureSpot> hover;
    PanelZoom zoom;
    bool paper = false;  ///< text as outlines, so that fonts need not be installed
};

/// Colours and text of a figure.
class FigureInk {
public:
    FigureInk(const Theme& theme, bool paper) : m_theme(theme), m_paper(paper) {}

    [[nodiscard]] const Theme& theme() const { return m_theme; }
    [[nodiscard]] bool paper() const { return m_paper; }
    void label(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const;
    /// Reads upwards; `end` is where the text ends.
    void risingLabel(QPainter& painter, const QPointF& end, const QString& text) const;
    [[nodiscard]] QPen hairline() const;
    [[nodiscard]] QColor colour(const session::Figure& figure, const QString& seriesKey) const;
    [[nodiscard]] QColor colour(session::DecisionKind kind) const;
    /// Title and subtitle in the first line; the axis' title at the left of the second.
    void heading(QPainter& painter, const session::Figure& figure, double width, const QString& axisTitle) const;

private:
    Theme m_theme;
    bool m_paper;
};

/// The colour is never the only difference between series.
enum class Marker { Circle, Square, Diamond, TriangleUp, TriangleDown, Cross };
void drawMarker(QPainter& painter, Marker marker, const QPointF& at, const QColor& colour);

/// One figure at one size.
class FigureDrawing {
public:
    virtual ~FigureDrawing() = default;
    virtual void paint(QPainter& painter) const = 0;
    /// Each pair of axes, as it is zoomed.
    [[nodiscard]] virtual std::vector<ChartPanel> panels() const = 0;
    [[nodiscard]] virtual std::optional<FigureSpot> spotAt(const QPointF& at) const = 0;
    /// Name and value of everything at a spot.
    [[nodiscard]] virtual QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const = 0;
};

/// The figure must outlive the drawing.
std::unique_ptr<FigureDrawing> makeDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size,
                                           const Theme& theme);

inline QString text(const std::string& value) { return QString::fromStdString(value); }

}  // namespace splitscope::ui
