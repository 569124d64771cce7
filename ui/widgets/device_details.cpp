// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/device_details.h"

#include "ui/charts/plot_view.h"
#include "ui/style/theme.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>

#include <cmath>

namespace splitscope::ui {

namespace {

QString text(const std::string& value) { return QString::fromStdString(value); }

QString gigabytes(std::uint64_t bytes) { return QString::number(static_cast<double>(bytes) / 1e9, 'f', 1); }

QString memoryText(const wire::Health& health)
{
    if (!health.memoryBytes)
        return {};
    QString said = health.memoryUsedBytes
        ? DeviceDetails::tr("%1 of %2 GB used").arg(gigabytes(*health.memoryUsedBytes), gigabytes(*health.memoryBytes))
        : DeviceDetails::tr("%1 GB").arg(gigabytes(*health.memoryBytes));
    if (health.daemonMemoryBytes)
        said += DeviceDetails::tr(", daemon %1 MB").arg(static_cast<double>(*health.daemonMemoryBytes) / 1e6, 0, 'f', 0);
    return said;
}

QString clockText(const wire::Health& health)
{
    if (!health.clockHz)
        return {};
    const QString now = QString::number(*health.clockHz / 1e6, 'f', 0);
    return health.fullClockHz ? DeviceDetails::tr("%1 of %2 MHz").arg(now).arg(*health.fullClockHz / 1e6, 0, 'f', 0)
                              : DeviceDetails::tr("%1 MHz").arg(now);
}

QString powerText(const wire::Health& health, const std::string& meter)
{
    return health.powerWatts ? DeviceDetails::tr("%1 W (%2)").arg(*health.powerWatts, 0, 'f', 2).arg(text(meter)) : QString();
}

QString throttlingText(const wire::Health& health)
{
    if (!health.throttled && !health.underVoltage)
        return {};
    QString said = health.throttled.value_or(false) ? DeviceDetails::tr("slowed now: its times are longer")
                                                    : DeviceDetails::tr("not slowed");
    if (health.underVoltage.value_or(false))
        said += DeviceDetails::tr("; the supply is too weak");
    return said;
}

PlotView* smallPlot(const QString& name)
{
    auto* view = new PlotView;
    view->setAccessibleName(name);
    return view;
}

/// Seconds before now, so that the newest point stays at the right edge.
Plot overTime(const QString& key, const QString& title, const QString& unit, const QString& emptyText)
{
    Plot plot;
    plot.key = key;
    plot.title = title;
    plot.compact = true;
    plot.x = {DeviceDetails::tr("s ago"), QStringLiteral("seconds"), QStringLiteral("s"), false, {}, 0.0};
    plot.y = {unit, key, unit, false, 0.0, {}};
    plot.emptyText = emptyText;
    return plot;
}

void addLine(Plot& plot, const HealthHistory& history, double HealthHistory::Point::*member, const QString& name,
             Quantity quantity, Qt::PenStyle style = Qt::SolidLine)
{
    PlotLine line;
    line.name = name;
    line.key = plot.key + QLatin1Char('_') + QString(name).replace(QLatin1Char(' '), QLatin1Char('_'));
    line.quantity = quantity;
    line.style = style;
    const auto& points = history.points();
    bool known = false;
    for (const auto& point : points) {
        line.points.emplace_back(point.seconds - points.back().seconds, point.*member);
        known = known || !std::isnan(point.*member);
    }
    if (known && points.size() > 1)
        plot.lines.push_back(std::move(line));
}

}  // namespace

DeviceDetails::DeviceDetails(QWidget* parent)
    : QWidget(parent), m_title(new QLabel), m_problem(new QLabel), m_temperature(smallPlot(tr("Temperature"))),
      m_load(smallPlot(tr("Load"))), m_roundTrip(smallPlot(tr("Round trip"))), m_power(smallPlot(tr("Power")))
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 4, 8, 4);
    rows->setSpacing(4);
    m_title->setFont(boldFont());
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    rows->addWidget(m_title);
    rows->addWidget(m_problem);
    auto* zones = new QHBoxLayout;
    zones->setSpacing(12);
    auto* facts = new QWidget;
    facts->setFixedWidth(360);
    auto* form = new QFormLayout(facts);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(5);
    form->setHorizontalSpacing(10);
    addFact(form, "board", tr("Board"), tr("The board's model, else the processor's"));
    addFact(form, "system", tr("System"), tr("Distribution and kernel"));
    addFact(form, "backend", tr("Computes with"), tr("What runs the layers there"));
    addFact(form, "load", tr("Load"),
            tr("Processes that run or wait to: a minute's mean. More than it has cores: it is overloaded"));
    addFact(form, "memory", tr("Memory"), tr("Of the device or its container, and what the daemon holds"));
    addFact(form, "clock", tr("Clock"), tr("Of its fastest core: now, and at most"));
    addFact(form, "temperature", tr("Temperature"), tr("Of its warmest zone"));
    addFact(form, "throttling", tr("Throttling"),
            tr("A device that is too hot, or whose supply is too weak, slows its clock: its times no longer fit its profile"));
    addFact(form, "power", tr("Power"), tr("By the device's meter: the mean of the last second"));
    addFact(form, "run", tr("Runs"), tr("What its daemon does, by its own books"));
    addFact(form, "key", tr("Public key"), tr("By which this device proves who it is"));
    zones->addWidget(facts);
    auto* plots = new QVBoxLayout;
    plots->setSpacing(6);
    for (PlotView* view : {m_load, m_roundTrip, m_temperature, m_power})
        plots->addWidget(view, 1);
    zones->addLayout(plots, 1);
    rows->addLayout(zones, 1);
}

QLabel* DeviceDetails::addFact(QFormLayout* form, const char* key, const QString& caption, const QString& toolTip)
{
    auto* name = new QLabel(caption);
    auto* value = new QLabel;
    value->setObjectName(QLatin1String(key));
    value->setAccessibleName(caption);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setWordWrap(true);
    for (QLabel* label : {name, value}) {
        label->setFont(smallFont());
        label->setToolTip(toolTip);
    }
    form->addRow(name, value);
    return value;
}

void DeviceDetails::setFact(const char* key, const QString& text)
{
    auto* label = findChild<QLabel*>(QLatin1String(key));
    const QString shown = text.isEmpty() ? tr("–") : text;
    if (label->text() != shown)
        label->setText(shown);
}

QString DeviceDetails::fact(const QString& key) const { return findChild<QLabel*>(key)->text(); }

void DeviceDetails::show(const DeviceEntry& entry, const HealthHistory& history)
{
    m_title->setText(tr("%1  ·  %2").arg(text(entry.name), conditionText(entry)));
    m_problem->setVisible(entry.view.problem.has_value());
    if (entry.view.problem)
        m_problem->setText(text(entry.view.problem->message()));
    showFacts(entry);
    const auto& points = history.points();
    const Shown now{entry.address, conditionOf(entry), points.size(), points.empty() ? 0 : points.back().seconds};
    if (now != m_shown)
        showPlots(entry, history);
    m_shown = now;
}

void DeviceDetails::showFacts(const DeviceEntry& entry)
{
    const auto& view = entry.view;
    const auto welcome = view.welcome.value_or(wire::Welcome());
    const QString cores = !welcome.cores ? QString() : *welcome.cores == 1 ? tr("1 core") : tr("%1 cores").arg(*welcome.cores);
    QString board = text(welcome.board.empty() ? welcome.machine : welcome.board);
    if (!welcome.board.empty() && !cores.isEmpty())
        board += QStringLiteral(", ") + cores;
    setFact("board", board);
    setFact("system", text(welcome.system));
    setFact("backend", text(welcome.backend));
    setFact("key", entry.isThisMachine() ? tr("made anew for each connection") : text(entry.key));
    setFact("run",
            !view.welcome              ? QString()
                : entry.inExperiment   ? tr("the experiment")
                : welcome.state.active ? tr("a run is active")
                                       : tr("nothing"));
    const bool connected = conditionOf(entry) == DeviceCondition::Connected;
    if (!connected || !view.health) {
        const QString unknown = connected && view.welcome && view.seenMs > 0 && welcome.board.empty()
            ? tr("not told: the daemon is of an earlier release")
            : QString();
        for (const char* key : {"load", "memory", "clock", "temperature", "throttling", "power"})
            setFact(key, unknown);
        return;
    }
    const auto& health = *view.health;
    const QString untold = tr("its system does not tell");
    const auto told = [&](const QString& said) { return said.isEmpty() ? untold : said; };
    QString load = health.load ? QString::number(*health.load, 'f', 2) : QString();
    if (health.busy)
        load += tr(", %1 % of all cores busy").arg(100 * *health.busy, 0, 'f', 0);
    setFact("load", told(load));
    setFact("memory", told(memoryText(health)));
    setFact("clock", told(clockText(health)));
    setFact("temperature", told(health.temperatureC ? tr("%1 °C").arg(*health.temperatureC, 0, 'f', 1) : QString()));
    setFact("throttling", told(throttlingText(health)));
    setFact("power", welcome.meter.empty() ? tr("no meter") : told(powerText(health, welcome.meter)));
}

void DeviceDetails::showPlots(const DeviceEntry& entry, const HealthHistory& history)
{
    const bool connected = conditionOf(entry) == DeviceCondition::Connected;
    const QString waiting = connected ? tr("The first reports are on their way.") : tr("Connect fills this.");
    const bool reported = connected && history.points().size() > 1;
    auto temperature = overTime(QStringLiteral("temperature"), tr("Temperature"), tr("°C"),
                                reported ? tr("This device's system does not tell its temperature.") : waiting);
    addLine(temperature, history, &HealthHistory::Point::temperatureC, tr("warmest zone"), Quantity::Energy);
    m_temperature->setVisible(!reported || !temperature.empty());  // the facts say why it is not there
    m_temperature->setPlot(std::move(temperature));
    auto power = overTime(QStringLiteral("power"), tr("Power"), tr("W"), {});
    addLine(power, history, &HealthHistory::Point::powerWatts, tr("measured"), Quantity::Energy);
    m_power->setVisible(!power.empty());  // few devices have a meter
    m_power->setPlot(std::move(power));
    auto load = overTime(QStringLiteral("load"), tr("Load"), tr("% of all cores"), waiting);
    addLine(load, history, &HealthHistory::Point::busyPercent, tr("busy"), Quantity::Device);
    addLine(load, history, &HealthHistory::Point::loadPercent, tr("a minute's load"), Quantity::Regret, Qt::DashLine);
    m_load->setPlot(std::move(load));
    auto roundTrip = overTime(QStringLiteral("rtt"), tr("Round trip"), tr("ms"), waiting);
    addLine(roundTrip, history, &HealthHistory::Point::rttMs, tr("heartbeat"), Quantity::Transfer);
    m_roundTrip->setPlot(std::move(roundTrip));
}

}  // namespace splitscope::ui
