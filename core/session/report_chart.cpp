// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/report_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace splitscope::session {

namespace {

constexpr double kWidth = 760, kHeight = 210, kLeft = 58, kRight = 12, kTop = 10, kBottom = 38;

struct Scale {
    double low = 0, high = 1, from = 0, to = 1;
    [[nodiscard]] double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

std::string number(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

/// 1, 2 or 5 times a power of ten: about `count` of them in the span.
double stepOf(double span, int count)
{
    const double rough = span / count;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (double factor : {1.0, 2.0, 5.0})
        if (rough <= factor * power)
            return factor * power;
    return 10 * power;
}

std::string tickText(double value, double step)
{
    const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", std::min(decimals, 9), value);
    return text.data();
}

void extend(double& low, double& high, double value)
{
    if (!std::isfinite(value))
        return;
    low = std::min(low, value);
    high = std::max(high, value);
}

/// Of all values, from 0 where they do not go below it.
Scale valueScale(const ReportChart& chart, const std::vector<double>& sums)
{
    double low = 0, high = -std::numeric_limits<double>::infinity();
    if (chart.stacked)
        for (const double sum : sums)
            extend(low, high, sum);
    else
        for (const auto& series : chart.series)
            for (const double value : series.values)
                extend(low, high, value);
    if (chart.bandHigh)
        for (const double value : chart.bandHigh->values)
            extend(low, high, std::min(value, 4 * std::max(high, 0.0)));
    if (chart.reference && *chart.reference < 3 * high)
        extend(low, high, *chart.reference);
    if (!(high > low))
        high = low + 1;
    return {low, high + (high - low) * 0.04, kHeight - kBottom, kTop};
}

std::string gridOf(const Scale& x, const Scale& y)
{
    std::string svg;
    const auto text = [&svg](double left, double top, const char* anchor, const std::string& label) {
        svg += "<text x=\"" + number(left) + "\" y=\"" + number(top) + "\" text-anchor=\"" + anchor + "\">" + label + "</text>";
    };
    const double stepY = stepOf(y.high - y.low, 5);
    for (double value = std::ceil(y.low / stepY) * stepY; value <= y.high; value += stepY) {
        svg += "<path class=\"g\" d=\"M" + number(kLeft) + " " + number(y(value)) + "H" + number(kWidth - kRight) + "\"/>";
        text(kLeft - 6, y(value) + 4, "end", tickText(std::abs(value) < stepY / 1e6 ? 0 : value, stepY));
    }
    const double stepX = stepOf(x.high - x.low, 8);
    for (double value = std::ceil(x.low / stepX) * stepX; value <= x.high; value += stepX)
        text(x(value), kHeight - kBottom + 16, "middle", tickText(value, stepX));
    text(kWidth - kRight, kHeight - 4, "end", "time in s");
    return svg;
}

std::string pathOf(const std::vector<double>& xs, const std::vector<double>& values, const Scale& x, const Scale& y, bool steps)
{
    std::string path;
    bool open = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            open = false;
            continue;
        }
        const auto top = number(std::clamp(y(values[i]), kTop, kHeight));
        if (steps && open)
            path += "H" + number(x(xs[i])) + "V" + top;
        else
            path += (open ? "L" : "M") + number(x(xs[i])) + " " + top;
        open = true;
    }
    return path;
}

/// Closed, between two lines; places where either is missing are left out.
std::string areaOf(const std::vector<double>& xs, const std::vector<double>& low, const std::vector<double>& high, const Scale& x,
                   const Scale& y)
{
    std::string upper, lower;
    for (std::size_t i = 0; i < xs.size(); ++i) {
        if (!std::isfinite(low[i]) || !std::isfinite(high[i]))
            continue;
        const auto point = [&](double value) { return number(x(xs[i])) + " " + number(std::clamp(y(value), kTop, kHeight)); };
        upper += (upper.empty() ? "M" : "L") + point(high[i]);
        lower.insert(0, "L" + point(low[i]));
    }
    return upper.empty() ? upper : upper + lower + "Z";
}

std::string drawn(const ReportChart& chart, const Scale& x, const Scale& y)
{
    std::string svg;
    if (chart.bandLow && chart.bandHigh)
        svg += "<path fill=\"" + chart.bandHigh->colour + "\" fill-opacity=\".18\" d=\""
            + areaOf(chart.x, chart.bandLow->values, chart.bandHigh->values, x, y) + "\"/>";
    std::vector<double> below(chart.x.size(), 0.0);
    for (const auto& series : chart.series) {
        if (!chart.stacked) {
            svg += "<path fill=\"none\" stroke=\"" + series.colour + "\" stroke-width=\"1.4\""
                + (series.dash.empty() ? "" : " stroke-dasharray=\"" + series.dash + "\"") + " d=\""
                + pathOf(chart.x, series.values, x, y, series.steps) + "\"/>";
            continue;
        }
        auto above = below;
        for (std::size_t i = 0; i < above.size(); ++i)
            above[i] += series.values[i];
        svg += "<path fill=\"" + series.colour + "\" d=\"" + areaOf(chart.x, below, above, x, y) + "\"/>";
        below = above;
    }
    if (chart.reference && *chart.reference <= y.high)
        svg += "<path fill=\"none\" stroke=\"#222\" stroke-dasharray=\"6 3\" d=\"M" + number(kLeft) + " "
            + number(y(*chart.reference)) + "H" + number(kWidth - kRight) + "\"/>";
    return svg;
}

std::string legendOf(const ReportChart& chart)
{
    std::string html;
    for (const auto& series : chart.series) {
        const std::string mark = chart.stacked ? "<rect width=\"14\" height=\"10\" fill=\"" + series.colour + "\"/>"
                                               : "<path d=\"M0 5H22\" stroke=\"" + series.colour + "\" stroke-width=\"2\""
                + (series.dash.empty() ? "" : " stroke-dasharray=\"" + series.dash + "\"") + "/>";
        html += "<span><svg width=\"22\" height=\"10\">" + mark + "</svg> " + escaped(series.name) + "</span> ";
    }
    if (chart.bandHigh)
        html += "<span>shaded: " + escaped(chart.bandHigh->name) + "</span> ";
    if (chart.reference)
        html += "<span><svg width=\"22\" height=\"10\"><path d=\"M0 5H22\" stroke=\"#222\" stroke-dasharray=\"6 3\"/></svg> "
            + escaped(chart.referenceName) + "</span>";
    return html;
}

}  // namespace

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string threeDigits(double value)
{
    if (!std::isfinite(value))
        return "–";
    const double size = std::abs(value);
    const int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    std::array<char, 48> text{};
    if (size > 0 && size < 0.001)
        std::snprintf(text.data(), text.size(), "%.3g", value);
    else
        std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string toHtml(const ReportChart& chart)
{
    std::vector<double> sums(chart.x.size(), 0.0);
    bool any = false;
    for (const auto& series : chart.series)
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            sums[i] += series.values[i];
            any = any || std::isfinite(series.values[i]);
        }
    const std::string title = "<figcaption>" + escaped(chart.title) + " <small>" + escaped(chart.unit) + "</small></figcaption>";
    if (!any)
        return "<figure>" + title + "<p class=\"none\">nothing was measured</p></figure>\n";
    double first = chart.x.front(), last = chart.x.back();
    if (!(last > first))
        last = first + 1;
    const Scale x{first, last, kLeft, kWidth - kRight};
    const Scale y = valueScale(chart, sums);
    return "<figure>" + title + "<svg viewBox=\"0 0 " + number(kWidth) + " " + number(kHeight) + "\" role=\"img\"><title>"
        + escaped(chart.title + ": " + chart.about) + "</title>" + gridOf(x, y) + drawn(chart, x, y)
        + "</svg><div class=\"legend\">" + legendOf(chart) + "</div></figure>\n";
}

}  // namespace splitscope::session
