// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/prediction_strip.h"

#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace splitscope::ui {

namespace {

QString nameOf(profile::Stage stage)
{
    switch (stage) {
    case profile::Stage::Capture: return PredictionStrip::tr("capture");
    case profile::Stage::Device: return PredictionStrip::tr("device");
    case profile::Stage::Encode: return PredictionStrip::tr("coding");
    case profile::Stage::Transfer: return PredictionStrip::tr("link");
    case profile::Stage::Decode: return PredictionStrip::tr("decoding");
    case profile::Stage::Edge: return PredictionStrip::tr("edge");
    case profile::Stage::Total: break;
    }
    return PredictionStrip::tr("all");
}

QString number(double value) { return QString::number(value, 'g', 3); }

/// "device 1.6 ×", and a mark where it is off.
QString shortly(profile::Stage stage, const profile::StageFit& fit)
{
    const auto said = PredictionStrip::tr("%1 %2 ×").arg(nameOf(stage), QString::number(fit.times, 'f', 2));
    return fit.off ? QStringLiteral("▲ %1").arg(said) : said;
}

QString atLength(const profile::StageFits& fits)
{
    QStringList lines{
        PredictionStrip::tr("What the last requests took, in medians, beside what the cost table foretold before they "
                            "came:")};
    for (const auto stage : profile::kStages) {
        const auto& fit = fits[static_cast<std::size_t>(stage)];
        if (fit.requests == 0)
            continue;
        lines << PredictionStrip::tr("%1: %2 ms, foretold %3 ms, over %n requests", nullptr, static_cast<int>(fit.requests))
                     .arg(nameOf(stage), number(fit.measuredMs), number(fit.predictedMs))
                + (fit.off ? PredictionStrip::tr(" — off") : QString());
    }
    return lines.join(QLatin1Char('\n'));
}

bool isOff(const profile::StageFits& fits)
{
    return std::any_of(fits.begin(), fits.end(), [](const auto& fit) { return fit.off; });
}

}  // namespace

PredictionStrip::PredictionStrip(QWidget* parent)
    : QWidget(parent), m_text(new ElidedLabel), m_correct(new QCheckBox(tr("Correct"))), m_measure(new QToolButton),
      m_progress(new QProgressBar), m_cancel(new QToolButton)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_correct);
    row->addWidget(m_measure);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    m_correct->setToolTip(tr("Strategies see the cost table's times corrected by what requests of late took.\n"
                             "The table itself stays as it is."));
    m_correct->setAccessibleName(tr("Correct the cost table"));
    m_measure->setText(tr("Measure anew"));
    m_measure->setToolTip(tr("Runs every decision once this run has ended, unshaped, and makes a new cost table of it,\n"
                             "which the scenario then names. The old one is kept."));
    m_measure->setAccessibleName(tr("Measure a new cost table"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel measuring the cost table"));
    m_progress->setMaximumWidth(220);
    m_progress->setMaximumHeight(16);
    m_progress->setAccessibleName(tr("Progress of measuring the cost table"));
    connect(m_correct, &QCheckBox::clicked, this, &PredictionStrip::correctionChosen);
    connect(m_measure, &QToolButton::clicked, this, &PredictionStrip::measureRequested);
    connect(m_cancel, &QToolButton::clicked, this, &PredictionStrip::cancelRequested);
    updateShown();
}

void PredictionStrip::showPrediction(const session::PredictionStatus& prediction)
{
    m_prediction = prediction;
    {
        const QSignalBlocker quiet(m_correct);
        m_correct->setChecked(prediction.corrects);
    }
    retell();
    updateShown();
}

void PredictionStrip::retell()
{
    QStringList parts;
    for (const auto stage : profile::kStages) {
        const auto& fit = m_prediction.fits[static_cast<std::size_t>(stage)];
        const auto& total = m_prediction.fits.back();
        if (fit.requests > 0
            && std::max(fit.measuredMs, fit.predictedMs) >= profile::PredictionWatch::kLeastShare * total.measuredMs)
            parts << shortly(stage, fit);
    }
    QString text = tr("Measured over foretold: %1").arg(parts.join(QStringLiteral(" · ")));
    if (m_prediction.corrects)
        text += tr(" · corrected: device %1 ×, edge %2 ×")
                    .arg(QString::number(m_prediction.deviceTimes, 'f', 2), QString::number(m_prediction.edgeTimes, 'f', 2));
    m_text->showText(text);
    m_text->setToolTip(atLength(m_prediction.fits));
    const Theme theme = Theme::of(palette());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, isOff(m_prediction.fits) ? theme.colour(Quantity::Energy) : theme.muted);
    m_text->setPalette(colours);
    setAccessibleDescription(text);
}

void PredictionStrip::showMeasuring(const QString& text, int done, int total)
{
    m_measuring = true;
    m_progress->setMaximum(total);
    m_progress->setValue(done);
    m_progress->setFormat(text);
    updateShown();
}

void PredictionStrip::endMeasuring()
{
    m_measuring = false;
    updateShown();
}

void PredictionStrip::clear()
{
    m_prediction = {};
    m_text->showText({});
    updateShown();
}

QString PredictionStrip::text() const { return m_text->text(); }

void PredictionStrip::updateShown()
{
    const bool any = m_prediction.fits.back().requests > 0;
    m_text->setVisible(any);
    m_correct->setVisible(any);
    m_measure->setVisible(any && !m_measuring);
    m_progress->setVisible(m_measuring);
    m_cancel->setVisible(m_measuring);
    setVisible(any || m_measuring);
}

void PredictionStrip::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_prediction.fits.back().requests > 0)
        retell();
}

}  // namespace splitscope::ui
