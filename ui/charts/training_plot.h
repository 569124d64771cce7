// SPDX-License-Identifier: GPL-3.0-or-later
// A training's loss and accuracies over its epochs.
#pragma once

#include "core/base/result.h"
#include "core/model/training_curves.h"
#include "ui/style/theme.h"

#include <QDateTime>
#include <QTimer>
#include <QWidget>

class QPainter;

namespace splitscope::ui {

/// How the curves are drawn.
struct TrainingDrawing {
    Theme theme;
    QString title;
    bool paper = false;  ///< letters as outlines, so that no fonts are needed
    std::optional<double> hover;  ///< position in epochs whose values are told
};

/// Draws loss and held-out accuracy as two panels: side by side, or one above the other where `area` is narrow.
void drawTraining(QPainter& painter, const QRectF& area, const model::TrainingCurves& curves, const TrainingDrawing& drawing);

/// Writes the curves as a chart that fits two columns of a paper, or as a table: .png, .svg, .pdf or .csv.
base::Status plotTraining(const model::TrainingCurves& curves, const QString& title, const QString& file);

/// Writes training.png, .svg, .pdf and .csv into a folder, which is made; the files written.
base::Result<std::vector<QString>> plotTrainingInto(const model::TrainingCurves& curves, const QString& title,
                                                    const QString& folder);

/// The curves on the screen; told values under the pointer.
class TrainingPlot : public QWidget {
    Q_OBJECT

public:
    explicit TrainingPlot(QWidget* parent = nullptr);

    void setCurves(model::TrainingCurves curves, const QString& title);
    /// Shows a curves.csv, and reads it again whenever it has changed: a training on its way is seen live. A file that cannot
    /// be read is said in the plot's place.
    void follow(const QString& file, const QString& title);
    [[nodiscard]] const model::TrainingCurves& curves() const { return m_curves; }

    [[nodiscard]] QSize sizeHint() const override { return {720, 280}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void look();

    model::TrainingCurves m_curves;
    QString m_title, m_file, m_problem;
    QDateTime m_readAt;
    qint64 m_readSize = -1;
    std::optional<double> m_hover;
    QTimer m_timer;
};

}  // namespace splitscope::ui
