// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/training_plot.h"

#include "core/base/files.h"
#include "ui/charts/chart_export.h"
#include "ui/charts/training_scale.h"

#include <QDir>
#include <QFileInfo>
#include <QMouseEvent>
#include <QPainter>

namespace splitscope::ui {

namespace {

constexpr double kHeightMm = 70;
constexpr int kLookMs = 1000;

}  // namespace

base::Status plotTraining(const model::TrainingCurves& curves, const QString& title, const QString& file)
{
    if (curves.points.empty())
        return base::Error{base::ErrorCode::InvalidInput, "has no points yet", title.toStdString()};
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix == QLatin1String("csv")) {
        const auto csv = model::toCsv(curves);
        return base::writeFileAtomically(file.toStdString(), base::asBytes(csv));
    }
    const Drawing drawing{
        title, [&](QPainter& painter, const QSizeF& layout) {
            drawTraining(painter, {QPointF(0, 0), layout}, curves, {Theme::of(themePalette(false)), title, true, {}});
        }};
    return exportDrawing(drawing, file, {kTwoColumnsMm, kHeightMm});
}

base::Result<std::vector<QString>> plotTrainingInto(const model::TrainingCurves& curves, const QString& title,
                                                    const QString& folder)
{
    if (!QDir().mkpath(folder))
        return base::Error{base::ErrorCode::Io, "cannot be made a folder; choose another", folder.toStdString()};
    std::vector<QString> files;
    for (const char* suffix : {"png", "svg", "pdf", "csv"}) {
        files.push_back(QDir(folder).filePath(QStringLiteral("training.%1").arg(QLatin1String(suffix))));
        if (const auto written = plotTraining(curves, title, files.back()); !written)
            return written.error();
    }
    return files;
}

TrainingPlot::TrainingPlot(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setAccessibleName(tr("Training curves"));
    connect(&m_timer, &QTimer::timeout, this, &TrainingPlot::look);
}

void TrainingPlot::setCurves(model::TrainingCurves curves, const QString& title)
{
    m_timer.stop();
    m_curves = std::move(curves);
    m_title = title;
    m_problem.clear();
    update();
}

void TrainingPlot::follow(const QString& file, const QString& title)
{
    m_file = file;
    m_title = title;
    m_readAt = {};
    m_readSize = -1;
    look();
    m_timer.start(kLookMs);
}

void TrainingPlot::look()
{
    const QFileInfo info(m_file);
    if (m_readSize >= 0 && info.exists() && info.lastModified() == m_readAt && info.size() == m_readSize)
        return;
    m_readAt = info.lastModified();
    m_readSize = info.exists() ? info.size() : -1;
    auto curves = model::readCurves(m_file.toStdString());
    m_problem = curves ? QString() : QString::fromStdString(curves.error().message());
    m_curves = curves ? std::move(*curves) : model::TrainingCurves();
    update();
}

void TrainingPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme theme = Theme::of(palette());
    painter.fillRect(rect(), theme.panel);
    if (m_curves.points.empty()) {
        painter.setPen(theme.muted);
        painter.setFont(smallFont());
        painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         m_problem.isEmpty() ? tr("No training's curves to show") : m_problem);
        return;
    }
    drawTraining(painter, rect(), m_curves, {theme, m_title, false, m_hover});
}

void TrainingPlot::mouseMoveEvent(QMouseEvent* event)
{
    m_hover.reset();
    const auto [left, right] = trainingPanels(rect(), !m_title.isEmpty());
    for (const QRectF& panel : {left, right}) {
        const QRectF plot = trainingPlotArea(panel);
        if (plot.contains(event->position()))
            m_hover = (event->position().x() - plot.left()) / plot.width() * trainingEpochs(m_curves);
    }
    update();
}

void TrainingPlot::leaveEvent(QEvent*)
{
    m_hover.reset();
    update();
}

}  // namespace splitscope::ui
