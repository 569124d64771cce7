// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/time_chart.h"

namespace splitscope::ui {

/// The decisions as steps, one lane each: exit, partition, bits, what gates answered early; and the regret that they brought.
class StepStrip : public TimeChart {
    Q_OBJECT

public:
    StepStrip(const SampleStore& store, TimeView& view, QWidget* parent = nullptr);

    /// Upper ends of the lanes: how many exits there are, and how long the longest path is.
    void setNetwork(int exits, int longestPath);

protected:
    [[nodiscard]] std::unique_ptr<TimeChart> makeCopy(TimeView& view) const override;
    std::pair<double, double> updateSeries(EnvelopeCache& shown) override;
    [[nodiscard]] std::vector<LegendEntry> legendEntries() const override { return {}; }
    [[nodiscard]] std::vector<Tick> valueTicks() const override;
    void drawDecorations(QPainter& painter) override;
    void restyle() override;

private:
    struct Lane {
        QString name;
        Column column;
        double low;
        double high;
        QLineSeries* steps;
    };
    static constexpr std::size_t kEarlyLane = 3, kRegretLane = 4;
    /// The lane of what gates answer is there while they answer something.
    [[nodiscard]] bool shows(std::size_t lane) const;
    [[nodiscard]] std::size_t rowOf(std::size_t lane) const;  ///< from the top
    [[nodiscard]] double rows() const;
    /// Height in the chart of a value of a lane, 0 to 1.
    [[nodiscard]] double height(std::size_t lane, double value) const;
    [[nodiscard]] QList<QPointF> steps(std::size_t lane, EnvelopeCache& shown) const;
    [[nodiscard]] QList<QPointF> regret(EnvelopeCache& shown);

    std::vector<Lane> m_lanes;
    bool m_showsEarly = false;
};

}  // namespace splitscope::ui
