// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/reward_scales.h"

#include "core/base/units.h"
#include "core/decision/reward.h"
#include "ui/charts/axis_ticks.h"
#include "ui/models/texts.h"

#include <cmath>
#include <limits>

namespace splitscope::ui {

namespace {

constexpr double kEnd = 0.015;  // share of a slider that stands for "automatic" or "no limit"

struct Ends {
    double low, high;
    [[nodiscard]] double at(double share) const { return low * std::pow(high / low, std::clamp(share, 0.0, 1.0)); }
    [[nodiscard]] double share(double value) const
    {
        return std::clamp(std::log(std::max(value, low) / low) / std::log(high / low), 0.0, 1.0);
    }
};

/// Three significant digits, so that what is shown is what is used.
double rounded(double value) { return QString::number(value, 'g', 3).toDouble(); }

bool isNone(const QString& text)
{
    const QString word = text.simplified().toLower();
    return word == tr("none") || word == QLatin1String("none") || word == QLatin1String("off")
        || word == QLatin1String("no limit");
}

/// A number with one of the units; without a unit the first is meant.
std::optional<double> parseWithUnit(const QString& text, std::initializer_list<std::pair<const char*, double>> units)
{
    QString compact = text.simplified().remove(' ').remove(QChar(0x2009));
    double factor = units.begin()->second;
    for (const auto& [unit, value] : units)
        if (compact.endsWith(QLatin1String(unit), Qt::CaseInsensitive)) {
            compact.chop(static_cast<qsizetype>(qstrlen(unit)));
            factor = value;
            break;
        }
    bool ok = false;
    const double number = compact.toDouble(&ok) * factor;
    return ok && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// In equal ratios; the right end is no limit.
ValueScale limitScale(Ends ends, std::function<QString(double)> format,
                      std::function<std::optional<double>(const QString&)> parse)
{
    return {[ends](double share) { return share > 1 - kEnd ? decision::kNoLimit : rounded(ends.at(share / (1 - kEnd))); },
            [ends](double value) { return std::isfinite(value) ? ends.share(value) * (1 - kEnd) : 1; },
            [format](double value) { return std::isfinite(value) ? format(value) : tr("none"); },
            [parse](const QString& text) -> std::optional<double> {
                if (isNone(text))
                    return decision::kNoLimit;
                const auto value = parse(text);
                return value && *value > 0 ? value : std::nullopt;
            }};
}

}  // namespace

ValueScale sensitivityScale()
{
    const Ends ends{0.1, 100};
    return {[ends](double share) { return rounded(ends.at(share)); }, [ends](double value) { return ends.share(value); },
            [](double value) { return threeDigits(value) + QStringLiteral(" MB/s"); },
            [](const QString& text) -> std::optional<double> {
                const auto value = parseWithUnit(text, {{"MB/s", 1}, {"KB/s", 1e-3}, {"Mbit/s", 0.125}});
                return value && *value > 0 && *value <= 1e6 ? value : std::nullopt;
            }};
}

ValueScale weightScale()
{
    const Ends ends{0.05, 2};
    return {[ends](double share) { return share < kEnd ? 0 : rounded(ends.at((share - kEnd) / (1 - kEnd))); },
            [ends](double value) { return value <= 0 ? 0 : kEnd + ends.share(value) * (1 - kEnd); },
            [](double value) { return value <= 0 ? tr("auto") : threeDigits(value); },
            [](const QString& text) -> std::optional<double> {
                if (text.simplified().compare(tr("auto"), Qt::CaseInsensitive) == 0)
                    return 0;
                const auto value = parseWithUnit(text, {{"", 1}});
                return value && *value >= 0 && *value <= 1e6 ? value : std::nullopt;
            }};
}

ValueScale energyLimitScale()
{
    return limitScale(
        {1e-4, 10},
        [](double joules) {
            return joules < 1 ? threeDigits(joules * 1e3) + QStringLiteral(" mJ") : threeDigits(joules) + QStringLiteral(" J");
        },
        [](const QString& text) {
            return parseWithUnit(text, {{"mJ", 1e-3}, {"µJ", 1e-6}, {"J", 1}});
        });
}

ValueScale deadlineScale()
{
    return limitScale(
        {1, 10'000}, [](double ms) { return threeDigits(ms) + QStringLiteral(" ms"); },
        [](const QString& text) {
            return parseWithUnit(text, {{"ms", 1}, {"µs", 1e-3}, {"s", 1e3}});
        });
}

ValueScale accuracyFloorScale()
{
    return {[](double share) { return std::round(share * 99) / 100; }, [](double value) { return value / 0.99; },
            [](double value) { return value <= 0 ? tr("none") : threeDigits(value * 100) + QStringLiteral(" %"); },
            [](const QString& text) -> std::optional<double> {
                if (isNone(text))
                    return 0;
                const auto value = parseWithUnit(text, {{"%", 0.01}});
                return value && *value >= 0 && *value < 1 ? value : std::nullopt;
            }};
}

ValueScale layerScale(int layers, bool open)
{
    constexpr double kAny = std::numeric_limits<int>::max();
    const int positions = layers + (open ? 1 : 0);
    return {[=](double share) {
                const double layer = std::round(share * positions);
                return open && layer > layers ? kAny : layer;
            },
            [=](double value) { return std::clamp(std::min(value, double(positions)) / std::max(1, positions), 0.0, 1.0); },
            [=](double value) {
                if (open && value > layers)
                    return tr("any");
                return !open && value <= 0 ? tr("none") : QString::number(value, 'f', 0);
            },
            [=](const QString& text) -> std::optional<double> {
                if (open && text.simplified().compare(tr("any"), Qt::CaseInsensitive) == 0)
                    return kAny;
                if (!open && isNone(text))
                    return 0;
                bool ok = false;
                const int layer = text.simplified().toInt(&ok);
                return ok && layer >= 0 && layer <= layers ? std::optional<double>(layer) : std::nullopt;
            }};
}

}  // namespace splitscope::ui
