// SPDX-License-Identifier: GPL-3.0-or-later
// A device's profile of a network: measured by the device itself, kept in a file, shown in a line.
#include "core/model/network_spec.h"
#include "core/profile/emulated_device.h"
#include "ui/pages/devices_page.h"
#include "ui/widgets/elided_label.h"

#include <QComboBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>

namespace splitscope::ui {

namespace {

/// The last exit's whole path at batch 1; nothing where it was not measured.
std::optional<double> wholePathMs(const model::NetworkSpec& spec, const profile::ComputeProfile& profile)
{
    const int exit = static_cast<int>(spec.exits.size());
    const auto ms = profile.segmentMs(exit, 0, spec.exits.back().layerCount(), 1);
    return ms ? std::optional(*ms) : std::nullopt;
}

QString milliseconds(double ms) { return DevicesPage::tr("%1 ms").arg(QString::number(ms, 'g', 3)); }

/// "measured 2026-11-21 10:42, onednn, 1 thread: the whole network takes 1.23 ms; as an emulated pi3 20.5 ms"
QString describe(const profile::ComputeProfile& profile)
{
    const auto spec = model::loadNetworkSpec(profile.network);
    QString said = profile.measured() ? DevicesPage::tr("measured") : QString::fromStdString(profile.source);
    const QString threads
        = profile.threads == 1 ? DevicesPage::tr("1 thread") : DevicesPage::tr("%1 threads").arg(profile.threads);
    said += DevicesPage::tr(" %1 with %2, %3")
                .arg(QString::fromStdString(profile.date).left(16).replace(QLatin1Char('T'), QLatin1Char(' ')),
                     QString::fromStdString(profile.backend), threads);
    if (!spec)
        return said;
    if (const auto whole = wholePathMs(*spec, profile))
        said += DevicesPage::tr(": the whole network takes %1").arg(milliseconds(*whole));
    for (const auto& board : profile.measured() ? profile::emulatedDevices() : std::vector<std::string>()) {
        const auto factors = profile::deviceFactors(board, *spec);
        const auto emulated
            = factors ? profile::emulate(*spec, profile, *factors) : base::Result<profile::ComputeProfile>(factors.error());
        if (const auto ms = emulated ? wholePathMs(*spec, *emulated) : std::nullopt)
            said += DevicesPage::tr("; as an emulated %1 %2").arg(QString::fromStdString(board), milliseconds(*ms));
    }
    return said;
}

}  // namespace

std::filesystem::path DevicesPage::profileFile() const
{
    const int row = currentRow();
    if (row < 0 || m_profiles.empty())
        return {};
    auto name = const_cast<DevicesPage*>(this)->model().entry(row).address + "-" + m_network->currentText().toStdString();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '/' || c == ':' || c == '[' || c == ']'; }, '_');
    return m_profiles / (name + ".json");
}

/// Reads what is kept of the selected device and network, where that is not shown already.
void DevicesPage::loadProfile()
{
    const auto file = profileFile();
    if (file.empty() || m_profiler.active() || file.string() == m_shownFor)
        return;
    m_shownFor = file.string();
    m_profile.reset();
    m_profileProblem.clear();
    m_profileFile = file;
    m_reading.start(
        [file](const std::stop_token&) -> base::Result<std::optional<profile::ComputeProfile>> {
            std::error_code ec;
            if (!std::filesystem::exists(file, ec))
                return std::optional<profile::ComputeProfile>();
            auto read = profile::loadComputeProfile(file);
            if (!read)
                return read.error();
            return std::optional(*std::move(read));
        },
        [this](base::Result<std::optional<profile::ComputeProfile>> read) {
            if (read)
                m_profile = *std::move(read);
            else
                m_profileProblem = tr("%1; Measure makes it anew").arg(QString::fromStdString(read.error().message()));
            updateProfileControls();
        });
    updateProfileControls();
}

void DevicesPage::measure()
{
    const auto* entry = current();
    if (!entry || m_profiler.active())
        return;
    session::DeviceProfileOptions options;
    options.device = entry->address;
    options.deviceKey = entry->key;
    options.daemonProgram = m_daemonProgram;
    options.model = m_network->currentText().toStdString();
    options.profiler.budgetSeconds = m_budget->value();
    m_progress->setValue(0);
    m_profileText->showText(tr("connecting to %1 …").arg(QString::fromStdString(entry->name)));
    m_profiler.start(options, profileFile());
    updateProfileControls();
}

void DevicesPage::updateProfileControls()
{
    const bool measuring = m_profiler.active();
    m_measure->setEnabled(!measuring && currentRow() >= 0);
    m_cancel->setEnabled(measuring);
    m_progress->setVisible(measuring);
    m_network->setEnabled(!measuring);
    m_show->setEnabled(!measuring && m_profile.has_value());
    if (measuring)
        return;
    if (m_profile)
        m_profileText->showText(describe(*m_profile));
    else if (!m_profileProblem.isEmpty())
        m_profileText->showText(m_profileProblem);
    else
        m_profileText->showText(tr("Not measured yet: Measure fills this, best while no experiment runs there."));
}

QString DevicesPage::profileText() const { return m_profileText->text(); }

}  // namespace splitscope::ui
