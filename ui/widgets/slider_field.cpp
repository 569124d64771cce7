// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/slider_field.h"

#include "core/base/units.h"
#include "ui/charts/axis_ticks.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QSlider>
#include <QToolButton>
#include <QToolTip>
#include <QUndoStack>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kSteps = 400;
constexpr double kSlowestRate = 1e4;
constexpr double kFastestRate = 1e8;
constexpr double kUnlimitedFrom = 0.985;  // share of the slider
constexpr double kLongestDelayMs = 1000;
constexpr double kLargestSlowdown = 32;

class ValueCommand : public QUndoCommand {
public:
    ValueCommand(SliderField* field, const QString& name, double before, double after)
        : QUndoCommand(name), m_field(field), m_before(before), m_after(after)
    {
    }
    void undo() override
    {
        if (m_field)
            m_field->changeValue(m_before);
    }
    void redo() override
    {
        if (m_field && m_field->value() != m_after)
            m_field->changeValue(m_after);
    }

private:
    QPointer<SliderField> m_field;
    double m_before;
    double m_after;
};

}  // namespace

ValueScale bandwidthScale()
{
    const double ratio = kFastestRate / kSlowestRate;
    return {[ratio](double share) { return share > kUnlimitedFrom ? 0 : kSlowestRate * std::pow(ratio, share / kUnlimitedFrom); },
            [ratio](double rate) {
                return rate <= 0 ? 1 : std::clamp(std::log(rate / kSlowestRate) / std::log(ratio), 0.0, 1.0) * kUnlimitedFrom;
            },
            [](double rate) { return QString::fromStdString(base::formatBytesPerSecond(rate)); },
            [](const QString& text) -> std::optional<double> {
                const auto rate = base::parseBytesPerSecond(text.simplified().remove(' ').toStdString());
                return rate ? std::optional(*rate) : std::nullopt;
            }};
}

ValueScale delayScale()
{
    return {[](double share) { return std::round(kLongestDelayMs * share * share * 10) / 10; },
            [](double ms) { return std::sqrt(std::clamp(ms / kLongestDelayMs, 0.0, 1.0)); },
            [](double ms) { return threeDigits(ms) + QStringLiteral(" ms"); },
            [](const QString& text) -> std::optional<double> {
                QString compact = text.simplified().remove(' ');
                if (!compact.isEmpty() && compact.back().isDigit())
                    compact += QStringLiteral("ms");
                const auto ms = base::parseMilliseconds(compact.toStdString());
                return ms && *ms >= 0 && *ms <= 10 * kLongestDelayMs ? std::optional(*ms) : std::nullopt;
            }};
}

ValueScale slowdownScale()
{
    return {[](double share) { return std::round(std::pow(kLargestSlowdown, share) * 10) / 10; },
            [](double times) { return std::clamp(std::log(std::max(times, 1.0)) / std::log(kLargestSlowdown), 0.0, 1.0); },
            [](double times) { return QStringLiteral("×") + QLocale::c().toString(times, 'g', 3); },
            [](const QString& text) -> std::optional<double> {
                bool ok = false;
                const double times = QString(text).remove(QChar(0xd7)).remove('x').trimmed().toDouble(&ok);
                return ok && times >= 1 && times <= kLargestSlowdown ? std::optional(times) : std::nullopt;
            }};
}

SliderField::SliderField(const QString& label, ValueScale scale, QWidget* parent)
    : QWidget(parent), m_scale(std::move(scale)), m_label(new QLabel(label)), m_edit(new QLineEdit),
      m_slider(new QSlider(Qt::Horizontal)), m_reset(new QToolButton)
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(2);
    layout->addWidget(m_label, 0, 0);
    layout->addWidget(m_reset, 0, 1);
    layout->addWidget(m_edit, 0, 2);
    layout->addWidget(m_slider, 1, 0, 1, 3);
    layout->setColumnStretch(0, 1);
    layout->setHorizontalSpacing(2);
    m_reset->setText(QString(QChar(0x21ba)));
    m_reset->setFixedSize(20, 20);
    m_reset->setStyleSheet(QStringLiteral("padding: 0"));
    m_reset->setAccessibleName(tr("Reset %1").arg(label));
    QSizePolicy keepsItsPlace = m_reset->sizePolicy();
    keepsItsPlace.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsItsPlace);
    m_reset->hide();
    connect(m_reset, &QToolButton::clicked, this, &SliderField::reset);
    m_label->setBuddy(m_edit);
    m_edit->setAlignment(Qt::AlignRight);
    m_edit->setFixedWidth(100);
    m_edit->setAccessibleName(label);
    m_slider->setRange(0, kSteps);
    m_slider->setPageStep(kSteps / 20);
    m_slider->setAccessibleName(label);
    connect(m_slider, &QSlider::sliderPressed, this, [this] { m_beforeDrag = m_value; });
    connect(m_slider, &QSlider::sliderReleased, this, [this] {
        if (m_beforeDrag)
            remember(*std::exchange(m_beforeDrag, std::nullopt));
    });
    connect(m_slider, &QSlider::valueChanged, this, &SliderField::slide);
    connect(m_edit, &QLineEdit::editingFinished, this, &SliderField::type);
}

void SliderField::setValue(double value)
{
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(m_scale.share(value) * kSteps)));
    show(value);
}

void SliderField::show(double value)
{
    m_value = value;
    m_edit->setText(m_scale.format(value));
    m_reset->setVisible(m_default && m_scale.format(*m_default) != m_edit->text());
}

void SliderField::setScale(ValueScale scale)
{
    m_scale = std::move(scale);
    setValue(m_value);
}

void SliderField::setDefault(double value)
{
    m_default = value;
    m_reset->setToolTip(tr("Back to %1").arg(m_scale.format(value)));
    show(m_value);
}

void SliderField::reset()
{
    if (!m_default || *m_default == m_value)
        return;
    const double before = m_value;
    changeValue(*m_default);
    remember(before);
}

void SliderField::changeValue(double value)
{
    setValue(value);
    Q_EMIT valueChanged(value);
}

void SliderField::slide(int position)
{
    const double before = m_value;
    show(m_scale.value(position / static_cast<double>(kSteps)));
    Q_EMIT valueChanged(m_value);
    if (!m_beforeDrag)  // keys and wheel
        remember(before);
}

void SliderField::type()
{
    if (m_edit->text() == m_scale.format(m_value))
        return;
    const double before = m_value;
    if (const auto value = m_scale.parse(m_edit->text())) {
        changeValue(*value);
        remember(before);
    } else {
        QToolTip::showText(m_edit->mapToGlobal(QPoint(0, m_edit->height())),
                           tr("Not understood: %1. Write it like %2.").arg(m_edit->text(), m_scale.format(m_value)), m_edit);
        m_edit->setText(m_scale.format(m_value));
    }
}

void SliderField::remember(double before)
{
    if (m_undo && before != m_value)
        m_undo->push(new ValueCommand(this, m_label->text(), before, m_value));
}

}  // namespace splitscope::ui
