// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/device_model.h"
#include "ui/models/health_history.h"

#include <QWidget>

class QFormLayout;
class QLabel;

namespace splitscope::ui {

class PlotView;

/// One device: what is wrong and what to do, what it is, how it is doing, and its last minutes as small plots.
class DeviceDetails : public QWidget {
    Q_OBJECT

public:
    explicit DeviceDetails(QWidget* parent = nullptr);

    void show(const DeviceEntry& entry, const HealthHistory& history);

    [[nodiscard]] PlotView* temperature() const { return m_temperature; }
    [[nodiscard]] PlotView* load() const { return m_load; }
    [[nodiscard]] PlotView* roundTrip() const { return m_roundTrip; }
    [[nodiscard]] PlotView* power() const { return m_power; }
    [[nodiscard]] QLabel* problem() const { return m_problem; }
    /// The text of a fact, by its key: "memory", "clock", "throttling", …
    [[nodiscard]] QString fact(const QString& key) const;

private:
    QLabel* addFact(QFormLayout* form, const char* key, const QString& caption, const QString& toolTip);
    void setFact(const char* key, const QString& text);
    void showFacts(const DeviceEntry& entry);
    void showPlots(const DeviceEntry& entry, const HealthHistory& history);

    /// What the plots are of: they are drawn anew where it is something else.
    struct Shown {
        std::string address;
        DeviceCondition condition = DeviceCondition::Off;
        std::size_t points = 0;
        double newest = 0;
        bool operator==(const Shown&) const = default;
    };

    Shown m_shown;
    QLabel *m_title, *m_problem;
    PlotView *m_temperature, *m_load, *m_roundTrip, *m_power;
};

}  // namespace splitscope::ui
