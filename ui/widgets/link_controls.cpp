// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/link_controls.h"

#include "core/session/scenario.h"
#include "ui/widgets/slider_field.h"

#include <QComboBox>
#include <QVBoxLayout>

#include <cmath>

namespace splitscope::ui {

namespace {

struct Preset {
    const char* label;
    const char* name;  ///< of session::parseBandwidth
};

constexpr Preset kPresets[] = {{"CAT1 0.13 Mbit/s", "preset:cat1"},
                               {"3G 1.1 Mbit/s", "preset:3g"},
                               {"4G 5.85 Mbit/s", "preset:4g"},
                               {"Wi-Fi 18.88 Mbit/s", "preset:wifi"},
                               {"unlimited", "unlimited"}};

}  // namespace

LinkControls::LinkControls(QUndoStack* undo, QWidget* parent)
    : QGroupBox(tr("Link"), parent), m_rate(new SliderField(tr("Rate"), bandwidthScale())),
      m_delay(new SliderField(tr("Added delay"), delayScale())), m_presets(new QComboBox)
{
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_rate);
    layout->addWidget(m_presets);
    layout->addWidget(m_delay);
    m_rate->setToolTip(tr("The device's uplink is shaped to this rate, in user space. Write 300 KB/s, 2 MB/s, 5.85 Mbit/s or "
                          "unlimited."));
    m_delay->setToolTip(tr("Added one way to every message that leaves the device."));
    m_presets->addItem(tr("custom rate"));
    for (const Preset& preset : kPresets)
        m_presets->addItem(QString::fromUtf8(preset.label), QString::fromUtf8(preset.name));
    m_presets->setAccessibleName(tr("Rate preset"));
    m_presets->setToolTip(tr("Mean uplink rates of cellular and Wi-Fi links"));
    m_rate->recordIn(undo);
    m_delay->recordIn(undo);
    connect(m_presets, &QComboBox::activated, this, &LinkControls::choosePreset);
    connect(m_rate, &SliderField::valueChanged, this, [this] {
        showPreset();
        Q_EMIT shapingChanged(shaping());
    });
    connect(m_delay, &SliderField::valueChanged, this, [this] { Q_EMIT shapingChanged(shaping()); });
    setShaping({});
}

void LinkControls::setShaping(const wire::Shaping& shaping)
{
    m_burstBytes = shaping.burstBytes;
    m_rate->setValue(shaping.bytesPerSecond);
    m_delay->setValue(shaping.delayMs);
    showPreset();
}

wire::Shaping LinkControls::shaping() const
{
    wire::Shaping shaping;
    shaping.bytesPerSecond = m_rate->value();
    shaping.burstBytes = m_burstBytes;
    shaping.delayMs = m_delay->value();
    return shaping;
}

void LinkControls::choosePreset(int index)
{
    const QString name = m_presets->itemData(index).toString();
    if (name.isEmpty())
        return;
    if (const auto rate = session::parseBandwidth(name.toStdString()))
        m_rate->changeValue(*rate);
}

void LinkControls::showPreset()
{
    int shown = 0;
    for (int i = 1; i < m_presets->count(); ++i) {
        const auto rate = session::parseBandwidth(m_presets->itemData(i).toString().toStdString());
        if (rate && std::abs(*rate - m_rate->value()) < 1)
            shown = i;
    }
    m_presets->setCurrentIndex(shown);
}

}  // namespace splitscope::ui
