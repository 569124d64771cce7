// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/messages.h"

#include <QGroupBox>
#include <string>

class QComboBox;
class QUndoStack;

namespace splitscope::ui {

class SliderField;

/// The emulated uplink: a rate that is set or that varies, added delay and its jitter.
class LinkControls : public QGroupBox {
    Q_OBJECT

public:
    explicit LinkControls(QUndoStack* undo, QWidget* parent = nullptr);

    /// `bandwidth` as in sim::parseBandwidth().
    void setUplink(const std::string& bandwidth, const wire::Shaping& shaping);
    [[nodiscard]] std::string bandwidth() const;
    [[nodiscard]] wire::Shaping shaping() const;
    [[nodiscard]] SliderField* rate() const { return m_rate; }
    [[nodiscard]] SliderField* delay() const { return m_delay; }
    [[nodiscard]] QComboBox* sources() const { return m_sources; }

Q_SIGNALS:
    void uplinkChanged();

private:
    void chooseSource(int index);
    void askForTrace();
    void followText(const QString& bandwidth);
    void showSource();

    SliderField* m_rate;
    QComboBox* m_sources;
    SliderField* m_delay;
    SliderField* m_jitter;
    QString m_varying;  ///< the rate over time; empty: the slider's
    wire::Shaping m_shaping;  ///< keeps what no field shows
};

}  // namespace splitscope::ui
