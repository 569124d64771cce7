// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/device_watch.h"

#include "core/base/clock.h"
#include "core/link/keys.h"
#include "core/session/scenario.h"

#include <QSettings>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr int kLookMs = 250;
constexpr const char* kConnectedKey = "devices/connected";
constexpr const char* kSeenGroup = "devices/seen";

DeviceEntry thisMachine() { return {DeviceWatch::tr("this machine").toStdString(), "loopback", {}}; }

QString seenKey(const std::string& address)
{
    return QLatin1String(kSeenGroup) + QLatin1Char('/')
        + QString::fromStdString(address).replace(QLatin1Char('/'), QLatin1Char('|'));
}

/// What stays true of a device that nobody is connected to.
session::DeviceView atRest(const session::DeviceView& before)
{
    session::DeviceView view;
    view.link = before.link;
    view.welcome = before.welcome;
    view.healthReports = before.healthReports;
    view.rttMs = before.rttMs;
    view.seenMs = before.seenMs;
    return view;
}

DeviceEntry entryOf(const session::KnownDevice& device)
{
    DeviceEntry entry{device.name, session::addressOf(device), device.key};
    entry.view.seenMs = QSettings().value(seenKey(entry.address)).toLongLong();
    return entry;
}

}  // namespace

DeviceWatch::DeviceWatch(QObject* parent) : QObject(parent)
{
    m_model.setEntries({thisMachine()});
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &DeviceWatch::look);
}

DeviceWatch::~DeviceWatch()
{
    remember();
    // All at once, so that they end beside each other.
    for (auto& [address, monitor] : m_monitors)
        monitor->stop();
}

base::Status DeviceWatch::load(const std::filesystem::path& file)
{
    m_file = file;
    auto known = session::loadKnownDevices(file);
    m_known = known ? *std::move(known) : std::vector<session::KnownDevice>();
    std::vector<DeviceEntry> entries{thisMachine()};
    for (const auto& device : m_known)
        entries.push_back(entryOf(device));
    m_model.setEntries(std::move(entries));
    for (const auto& address : QSettings().value(QLatin1String(kConnectedKey)).toStringList())
        if (const int row = m_model.rowOf(address.toStdString()); row >= 0)
            connectTo(row);
    return known ? base::Status() : base::Status(known.error());
}

base::Status DeviceWatch::add(const session::KnownDevice& device)
{
    const auto wrong = [](const QString& text, const char* field) {
        return base::Error{base::ErrorCode::InvalidInput, text.toStdString(), field};
    };
    if (device.name.empty())
        return wrong(tr("give the device a name, e.g. kitchen-pi"), "name");
    if (const auto address = session::parseTcpAddress(session::addressOf(device)); device.host.empty() || !address)
        return wrong(tr("give the device's host name or address, e.g. raspberrypi.local"), "host");
    if (!link::isKey(device.key))
        return wrong(tr("a public key has 40 characters; splitscoped prints it when it starts"), "key");
    if (m_model.rowOf(session::addressOf(device)) >= 0)
        return wrong(tr("this address is known already"), "host");
    m_known.push_back(device);
    m_model.append(entryOf(device));
    save();
    return {};
}

base::Status DeviceWatch::put(const session::KnownDevice& device)
{
    if (const int row = m_model.rowOf(session::addressOf(device)); row > 0)
        remove(row);
    return add(device);
}

std::optional<session::KnownDevice> DeviceWatch::known(int row) const
{
    if (row <= 0 || static_cast<std::size_t>(row) > m_known.size())
        return std::nullopt;
    return m_known[static_cast<std::size_t>(row) - 1];
}

void DeviceWatch::remove(int row)
{
    if (row <= 0 || row >= m_model.rowCount())
        return;
    const auto address = m_model.entry(row).address;
    rest(address);
    m_histories.erase(address);
    m_known.erase(m_known.begin() + (row - 1));
    m_model.remove(row);
    QSettings().remove(seenKey(address));
    remember();
    save();
    Q_EMIT looked();
}

void DeviceWatch::save()
{
    m_saving.start(
        [devices = m_known, file = m_file](const std::stop_token&) { return session::saveKnownDevices(devices, file); },
        [this](const base::Status& saved) {
            if (!saved)
                Q_EMIT troubleArose(saved.error());
        });
}

/// Which are connected, and when each was heard last, for the next start.
void DeviceWatch::remember()
{
    QStringList connected;
    for (const auto& entry : m_model.entries()) {
        if (entry.watched && !entry.isThisMachine())
            connected << QString::fromStdString(entry.address);
        if (entry.view.seenMs > 0 && !entry.isThisMachine())
            QSettings().setValue(seenKey(entry.address), static_cast<qlonglong>(entry.view.seenMs));
    }
    QSettings().setValue(QLatin1String(kConnectedKey), connected);
}

void DeviceWatch::connectTo(int row)
{
    rest(m_model.entry(row).address);  // one that gave up begins anew
    m_model.setWatched(row, true);
    begin(row);
    remember();
    Q_EMIT looked();
}

void DeviceWatch::begin(int row)
{
    const auto& entry = m_model.entry(row);
    if (!entry.watched || entry.address == m_experiment || m_fleet.contains(entry.address))
        return;
    m_monitors[entry.address] = std::make_unique<session::DeviceMonitor>(entry.address, entry.key, m_daemonProgram);
    m_histories[entry.address].reports = 0;
    session::DeviceView fresh;
    fresh.welcome = entry.view.welcome;
    fresh.seenMs = entry.view.seenMs;
    m_model.setView(row, std::move(fresh));
    m_timer.start();
}

void DeviceWatch::disconnectFrom(int row)
{
    rest(m_model.entry(row).address);
    m_model.setWatched(row, false);
    m_model.setView(row, atRest(m_model.entry(row).view));
    remember();
    Q_EMIT looked();
}

/// Ending takes a while: a daemon of this machine is waited for. So it is only begun here.
void DeviceWatch::rest(const std::string& address)
{
    auto found = m_monitors.extract(address);
    if (found.empty())
        return;
    found.mapped()->stop();
    m_ending.push_back(std::move(found.mapped()));
    m_timer.start();
}

/// An experiment has the device.
void DeviceWatch::leaveTo(const std::string& address)
{
    rest(address);
    m_histories[address].reports = 0;
}

/// No experiment has it any more: the connection beside it, where there is to be one, begins again.
void DeviceWatch::takeBack(const std::string& address)
{
    const int row = m_model.rowOf(address);
    if (row < 0)
        return;
    m_model.setInExperiment(row, false);
    m_model.setView(row, atRest(m_model.entry(row).view));
    begin(row);
}

void DeviceWatch::followExperiment(const std::string& address, const session::ExperimentStatus& status)
{
    const bool isAnother = address != m_experiment;
    if (isAnother) {
        takeBack(std::exchange(m_experiment, address));
        leaveTo(address);
    }
    const int row = m_model.rowOf(address);
    if (row < 0) {
        if (isAnother)
            Q_EMIT looked();
        return;
    }
    // A status comes with every frame; this page needs no more than a few a second.
    const auto nowNs = base::nowNs();
    const auto& known = m_model.entry(row);
    if (!isAnother && known.view.link == status.link && m_histories[address].reports == status.healthReports
        && base::toMs(nowNs - m_followedNs) < kLookMs)
        return;
    m_followedNs = nowNs;
    m_model.setInExperiment(row, true);
    session::DeviceView view = m_model.entry(row).view;
    view.link = status.link;
    view.rttMs = status.rttMs;
    view.health = status.health;
    view.healthReports = status.healthReports;
    view.gaveUp = false;
    view.problem.reset();
    if (!status.welcome.program.empty())
        view.welcome = status.welcome;
    if (status.link == link::LinkState::Connected)
        view.seenMs = base::wallClockMs();
    take(row, std::move(view));
    Q_EMIT looked();
}

void DeviceWatch::followFleet(const std::map<std::string, link::LinkState>& linksByAddress)
{
    const auto before = std::exchange(m_fleet, linksByAddress);
    for (const auto& [address, link] : before)
        if (!m_fleet.contains(address))
            takeBack(address);
    for (const auto& [address, link] : m_fleet) {
        if (!before.contains(address))
            leaveTo(address);
        const int row = m_model.rowOf(address);
        if (row < 0)
            continue;
        m_model.setInExperiment(row, true);
        session::DeviceView view = atRest(m_model.entry(row).view);
        view.link = link;
        if (link == link::LinkState::Connected)
            view.seenMs = base::wallClockMs();
        take(row, std::move(view));
    }
    Q_EMIT looked();
}

void DeviceWatch::take(int row, session::DeviceView view)
{
    const auto& entry = m_model.entry(row);
    auto& told = m_histories[entry.address];
    if (view.health && view.healthReports != told.reports) {
        told.reports = view.healthReports;
        const int cores = view.welcome ? view.welcome->cores.value_or(0) : 0;
        told.history.add(base::wallClockMs(), *view.health, view.rttMs, cores);
    }
    if (view.seenMs == 0)
        view.seenMs = entry.view.seenMs;
    if (!view.welcome)
        view.welcome = entry.view.welcome;
    m_model.setView(row, std::move(view));
}

void DeviceWatch::look()
{
    for (const auto& [address, monitor] : m_monitors)
        if (const int row = m_model.rowOf(address); row >= 0)
            take(row, monitor->view());
    std::erase_if(m_ending, [](const auto& monitor) { return monitor->ended(); });
    if (m_monitors.empty() && m_ending.empty())
        m_timer.stop();
    Q_EMIT looked();
}

}  // namespace splitscope::ui
