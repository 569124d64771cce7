// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_export.h"

#include "ui/charts/time_chart.h"

#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QPicture>
#include <QSaveFile>
#include <QSvgGenerator>

#include <charconv>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kLayoutDpi = kMmPerInch / kLayoutUnitMm;

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

/// Paints on a device that is `width` dots wide: in the layout's units.
void paintScaled(const Drawing& drawing, QPainter& painter, const ExportOptions& options, double width)
{
    const QSizeF layout = layoutSize(options);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(width / layout.width(), width / layout.width());
    drawing.paint(painter, layout);
    painter.end();
}

base::Status writePng(const Drawing& drawing, const QString& path, const ExportOptions& options)
{
    const QSizeF size = sizeMm(options);
    QImage image((size * (options.dpi / kMmPerInch)).toSize(), QImage::Format_RGB32);
    image.setDotsPerMeterX(static_cast<int>(std::lround(options.dpi / kMmPerInch * 1000)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.fill(Qt::white);
    QPainter painter(&image);
    paintScaled(drawing, painter, options, image.width());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Status writeSvg(const Drawing& drawing, const QString& path, const ExportOptions& options)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    const QSize layout = layoutSize(options);
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setResolution(static_cast<int>(std::lround(kLayoutDpi)));
    generator.setSize(layout);
    generator.setViewBox(QRect(QPoint(0, 0), layout));
    generator.setTitle(drawing.title);
    QPainter painter(&generator);
    painter.fillRect(QRect(QPoint(0, 0), layout), Qt::white);
    paintScaled(drawing, painter, options, layout.width());
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

base::Status writePdf(const Drawing& drawing, const QString& path, const ExportOptions& options)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    QPdfWriter writer(&file);
    writer.setResolution(600);
    writer.setPageSize(QPageSize(sizeMm(options), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    writer.setTitle(drawing.title);
    QPainter painter(&writer);
    paintScaled(drawing, painter, options, writer.width());
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

}  // namespace

base::Status exportDrawing(const Drawing& drawing, const QString& path, const ExportOptions& options)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png"))
        return writePng(drawing, path, options);
    if (suffix == QLatin1String("svg"))
        return writeSvg(drawing, path, options);
    if (suffix == QLatin1String("pdf"))
        return writePdf(drawing, path, options);
    return base::Error{base::ErrorCode::Unsupported, "charts are written as .png, .svg, .pdf or .csv", path.toStdString()};
}

Drawing drawingOf(const TimeChart& chart, const ExportOptions& options)
{
    TimeView view;
    view.zoomTo(chart.timeView().range());
    const auto copy = chart.paperCopy(view);
    const QSize layout = layoutSize(options);
    copy->setAttribute(Qt::WA_DontShowOnScreen);
    copy->setMinimumSize(0, 0);
    copy->resize(layout);
    copy->show();  // gives the view its final geometry; it never reaches the screen
    copy->refresh();
    QPicture picture;
    QPainter painter(&picture);
    copy->render(&painter, QRectF({}, layout), copy->viewport()->rect(), Qt::IgnoreAspectRatio);
    painter.end();
    return {chart.spec().title, [picture](QPainter& onto, const QSizeF&) {
                // Pictures are played by inches; layouts are not.
                onto.scale(static_cast<double>(picture.logicalDpiX()) / onto.device()->logicalDpiX(),
                           static_cast<double>(picture.logicalDpiY()) / onto.device()->logicalDpiY());
                QPicture(picture).play(&onto);
            }};
}

base::Status writeCsv(const ChartValues& values, const QString& path, const std::stop_token& stop)
{
    constexpr qsizetype kAtOnce = 1 << 16;  // bytes
    constexpr int kDigits = 7;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    QByteArray lines = values.header().join(QLatin1Char(',')).toUtf8();
    const auto append = [&lines](double value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, kDigits);
        lines.append(digits, end.ptr - digits);
    };
    lines.append('\n');
    const SampleStore& samples = values.samples;
    for (std::size_t i = samples.firstNotBefore(values.range.from); i < samples.size(); ++i) {
        if (samples.time(i) > values.range.to)
            break;
        append(samples.time(i));
        for (std::size_t column = 0; column < values.columns.size(); ++column) {
            lines.append(',');
            if (const double value = values.value(column, i); !std::isnan(value))
                append(value);
        }
        lines.append('\n');
        if (lines.size() < kAtOnce)
            continue;
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", path.toStdString()};
        file.write(lines);
        lines.clear();
    }
    file.write(lines);
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

QString exportedName(const QString& prefix, const TimeChart& chart, const QString& suffix)
{
    return QStringLiteral("%1%2.%3").arg(prefix, chart.spec().key, suffix);
}

base::Status exportChart(const TimeChart& chart, const QString& path, const ExportOptions& options)
{
    if (QFileInfo(path).suffix().toLower() == QLatin1String("csv"))
        return writeCsv(chart.values(), path);
    return exportDrawing(drawingOf(chart, options), path, options);
}

base::Result<std::vector<QString>> exportCharts(const std::vector<const TimeChart*>& charts, const QString& folder,
                                                const QString& prefix, const QStringList& suffixes, const ExportOptions& options)
{
    if (!QDir().mkpath(folder))
        return cannotWrite(folder, QStringLiteral("the folder cannot be made"));
    std::vector<QString> files;
    for (const TimeChart* chart : charts) {
        for (const QString& suffix : suffixes) {
            const QString path = QDir(folder).filePath(exportedName(prefix, *chart, suffix));
            if (const auto written = exportChart(*chart, path, options); !written)
                return written.error();
            files.push_back(path);
        }
    }
    return files;
}

}  // namespace splitscope::ui
