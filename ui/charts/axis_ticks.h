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

/// The next round value at or above.
double roundUp(double value);

/// Three significant digits: "0.0123", "8.12", "512", "1,204".
QString threeDigits(double value);

}  // namespace splitscope::ui
