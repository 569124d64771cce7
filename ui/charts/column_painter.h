// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of time drawn into an image, one column of pixels after the other: some fifty times quicker than paths that are
// stroked, and smooth all the same.
#pragma once

#include "ui/charts/series_painter.h"

#include <QImage>
#include <QRect>

#include <vector>

namespace splitscope::ui {

/// Draws into an opaque 32-bit image. Points are in its pixels, their x never falls; nothing is drawn outside the clip.
class ColumnPainter : public SeriesPainter {
public:
    /// The image must outlive the painter, and nothing else may change it meanwhile. `phase`: where dashes begin, so that they
    /// move with what they are of.
    ColumnPainter(QImage& image, const QRect& clip, double phase = 0);

    /// Colour, width and dashes of the pen; dashes are counted along x, or along y where the line is steep.
    void line(std::span<const QPointF> points, const QPen& pen) override;
    void fill(std::span<const QPointF> upper, std::span<const QPointF> lower, const QColor& colour) override;
    void band(std::span<const QPointF> lower, std::span<const QPointF> upper, const QColor& colour) override;

private:
    /// What a function does within a column, in pixels from above.
    struct Reach {
        float top = 0, bottom = -1;  ///< top > bottom: nothing
        [[nodiscard]] bool any() const { return top <= bottom; }
    };
    void paintBetween(std::span<const QPointF> upper, std::span<const QPointF> lower, double below, const QColor& colour);
    void reach(std::span<const QPointF> points, std::vector<Reach>& reaches) const;
    void paintColumn(int x, double top, double topRamp, double bottom, double bottomRamp, QRgb colour, int alpha);

    QRgb* m_pixels;
    qsizetype m_stride;  ///< pixels from one row to the next
    QRect m_clip;
    double m_phase;
    std::vector<Reach> m_reaches, m_others;
};

}  // namespace splitscope::ui
