// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/network_spec.h"
#include "core/session/summary.h"

#include <QWidget>

#include <optional>

namespace splitscope::ui {

/// How long each side took, in milliseconds.
struct SideTimes {
    double device = 0;
    double transfer = 0;  ///< with the queues on both sides
    double edge = 0;
    double fallback = 0;
    double total = 0;
};
SideTimes sideTimes(const wire::StageTimes& stages);

/// The network as a chain of layers: which run on the device, where it is cut, what crosses, which exit answers, how long
/// each side took with the latest request, and why.
class NetworkStrip : public QWidget {
    Q_OBJECT

public:
    explicit NetworkStrip(QWidget* parent = nullptr);

    void setNetwork(const model::NetworkSpec& spec);
    void showSample(const session::Sample& sample);
    void clear();

    [[nodiscard]] QSize sizeHint() const override { return {900, kHeight}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {400, kHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    static constexpr int kHeight = 96;

    void drawChain(QPainter& painter, const QRectF& area) const;
    void drawBranch(QPainter& painter, const QPointF& at, int exit) const;
    void drawCut(QPainter& painter, const QRectF& area, double x) const;
    void drawTimes(QPainter& painter, const QRectF& area) const;
    [[nodiscard]] QString crossing() const;
    /// What the time went into, and why the strategy decided as it did where it says so.
    [[nodiscard]] QString reason() const;

    std::optional<model::NetworkSpec> m_spec;
    std::optional<session::Sample> m_sample;
    int m_longest = 1;
};

}  // namespace splitscope::ui
