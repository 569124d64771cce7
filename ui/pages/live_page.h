// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/step_strip.h"
#include "ui/models/sample_store.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

namespace splitscope::ui {

class NetworkStrip;
class PredictionStrip;
class ValueTable;

/// The running experiment: the network with its cut, and every quantity over one time axis.
class LivePage : public QWidget {
    Q_OBJECT

public:
    /// The store must outlive the page.
    explicit LivePage(SampleStore& store, QWidget* parent = nullptr);
    ~LivePage() override;

    /// Takes finished requests; the charts follow at most 30 times a second, less often if drawing is slow.
    void addSamples(const std::vector<session::Sample>& samples);
    void clear();
    void setNetwork(const model::NetworkSpec& spec);
    void setDeadline(double deadlineMs);  ///< 0 or infinite: none
    void setEnergyLimit(double joules);  ///< infinite: none
    void follow() { m_view.follow(); }
    /// Draws what is new now.
    void refresh();

    [[nodiscard]] TimeView& timeView() { return m_view; }
    [[nodiscard]] const std::vector<TimeChart*>& charts() const { return m_charts; }
    [[nodiscard]] ValueTable* valueTable() const { return m_values; }
    [[nodiscard]] PredictionStrip& predictionStrip() { return *m_prediction; }

Q_SIGNALS:
    void exportRequested(splitscope::ui::TimeChart* chart, const QPoint& globalPosition);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void schedule();
    void refreshCharts();
    void placeValues();
    bool navigate(ChartMove move);
    void moveCrosshair(int direction);

    SampleStore& m_store;
    TimeView m_view;
    NetworkStrip* m_network;
    PredictionStrip* m_prediction;
    StepStrip* m_steps = nullptr;
    TimeChart* m_latency = nullptr;
    TimeChart* m_energy = nullptr;
    std::vector<TimeChart*> m_charts;
    ValueTable* m_values;
    QTimer m_redraw;
    double m_lastCostMs = 0;
    double m_drawnSpan = 0;  ///< seconds; 0: all charts are to be drawn
    int m_turn = 0, m_turnsLeft = 0;
    std::optional<session::Sample> m_latest;
};

}  // namespace splitscope::ui
