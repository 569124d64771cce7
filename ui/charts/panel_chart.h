// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panel_zoom.h"

#include <QWidget>

class QPushButton;
class QToolButton;

namespace splitscope::ui {

/// What charts of figures share: zoom, pan and crosshair by mouse, wheel and keys as in the live charts, and a button for what
/// would fill an empty one.
class PanelChart : public QWidget {
    Q_OBJECT

public:
    explicit PanelChart(QWidget* parent = nullptr);

    [[nodiscard]] const PanelZoom& zoom() const { return m_zoom; }
    void setZoom(const PanelZoom& zoom);
    void showAll() { setZoom({}); }
    /// Shown while something is out of sight.
    [[nodiscard]] QToolButton* wholeButton() const { return m_whole; }
    [[nodiscard]] QPushButton* actionButton() const { return m_action; }

Q_SIGNALS:
    void zoomChanged();
    void actionRequested();

protected:
    /// As they are drawn now; none where there is nothing to move about in.
    [[nodiscard]] virtual std::vector<ChartPanel> panels() const = 0;
    /// The drawing changes with the zoom.
    virtual void onZoomed() = 0;
    /// What would be told at a place: nothing, the same as now, or other values.
    enum class Told { Nothing, Same, Other };
    [[nodiscard]] virtual Told toldAt(const QPointF& place) const = 0;
    /// The pointer, or the crosshair that keys move, came to a place where something is told.
    virtual void pointAt(const QPointF& place) = 0;
    virtual void pointAtNothing() = 0;
    /// Where the crosshair is; none: nowhere.
    [[nodiscard]] virtual std::optional<QPointF> pointed() const = 0;
    virtual void clickedAt(const QPointF& place) { static_cast<void>(place); }

    /// Over the drawing: the rectangle being dragged, and where the keyboard is.
    void paintOver(QPainter& painter) const;
    /// The button of an empty chart, so many pixels below its middle.
    void placeAction(const QString& text, bool shown, int below);
    /// Keeps the zoom where the new panels can be held against the old ones.
    void panelsChanged(bool sameFigure);

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void point(const QPointF& place);
    [[nodiscard]] std::optional<std::size_t> panelAt(const std::vector<ChartPanel>& all, const QPointF& place) const;
    bool navigate(ChartMove move);
    bool movePointer(const QPointF& step);
    void placeButtons();

    PanelZoom m_zoom;
    std::optional<ChartDrag> m_drag;
    PanelZoom m_dragged;  ///< shown when the drag began
    std::size_t m_panel = 0;  ///< that was last pointed at: keys are for it
    std::size_t m_panelCount = 0;
    QPushButton* m_action;
    QToolButton* m_whole;
    int m_actionBelow = 0;
    bool m_focusShown = false;
};

}  // namespace splitscope::ui
