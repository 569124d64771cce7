// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/link_controls.h"

#include "core/base/units.h"
#include "core/sim/bandwidth.h"
#include "ui/widgets/rate_sources.h"
#include "ui/widgets/slider_field.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QVBoxLayout>

#include <cmath>

namespace splitscope::ui {

namespace {

struct Source {
    const char* label;
    const char* bandwidth;  ///< of sim::parseBandwidth
};

constexpr Source kPresets[] = {{QT_TRANSLATE_NOOP("splitscope::ui::LinkControls", "CAT1 0.13 Mbit/s"), "preset:cat1"},
                               {QT_TRANSLATE_NOOP("splitscope::ui::LinkControls", "3G 1.1 Mbit/s"), "preset:3g"},
                               {QT_TRANSLATE_NOOP("splitscope::ui::LinkControls", "4G 5.85 Mbit/s"), "preset:4g"},
                               {QT_TRANSLATE_NOOP("splitscope::ui::LinkControls", "Wi-Fi 18.88 Mbit/s"), "preset:wifi"},
                               {QT_TRANSLATE_NOOP("splitscope::ui::LinkControls", "unlimited"), "unlimited"}};

constexpr QLatin1String kTraceFile("file");

/// The slider's value for a constant rate; 0: unlimited.
double sliderValue(const sim::Trace& rate) { return std::isfinite(rate.rateAt(0)) ? rate.rateAt(0) : 0; }

/// Which preset has this rate; -1: none.
int presetOf(double bytesPerSecond)
{
    for (int i = 0; i < static_cast<int>(std::size(kPresets)); ++i)
        if (const auto rate = sim::parseBandwidth(kPresets[i].bandwidth);
            rate && std::abs(sliderValue(*rate) - bytesPerSecond) < 1)
            return i;
    return -1;
}

}  // namespace

LinkControls::LinkControls(QUndoStack* undo, QWidget* parent)
    : QGroupBox(tr("Link"), parent), m_rate(new SliderField(tr("Rate"), bandwidthScale())), m_sources(new QComboBox),
      m_delay(new SliderField(tr("Added delay"), delayScale())), m_jitter(new SliderField(tr("Jitter"), delayScale()))
{
    auto* layout = new QVBoxLayout(this);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_rate, m_sources, m_delay, m_jitter})
        layout->addWidget(widget);
    m_rate->setToolTip(tr("The device's uplink is shaped to this rate. Write 300 KB/s, 2 MB/s, 5.85 Mbit/s or unlimited."));
    m_delay->setToolTip(tr("Added one way to every message that leaves the device."));
    m_jitter->setToolTip(tr("The added delay varies evenly by up to so much either way; nothing overtakes."));
    m_sources->addItem(tr("custom rate"));
    for (const Source& preset : kPresets)
        m_sources->addItem(tr(preset.label), QString::fromUtf8(preset.bandwidth));
    m_sources->insertSeparator(m_sources->count());
    for (const RateSource& varying : varyingRates())
        m_sources->addItem(varying.label, varying.bandwidth);
    m_sources->addItem(tr("trace file…"), kTraceFile);
    m_sources->setAccessibleName(tr("Source of the rate"));
    m_sources->setToolTip(tr("Mean uplink rates of cellular and Wi-Fi links, and rates that vary: generated or recorded"));
    for (SliderField* field : {m_rate, m_delay, m_jitter})
        field->recordIn(undo);
    connect(m_sources, &QComboBox::activated, this, &LinkControls::chooseSource);
    connect(m_rate, &SliderField::valueChanged, this, [this] {
        m_varying.clear();
        showSource();
        Q_EMIT uplinkChanged();
    });
    for (SliderField* field : {m_delay, m_jitter})
        connect(field, &SliderField::valueChanged, this, &LinkControls::uplinkChanged);
    setUplink("unlimited", {});
}

void LinkControls::setUplink(const std::string& bandwidth, const wire::Shaping& shaping)
{
    m_shaping = shaping;
    const auto rate = sim::parseBandwidth(bandwidth);
    m_varying.clear();
    if (!rate || !rate->isConstant())
        m_varying = QString::fromStdString(bandwidth);
    else
        m_rate->setValue(sliderValue(*rate));
    m_delay->setValue(shaping.delayMs);
    m_jitter->setValue(shaping.jitterMs);
    showSource();
}

std::string LinkControls::bandwidth() const
{
    if (!m_varying.isEmpty())
        return m_varying.toStdString();
    const int preset = presetOf(m_rate->value());
    return preset >= 0 ? kPresets[preset].bandwidth : QString::number(m_rate->value(), 'f', 3).toStdString() + "B/s";
}

wire::Shaping LinkControls::shaping() const
{
    wire::Shaping shaping = m_shaping;
    shaping.delayMs = m_delay->value();
    shaping.jitterMs = m_jitter->value();
    return shaping;
}

void LinkControls::chooseSource(int index)
{
    const QString source = m_sources->itemData(index).toString();
    if (source == kTraceFile)
        return askForTrace();
    if (source.isEmpty())
        return followText(QString());
    const auto rate = sim::parseBandwidth(source.toStdString());
    if (!rate)
        return;
    if (!rate->isConstant())
        return followText(source);
    m_varying.clear();
    const double before = m_rate->value();
    m_rate->changeValue(sliderValue(*rate));
    if (m_rate->value() != before)
        return;  // the field has told
    showSource();
    Q_EMIT uplinkChanged();
}

void LinkControls::askForTrace()
{
    auto* dialog = new QFileDialog(this, tr("A bandwidth trace"), {}, traceFileFilter());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { followText("trace:" + file); });
    connect(dialog, &QFileDialog::rejected, this, &LinkControls::showSource);
    dialog->show();  // an experiment may be running: nothing waits for this
}

void LinkControls::followText(const QString& bandwidth)
{
    m_varying = bandwidth;
    showSource();
    Q_EMIT uplinkChanged();
}

void LinkControls::showSource()
{
    int shown = 0;
    m_sources->setItemText(0, tr("custom rate"));
    if (m_varying.startsWith(QLatin1String("trace:"))) {
        shown = m_sources->findData(kTraceFile);
        m_sources->setItemText(shown, tr("trace %1…").arg(QFileInfo(m_varying.mid(6)).fileName()));
    } else if (!m_varying.isEmpty()) {
        shown = std::max(0, m_sources->findData(m_varying));
        if (shown == 0)
            m_sources->setItemText(0, m_varying);
    } else {
        shown = presetOf(m_rate->value()) + 1;
    }
    m_sources->setCurrentIndex(shown);
}

}  // namespace splitscope::ui
