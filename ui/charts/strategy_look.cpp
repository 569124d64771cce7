// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/strategy_look.h"

#include <algorithm>
#include <array>

namespace splitscope::ui {

namespace {

enum Hue { Vermilion, Blue, Green, Purple, Brown, Sky, Grey };
constexpr std::array<QRgb, 7> kLight{0xd55e00, 0x0072b2, 0x009e73, 0xa8557f, 0x8a6100, 0x3f8fc4, 0x6b6b6b};
constexpr std::array<QRgb, 7> kDark{0xff8c42, 0x56b4e9, 0x2fc79a, 0xe29bc4, 0xf0c043, 0x9ad1f5, 0xb0b0b0};

/// Kin share a colour and differ in marker and line: what is learned, greedy, published, and what never changes.
struct Entry {
    const char* name;
    Hue hue;
    Marker marker;
    Qt::PenStyle line;
};
constexpr Entry kEntries[] = {
    {"optimum", Grey, Marker::Cross, Qt::SolidLine},
    {"sacd", Vermilion, Marker::Circle, Qt::SolidLine},
    {"sacd-paper", Vermilion, Marker::TriangleDown, Qt::DashLine},
    {"dqn", Blue, Marker::Square, Qt::DashLine},
    {"boomerang", Blue, Marker::Diamond, Qt::DashDotLine},
    {"supervised", Purple, Marker::Diamond, Qt::DashDotLine},
    {"greedy", Green, Marker::TriangleUp, Qt::SolidLine},
    {"greedy-queue", Green, Marker::Diamond, Qt::DashLine},
    {"greedy-switch", Green, Marker::Square, Qt::DashDotLine},
    {"greedy-ewma", Green, Marker::Circle, Qt::DashLine},
    {"greedy-belief", Green, Marker::Cross, Qt::SolidLine},
    {"neurosurgeon-latency", Brown, Marker::Circle, Qt::DashLine},
    {"neurosurgeon-energy", Brown, Marker::TriangleDown, Qt::DashDotLine},
    {"edgent", Sky, Marker::Diamond, Qt::SolidLine},
    {"edgent-published", Sky, Marker::TriangleUp, Qt::DashLine},
    {"edgent-dynamic", Sky, Marker::Square, Qt::DashLine},
    {"autodidactic", Brown, Marker::Diamond, Qt::SolidLine},
    {"jalad", Sky, Marker::Circle, Qt::DashDotLine},
    {"ko-lossless", Brown, Marker::Square, Qt::DashLine},
    {"ko-lossy", Brown, Marker::TriangleUp, Qt::DashDotLine},
    {"branchynet", Brown, Marker::Cross, Qt::SolidLine},
    {"branchynet-edge", Sky, Marker::Cross, Qt::DashDotLine},
    {"spinn", Sky, Marker::TriangleDown, Qt::SolidLine},
    {"on-device", Green, Marker::TriangleDown, Qt::DashDotLine},
    {"on-edge", Purple, Marker::TriangleUp, Qt::SolidLine},
    {"on-edge-lossless", Purple, Marker::Square, Qt::DashLine},
    {"on-edge-jpeg", Purple, Marker::Circle, Qt::DashDotLine},
    {"fixed", Grey, Marker::Square, Qt::DashLine},
    {"cycle", Grey, Marker::Circle, Qt::DashDotLine},
};

}  // namespace

std::optional<StrategyLook> strategyLook(const QString& name, const Theme& theme)
{
    const auto* found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                     [&](const Entry& entry) { return name == QLatin1String(entry.name); });
    if (found == std::end(kEntries))
        return std::nullopt;
    return StrategyLook{seriesColour(found->hue, theme), found->marker, found->line};
}

QColor seriesColour(std::size_t index, const Theme& theme)
{
    return theme.dark ? QColor(kDark[index % kDark.size()]) : QColor(kLight[index % kLight.size()]);
}

}  // namespace splitscope::ui
