// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/replay_source.h"

#include "core/base/clock.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace splitscope::ui {

namespace {

constexpr std::size_t kSamplesBetweenLooks = 16;  // at the clock

}  // namespace

ReplaySource::ReplaySource(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &ReplaySource::tick);
}

void ReplaySource::open(const session::RunKey& key)
{
    close();
    m_loading = true;
    m_reader.start([key](const std::stop_token& stop) { return read(key, stop); },
                   [this](base::Result<Run> run) { onRead(std::move(run)); });
}

base::Result<ReplaySource::Run> ReplaySource::read(const session::RunKey& key, const std::stop_token& stop)
{
    Run run;
    auto row = session::findRun(key);
    if (!row)
        return row.error();
    auto columns = session::readRun(key, stop);
    if (!columns)
        return columns.error();
    if (columns->empty())
        return base::Error{base::ErrorCode::NotFound, "holds no request: there is nothing to replay",
                           "run " + std::to_string(key.run)};
    run.row = *std::move(row);
    run.columns = *std::move(columns);
    const auto& all = run.columns;
    run.order.resize(all.size());
    std::iota(run.order.begin(), run.order.end(), 0U);
    const auto earlier = [&all](std::uint32_t a, std::uint32_t b) { return all.finishedAtMs(a) < all.finishedAtMs(b); };
    if (!std::is_sorted(run.order.begin(), run.order.end(), earlier))
        std::stable_sort(run.order.begin(), run.order.end(), earlier);
    const double first = *std::min_element(all.capturedAtMs.begin(), all.capturedAtMs.end());
    run.seconds.reserve(run.order.size());
    for (const auto i : run.order)
        run.seconds.push_back((all.finishedAtMs(i) - first) / 1000);
    return run;
}

void ReplaySource::onRead(base::Result<Run> run)
{
    if (!m_loading)
        return;  // closed meanwhile
    m_loading = false;
    if (!run) {
        Q_EMIT failed(run.error());
        Q_EMIT closed();
        return;
    }
    m_run = std::move(run).value();
    m_open = true;
    m_duration = m_run.seconds.back();
    Q_EMIT opened();
    Q_EMIT positionChanged(0);
    setPlaying(true);
}

void ReplaySource::close()
{
    if (!active())
        return;
    m_reader.cancel();
    setPlaying(false);
    m_timer.stop();
    m_loading = m_open = m_catchingUp = false;
    m_disposer = std::jthread([run = std::exchange(m_run, {})] {});  // hundreds of megabytes: freeing them takes a while
    m_next = 0;
    m_position = m_duration = 0;
    Q_EMIT closed();
}

void ReplaySource::setPlaying(bool playing)
{
    if (playing)
        m_sinceTick.restart();
    if (playing || m_catchingUp)
        m_timer.start(m_catchingUp ? kCatchUpTickMs : kTickMs);
    else
        m_timer.stop();
    if (m_playing == playing)
        return;
    m_playing = playing;
    Q_EMIT playingChanged(playing);
}

void ReplaySource::play(bool playing)
{
    if (!m_open)
        return;
    if (playing && m_position >= m_duration)
        seek(0);
    setPlaying(playing);
}

void ReplaySource::setSpeed(double speed)
{
    if (speed > 0)
        m_speed = speed;
}

void ReplaySource::seek(double seconds)
{
    if (!m_open)
        return;
    m_position = std::clamp(seconds, 0.0, m_duration);
    const bool isBehind = m_next > 0 && m_run.seconds[m_next - 1] > m_position;
    if (isBehind) {
        m_next = 0;
        Q_EMIT restarted();
    }
    m_catchingUp = true;
    m_sinceTick.restart();
    m_timer.start(kCatchUpTickMs);
    Q_EMIT positionChanged(m_position);
}

/// Samples up to the position; true if all of them are delivered.
bool ReplaySource::deliver(double budgetMs)
{
    const auto deadline = base::nowNs() + base::fromMs(budgetMs);
    std::vector<session::Sample> samples;
    bool all = true;
    while (m_next < m_run.order.size() && m_run.seconds[m_next] <= m_position) {
        if (samples.size() % kSamplesBetweenLooks == 0 && base::nowNs() >= deadline) {
            all = false;
            break;
        }
        samples.push_back(m_run.columns.sample(m_run.order[m_next++]));
    }
    if (!samples.empty())
        Q_EMIT samplesArrived(samples);
    return all;
}

void ReplaySource::tick()
{
    const double elapsed = static_cast<double>(m_sinceTick.restart()) / 1000;
    if (m_catchingUp) {
        m_catchingUp = !deliver(kCatchUpBudgetMs);
        if (!m_catchingUp)
            m_playing ? m_timer.start(kTickMs) : m_timer.stop();
        return;
    }
    m_position = std::isfinite(m_speed) ? std::min(m_duration, m_position + elapsed * m_speed) : m_duration;
    if (!deliver(kBudgetMs))  // playing is as fast as it can be
        m_position = m_next > 0 ? m_run.seconds[m_next - 1] : 0;
    if (!m_open)
        return;  // whoever took the samples closed it
    Q_EMIT positionChanged(m_position);
    if (m_next == m_run.order.size())
        setPlaying(false);
}

}  // namespace splitscope::ui
