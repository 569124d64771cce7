// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axis_ticks.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kRoundSteps[] = {1, 2, 5, 10};

double roundStep(double raw)
{
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double step : kRoundSteps) {
        if (raw <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

}  // namespace

double roundUp(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        if (value <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

std::vector<Tick> linearTicks(double low, double high, int count, const QString& unit)
{
    std::vector<Tick> ticks;
    if (!(high > low) || count < 1)
        return ticks;
    const double step = roundStep((high - low) / count);
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    const QLocale locale = QLocale::c();
    for (double i = std::ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) {
        QString label = locale.toString(i * step, 'f', decimals);
        if (!unit.isEmpty())
            label += QChar(0x2009) + unit;
        ticks.push_back({i * step, label});
    }
    return ticks;
}

std::vector<Tick> logTicks(double low, double high, int count)
{
    std::vector<Tick> ticks;
    const double decades = high - low;
    const bool dense = decades * 3 <= count;
    const bool halves = !dense && decades * 2 <= count;
    const int every = dense || halves ? 1 : std::max(1, static_cast<int>(std::ceil(decades / count)));
    for (int power = static_cast<int>(std::floor(low)); power <= static_cast<int>(std::ceil(high)); power += every) {
        for (const double step : kRoundSteps) {
            if (step == 10 || (step == 2 && !dense) || (step == 5 && !dense && !halves))
                continue;
            const double exponent = power + std::log10(step);
            if (exponent >= low - 1e-9 && exponent <= high + 1e-9)
                ticks.push_back({exponent, QLocale::c().toString(step * std::pow(10.0, power), 'g', 6)});
        }
    }
    return ticks;
}

QString threeDigits(double value)
{
    if (value == 0 || !std::isfinite(value))
        return value == 0 ? QStringLiteral("0") : QStringLiteral("–");
    const int digits = static_cast<int>(std::floor(std::log10(std::abs(value))));
    return QLocale::c().toString(value, 'f', std::clamp(2 - digits, 0, 6));
}

}  // namespace splitscope::ui
