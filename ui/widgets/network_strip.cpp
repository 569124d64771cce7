// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/network_strip.h"

#include "core/base/units.h"
#include "core/model/path.h"
#include "core/session/reason.h"
#include "ui/charts/axis_ticks.h"
#include "ui/models/sample_store.h"
#include "ui/style/theme.h"

#include <QPainter>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr double kCutGap = 104;  // pixels between the halves: what crosses is written there
constexpr double kExitWidth = 58;

/// "conv2", "fc": without the exit's name and the number where space is short.
QString shortName(const model::LayerSpec& layer, double width, const QFontMetricsF& metrics)
{
    QString name = QString::fromStdString(layer.name);
    name = name.mid(name.lastIndexOf('/') + 1);
    if (metrics.horizontalAdvance(name) <= width)
        return name;
    static const char* const kTypes[] = {"conv", "relu", "pool", "lrn", "drop", "fc"};
    const QString type = QString::fromLatin1(kTypes[static_cast<int>(layer.type)]);
    return metrics.horizontalAdvance(type) <= width ? type : type.left(1);
}

QString part(const QString& name, double ms) { return QStringLiteral("%1 %2 ms").arg(name, threeDigits(ms)); }

}  // namespace

SideTimes sideTimes(const wire::StageTimes& s)
{
    return {s.capture + s.deviceSegment + s.encode, s.sendQueue + s.transfer + s.edgeQueue, s.decode + s.edgeSegment + s.reply,
            s.fallback, s.total};
}

NetworkStrip::NetworkStrip(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Network and cut"));
    setToolTip(tr("The layers of the path to the present exit. Orange: on the device. Green: on the edge. ✂: the cut, and what "
                  "crosses the link there. Small marks show where earlier exits branch off; ◇ is a gate: frames that its exit is "
                  "sure of are answered there."));
}

void NetworkStrip::setNetwork(const model::NetworkSpec& spec)
{
    m_spec = spec;
    m_sample.reset();
    m_longest = 1;
    for (const auto& exit : spec.exits)
        m_longest = std::max(m_longest, exit.layerCount());
    update();
}

void NetworkStrip::showSample(const session::Sample& sample)
{
    m_sample = sample;
    const auto& record = sample.record;
    setAccessibleDescription(QString::fromStdString(decision::toString(record.decision)) + QStringLiteral("; ") + reason());
    update();
}

void NetworkStrip::clear()
{
    m_sample.reset();
    update();
}

QString NetworkStrip::reason() const
{
    QString words = QString::fromStdString(m_sample->reason.empty() ? session::reasonOf(m_sample->record) : m_sample->reason);
    if (!m_sample->strategyReason.empty())
        words += QStringLiteral(" · ") + QString::fromStdString(m_sample->strategyReason);
    return words;
}

QString NetworkStrip::crossing() const
{
    const auto& record = m_sample->record;
    if (record.decision.gate && record.goingOn() == 0 && record.payloadBytes == 0)
        return tr("answered early");
    const bool sendsAll = decision::check(*m_spec, record.decision) && decision::gatedOnEdge(*m_spec, record.decision);
    const double bytes = static_cast<double>(record.payloadBytes) / std::max(1, sendsAll ? record.count : record.goingOn());
    const QString coding = codingLevelName(codingLevel(record.decision.coding));
    return bytes > 0 ? coding + QStringLiteral(" · ") + QString::fromStdString(base::formatBytes(bytes)) : coding;
}

void NetworkStrip::drawCut(QPainter& painter, const QRectF& area, double x) const
{
    const Theme theme = Theme::of(palette());
    const double middle = x + kCutGap / 2;
    painter.setPen(QPen(theme.colour(Quantity::Transfer), 2));
    painter.drawLine(QPointF(x + 8, area.center().y()), QPointF(x + kCutGap - 8, area.center().y()));
    painter.setPen(QPen(theme.text, 1.5, Qt::DashLine));
    painter.drawLine(QPointF(middle, area.top() - 4), QPointF(middle, area.bottom() + 4));
    painter.setPen(theme.text);
    painter.setFont(smallFont());
    painter.drawText(QRectF(x - 20, area.top() - 22, kCutGap + 40, 16), Qt::AlignCenter, QStringLiteral("✂ ") + crossing());
}

/// Where an earlier exit leaves the trunk; a gate there says how many frames it answered.
void NetworkStrip::drawBranch(QPainter& painter, const QPointF& at, int exit) const
{
    const Theme theme = Theme::of(palette());
    const bool gated = m_sample && m_sample->record.decision.gate && m_sample->record.decision.gate->exit == exit;
    painter.setPen(gated ? theme.text : theme.muted);
    QString mark = QStringLiteral("↳%1").arg(exit);
    if (gated) {
        const auto& record = m_sample->record;
        mark = QStringLiteral("◇%1 · %2/%3").arg(exit).arg(record.count - record.goingOn()).arg(record.count);
    }
    painter.drawText(QRectF(at.x() - 40, at.y(), 80, 12), Qt::AlignCenter, mark);
}

void NetworkStrip::drawChain(QPainter& painter, const QRectF& area) const
{
    const Theme theme = Theme::of(palette());
    const decision::Decision decision = m_sample ? m_sample->record.decision : decision::onDevice(*m_spec, m_spec->exitCount());
    const int exit = std::clamp(decision.exit, 1, m_spec->exitCount());
    const model::Path path(*m_spec, exit);
    const double slot = (area.width() - kCutGap - kExitWidth) / m_longest;
    const double gap = std::min(3.0, slot * 0.12);
    QFont font = smallFont();
    font.setPixelSize(10);
    double x = area.left();
    for (int i = 0; i <= path.length(); ++i) {
        if (m_sample && i == decision.partition) {
            drawCut(painter, area, x);
            x += kCutGap;
        }
        if (i == path.length())
            break;
        const auto& layer = path.layer(i + 1).spec;
        const bool onDevice = !m_sample || i < decision.partition;
        const bool heavy = model::hasWeights(layer.type);
        QColor colour = m_sample ? theme.colour(onDevice ? Quantity::Device : Quantity::Edge) : theme.muted;
        const QRectF box(x + gap / 2, area.top(), slot - gap, area.height());
        painter.setPen(QPen(colour, 1));
        colour.setAlpha(heavy ? (theme.dark ? 110 : 95) : 26);
        painter.setBrush(colour);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
        painter.setPen(theme.text);
        painter.setFont(font);
        painter.drawText(box, Qt::AlignCenter, shortName(layer, box.width() - 2, QFontMetricsF(font)));
        x += slot;
        for (int e = 1; e < m_spec->exitCount(); ++e) {
            if (e != exit && m_spec->exits[static_cast<std::size_t>(e - 1)].after == i + 1
                && i < m_spec->exits[static_cast<std::size_t>(exit - 1)].after) {
                drawBranch(painter, {x, area.bottom() + 1}, e);
            }
        }
    }
    painter.setPen(theme.text);
    painter.setFont(boldFont());
    painter.drawText(QRectF(x + 4, area.top(), kExitWidth, area.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("▸ exit %1").arg(exit));
}

void NetworkStrip::drawTimes(QPainter& painter, const QRectF& area) const
{
    const Theme theme = Theme::of(palette());
    const SideTimes times = sideTimes(m_sample->record.stages);
    struct Segment {
        QString name;
        double ms;
        Quantity quantity;
    };
    const Segment segments[] = {{tr("device"), times.device, Quantity::Device},
                                {tr("transfer"), times.transfer, Quantity::Transfer},
                                {tr("edge"), times.edge, Quantity::Edge},
                                {tr("fallback"), times.fallback, Quantity::Fallback}};
    const double sum = std::max(1e-9, times.device + times.transfer + times.edge + times.fallback);
    double x = area.left();
    for (const Segment& segment : segments) {
        const double width = area.width() * segment.ms / sum;
        painter.fillRect(QRectF(x, area.top(), std::max(0.0, width - 1), 5), theme.colour(segment.quantity));
        x += width;
    }
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    x = area.left();
    const double baseline = area.top() + 9;
    for (const Segment& segment : segments) {
        if (segment.quantity == Quantity::Fallback && segment.ms <= 0)
            continue;
        painter.fillRect(QRectF(x, baseline + 4, 9, 9), theme.colour(segment.quantity));
        const QString text = part(segment.name, segment.ms);
        painter.setPen(theme.text);
        painter.drawText(QRectF(x + 14, baseline, 200, 17), Qt::AlignLeft | Qt::AlignVCenter, text);
        // Fixed places: numbers change many times a second and must not push each other around.
        x += std::max(132.0, metrics.horizontalAdvance(text) + 30);
    }
    painter.setPen(theme.text);
    painter.drawText(QRectF(x, baseline, area.right() - x, 17), Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(reason(), Qt::ElideRight, area.right() - x));
}

void NetworkStrip::paintEvent(QPaintEvent*)
{
    const Theme theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme.panel);
    painter.setFont(smallFont());
    if (!m_spec) {
        painter.setPen(theme.muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("Choose a model: its layers appear here."));
        return;
    }
    const QRectF inner = QRectF(rect()).adjusted(12, 26, -8, -8);
    drawChain(painter, {inner.left(), inner.top(), inner.width(), 24});
    const QRectF bottom(inner.left(), inner.top() + 38, inner.width() - 4, inner.bottom() - inner.top() - 38);
    if (m_sample) {
        drawTimes(painter, bottom);
    } else {
        painter.setPen(theme.muted);
        painter.drawText(bottom, Qt::AlignLeft | Qt::AlignVCenter,
                         tr("Start an experiment: the cut, what crosses it and how long each side takes appear here."));
    }
}

}  // namespace splitscope::ui
