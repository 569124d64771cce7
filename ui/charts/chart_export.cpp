// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_export.h"

#include "ui/charts/time_chart.h"

#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kMmPerInch = 25.4;
/// Layout happens in these: 11-pixel labels come out at 7 points.
constexpr double kLayoutDpi = 113;

base::Error cannotWrite(const QString& path, const QString& why)
{
    return {base::ErrorCode::Io, "cannot write the chart: " + why.toStdString() + "; choose another folder", path.toStdString()};
}

QSizeF sizeMm(const ExportOptions& options)
{
    const double height = options.heightMm > 0 ? options.heightMm : std::min(options.widthMm * 0.62, 70.0);
    return {options.widthMm, height};
}

QSize layoutSize(const ExportOptions& options)
{
    const QSizeF size = sizeMm(options) * (kLayoutDpi / kMmPerInch);
    return size.toSize();
}

/// Draws the chart on a device whose size corresponds to the layout's.
void drawChart(const TimeChart& chart, QPainter& painter, const ExportOptions& options, const QRectF& target)
{
    TimeView view;
    view.zoomTo(chart.timeView().range());
    const auto copy = chart.paperCopy(view);
    copy->setAttribute(Qt::WA_DontShowOnScreen);
    copy->setMinimumSize(0, 0);
    copy->resize(layoutSize(options));
    copy->show();  // gives the view its final geometry; it never reaches the screen
    copy->refresh();
    painter.setRenderHint(QPainter::Antialiasing);
    copy->render(&painter, target, copy->viewport()->rect(), Qt::IgnoreAspectRatio);
    painter.end();
}

base::Status writePng(const TimeChart& chart, const QString& path, const ExportOptions& options)
{
    const QSizeF size = sizeMm(options);
    QImage image((size * (options.dpi / kMmPerInch)).toSize(), QImage::Format_RGB32);
    image.setDotsPerMeterX(static_cast<int>(std::lround(options.dpi / kMmPerInch * 1000)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.fill(Qt::white);
    QPainter painter(&image);
    const QRectF target(QPointF(0, 0), QSizeF(image.size()));
    drawChart(chart, painter, options, target);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Status writeSvg(const TimeChart& chart, const QString& path, const ExportOptions& options)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    const QSize layout = layoutSize(options);
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setResolution(static_cast<int>(kLayoutDpi));
    generator.setSize(layout);
    generator.setViewBox(QRect(QPoint(0, 0), layout));
    generator.setTitle(chart.spec().title);
    QPainter painter(&generator);
    painter.fillRect(QRect(QPoint(0, 0), layout), Qt::white);
    drawChart(chart, painter, options, QRectF(QPointF(0, 0), QSizeF(layout)));
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Status writePdf(const TimeChart& chart, const QString& path, const ExportOptions& options)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    QPdfWriter writer(&file);
    writer.setResolution(600);
    writer.setPageSize(QPageSize(sizeMm(options), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    writer.setTitle(chart.spec().title);
    QPainter painter(&writer);
    drawChart(chart, painter, options, QRectF(0, 0, writer.width(), writer.height()));
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Status writeCsv(const TimeChart& chart, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Text))
        return cannotWrite(path, file.errorString());
    const TimeChart::Table table = chart.table();
    file.write(table.header.join(',').toUtf8() + '\n');
    const QLocale locale = QLocale::c();
    for (const auto& row : table.rows) {
        QStringList cells;
        for (const double value : row)
            cells << (std::isnan(value) ? QString() : locale.toString(value, 'g', 7).remove(','));
        file.write(cells.join(',').toUtf8() + '\n');
    }
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

}  // namespace

base::Status exportChart(const TimeChart& chart, const QString& path, const ExportOptions& options)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png"))
        return writePng(chart, path, options);
    if (suffix == QLatin1String("svg"))
        return writeSvg(chart, path, options);
    if (suffix == QLatin1String("pdf"))
        return writePdf(chart, path, options);
    if (suffix == QLatin1String("csv"))
        return writeCsv(chart, path);
    return base::Error{base::ErrorCode::Unsupported, "charts are written as .png, .svg, .pdf or .csv", path.toStdString()};
}

base::Result<std::vector<QString>> exportCharts(const std::vector<const TimeChart*>& charts, const QString& folder,
                                                const QString& prefix, const QStringList& suffixes, const ExportOptions& options)
{
    if (!QDir().mkpath(folder))
        return cannotWrite(folder, QStringLiteral("the folder cannot be made"));
    std::vector<QString> files;
    for (const TimeChart* chart : charts) {
        for (const QString& suffix : suffixes) {
            const QString path = QDir(folder).filePath(QStringLiteral("%1%2.%3").arg(prefix, chart->spec().key, suffix));
            if (const auto written = exportChart(*chart, path, options); !written)
                return written.error();
            files.push_back(path);
        }
    }
    return files;
}

}  // namespace splitscope::ui
