// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axis_ticks.h"

#include <QCoreApplication>
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

namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 24 * kHour;
constexpr double kPlainSeconds = 10 * kMinute;  ///< up to here nobody needs minutes

/// Seconds, minutes and hours are counted in these; days and parts of a second in tens.
double roundTimeStep(double raw)
{
    constexpr double kSteps[] = {1,       2,           5,           10,           15,           30,
                                 kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute,
                                 kHour,   2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour};
    if (raw <= kSteps[0] / 2)
        return roundStep(raw);
    for (const double step : kSteps)
        if (raw <= step * (1 + 1e-9))
            return step;
    return kDay * roundStep(raw / kDay);
}

QString timeTitle(const QString& unit) { return QCoreApplication::translate("splitscope::ui::TimeTicks", "time (%1)").arg(unit); }

/// What of a time is told: the largest part by the axis' end, the smallest by its step.
struct ClockForm {
    bool days = false, hours = false, seconds = true;
    int decimals = 0;

    [[nodiscard]] QString text(double time) const
    {
        const double unit = std::pow(10.0, -decimals);
        time = std::round(time / unit) * unit;  // carried before it is taken apart: never 1:60
        const auto day = static_cast<qint64>(time / kDay);
        time -= days ? static_cast<double>(day) * kDay : 0;
        const auto hour = static_cast<qint64>(time / kHour);
        time -= hours ? static_cast<double>(hour) * kHour : 0;
        const auto minute = static_cast<qint64>(time / kMinute + 1e-9);
        const QChar zero(u'0');
        QString told = hours ? QStringLiteral("%1:%2").arg(hour, days ? 2 : 1, 10, zero).arg(minute, 2, 10, zero)
                             : QString::number(minute);
        if (seconds)
            told += QStringLiteral(":%1").arg(std::max(0.0, time - static_cast<double>(minute) * kMinute),
                                              decimals > 0 ? decimals + 3 : 2, 'f', decimals, zero);
        return days ? QStringLiteral("%1 d %2").arg(day).arg(told) : told;
    }
    [[nodiscard]] QString title() const
    {
        const QString clock
            = (hours ? QStringLiteral("h:min") : QStringLiteral("min")) + (seconds ? QStringLiteral(":s") : QString());
        return timeTitle((days ? QStringLiteral("d ") : QString()) + clock);
    }
};

}  // namespace

TimeTicks timeTicks(double from, double to, int count)
{
    if (to < kPlainSeconds)
        return {timeTitle(QStringLiteral("s")), linearTicks(from, to, count)};
    if (!(to > from) || count < 1)
        return {timeTitle(QStringLiteral("s")), {}};
    const double step = roundTimeStep((to - from) / count);
    ClockForm form;
    form.days = to >= 2 * kDay;
    form.hours = to >= kHour;
    form.seconds = step < kMinute || !form.hours;
    form.decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    TimeTicks told{form.title(), {}};
    for (double i = std::ceil(from / step - 1e-9); i * step <= to + step * 1e-9; ++i)
        told.ticks.push_back(
            {i * step, step >= kDay ? QStringLiteral("%1 d").arg(std::round(i * step / kDay)) : form.text(i * step)});
    return told;
}

QString clockText(double seconds)
{
    constexpr int kDecimals = 3;
    if (seconds < kPlainSeconds)
        return QLocale::c().toString(seconds, 'f', kDecimals) + QStringLiteral(" s");
    return ClockForm{seconds >= 2 * kDay, true, true, kDecimals}.text(seconds);
}

QString threeDigits(double value)
{
    if (value == 0 || !std::isfinite(value))
        return value == 0 ? QStringLiteral("0") : QStringLiteral("–");
    const int digits = static_cast<int>(std::floor(std::log10(std::abs(value))));
    return QLocale::c().toString(value, 'f', std::clamp(2 - digits, 0, 6));
}

}  // namespace splitscope::ui
