// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"

#include <QGroupBox>

class QComboBox;
class QSpinBox;

namespace splitscope::ui {

/// What cannot change during a run: device, model, data, coder, batch, depth, frames, seed.
class StartControls : public QGroupBox {
    Q_OBJECT

public:
    explicit StartControls(QWidget* parent = nullptr);

    void show(const session::Scenario& scenario);
    void applyTo(session::Scenario& scenario) const;
    void setEditable(bool editable);

Q_SIGNALS:
    void modelChanged(const QString& model);
    void edited();

private:
    QComboBox* m_device;
    QComboBox* m_model;
    QComboBox* m_data;
    QComboBox* m_coder;
    QSpinBox* m_batch;
    QSpinBox* m_depth;
    QSpinBox* m_frames;
    QSpinBox* m_seed;
};

}  // namespace splitscope::ui
