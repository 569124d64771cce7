// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace splitscope::ui {

struct Tick {
    double value = 0;
    QString label;

    bool operator==(const Tick&) const = default;
};

/// Round values (1, 2, 5 × 10^k) within [low, high], about `count` of them, with as many decimals as they need.
std::vector<Tick> linearTicks(double low, double high, int count, const QString& unit = {});

/// Ticks of a logarithmic axis; low, high and the ticks' values are exponents of ten.
std::vector<Tick> logTicks(double low, double high, int count);

/// Ticks of a time axis in seconds, and what the axis is called with them: seconds up to ten minutes, clock times beyond.
struct TimeTicks {
    QString title;  ///< "time (h:min:s)"
    std::vector<Tick> ticks;
};
TimeTicks timeTicks(double from, double to, int count);

/// A time as timeTicks() would tell it, to the millisecond: "12.345 s", "1:02:03.456", "2 d 01:02:03.456".
QString clockText(double seconds);

/// The next round value at or above.
double roundUp(double value);

/// Three significant digits: "0.0123", "8.12", "512", "1,204".
QString threeDigits(double value);

}  // namespace splitscope::ui
