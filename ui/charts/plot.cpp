// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plot.h"

#include "core/base/files.h"
#include "ui/charts/plot_drawing.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <map>

namespace splitscope::ui {

bool Plot::empty() const
{
    return std::ranges::all_of(lines, [](const PlotLine& line) { return line.points.empty(); });
}

std::string toCsv(const Plot& plot)
{
    std::map<double, std::vector<double>> rows;
    QStringList header{plot.x.key};
    for (std::size_t i = 0; i < plot.lines.size(); ++i) {
        header << plot.lines[i].key;
        for (const QPointF& point : plot.lines[i].points)
            rows.try_emplace(point.x(), plot.lines.size(), std::nan("")).first->second[i] = point.y();
    }
    const QLocale locale = QLocale::c();
    QString csv = header.join(',') + '\n';
    const auto number = [&](double value) { return locale.toString(value, 'g', 7).remove(','); };
    for (const auto& [x, values] : rows) {
        csv += number(x);
        for (const double value : values)
            csv += ',' + (std::isnan(value) ? QString() : number(value));
        csv += '\n';
    }
    return csv.toStdString();
}

base::Status exportPlot(const Plot& plot, const QString& path, const ExportOptions& options)
{
    if (plot.empty())
        return base::Error{base::ErrorCode::NotFound, "there is nothing to export yet", path.toStdString()};
    if (QFileInfo(path).suffix().toLower() == QLatin1String("csv")) {
        const std::string csv = toCsv(plot);
        return base::writeFileAtomically(path.toStdString(), base::asBytes(csv));
    }
    return exportDrawing({plot.title,
                          [&](QPainter& painter, const QSizeF& layout) {
                              PlotDrawing(plot, {QPointF(0, 0), layout}, Theme::of(themePalette(false)), true).paint(painter);
                          }},
                         path, options);
}

}  // namespace splitscope::ui
