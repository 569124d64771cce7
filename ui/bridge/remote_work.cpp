// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/remote_work.h"

namespace splitscope::ui {

namespace {

constexpr int kLookMs = 50;
constexpr std::size_t kMostLog = 256 * 1024;  ///< between two looks

}  // namespace

RemoteWork::RemoteWork(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &RemoteWork::drain);
}

void RemoteWork::start(Piece piece)
{
    if (m_work.active())
        return;
    m_timer.start();
    m_work.start(
        [piece = std::move(piece), told = m_told](const std::stop_token& stop) {
            const auto tell = [&told](const remote::StepReport& report) {
                const std::lock_guard lock(told->mutex);
                // How far a step is: the latest counts.
                if (!told->reports.empty() && told->reports.back().number == report.number
                    && told->reports.back().state == remote::StepReport::State::Running)
                    told->reports.pop_back();
                told->reports.push_back(report);
            };
            const auto log = [&told](std::string_view text) {
                const std::lock_guard lock(told->mutex);
                if (told->log.size() < kMostLog)
                    told->log += text;
            };
            return piece(tell, log, stop);
        },
        [this](const Outcome& outcome) {
            m_timer.stop();
            drain();
            Q_EMIT finished(outcome);
        });
}

void RemoteWork::drain()
{
    std::vector<remote::StepReport> reports;
    std::string log;
    {
        const std::lock_guard lock(m_told->mutex);
        reports.swap(m_told->reports);
        log.swap(m_told->log);
    }
    for (const auto& report : reports)
        Q_EMIT reported(report);
    if (!log.empty())
        Q_EMIT logged(QString::fromUtf8(log.data(), static_cast<qsizetype>(log.size())));
}

}  // namespace splitscope::ui
