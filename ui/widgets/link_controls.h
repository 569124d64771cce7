// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/messages.h"

#include <QGroupBox>

class QComboBox;
class QUndoStack;

namespace splitscope::ui {

class SliderField;

/// The emulated uplink: rate, presets, added delay.
class LinkControls : public QGroupBox {
    Q_OBJECT

public:
    explicit LinkControls(QUndoStack* undo, QWidget* parent = nullptr);

    void setShaping(const wire::Shaping& shaping);
    [[nodiscard]] wire::Shaping shaping() const;
    [[nodiscard]] SliderField* rate() const { return m_rate; }
    [[nodiscard]] SliderField* delay() const { return m_delay; }

Q_SIGNALS:
    void shapingChanged(const splitscope::wire::Shaping& shaping);

private:
    void choosePreset(int index);
    void showPreset();

    SliderField* m_rate;
    SliderField* m_delay;
    QComboBox* m_presets;
    double m_burstBytes = wire::Shaping{}.burstBytes;
};

}  // namespace splitscope::ui
