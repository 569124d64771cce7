// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/queue_runner.h"

#include "ui/bridge/experiment_bridge.h"

namespace splitscope::ui {

namespace {

constexpr int kRefreshMs = 500;

}  // namespace

QueueRunner::QueueRunner(QueueModel& model, ExperimentBridge& bridge, QObject* parent)
    : QObject(parent), m_model(model), m_bridge(bridge)
{
    m_clock.setInterval(kRefreshMs);
    connect(&m_clock, &QTimer::timeout, this, [this] { m_model.refresh(); });
    connect(&m_bridge, &ExperimentBridge::samplesArrived, this, &QueueRunner::onSamples);
    connect(&m_bridge, &ExperimentBridge::statusChanged, this, &QueueRunner::onStatus);
    connect(&m_bridge, &ExperimentBridge::resumed, this,
            [this](const std::shared_ptr<const session::ResumedRun>& run) { m_frames = run->summary.frames(); });
    connect(&m_bridge, &ExperimentBridge::ended, this, &QueueRunner::onEnded);
}

void QueueRunner::start()
{
    m_model.hold(false);
    m_active = true;
    advance();
}

void QueueRunner::pause(bool paused)
{
    m_model.hold(paused);
    if (runs())
        m_bridge.pause(paused);
    else if (!paused)
        advance();
    Q_EMIT changed();
}

void QueueRunner::cancelRun()
{
    if (runs())
        m_bridge.stop();
}

void QueueRunner::skipScenario()
{
    if (const auto job = m_model.queue().current())
        m_model.skip(m_model.rowOf(job->id));
    cancelRun();
}

void QueueRunner::cancelAll()
{
    m_model.cancelWaiting();
    m_model.hold(false);
    cancelRun();
    advance();
}

void QueueRunner::waitFor(bool something)
{
    m_waiting = something;
    advance();
}

void QueueRunner::advance()
{
    if (m_active && !m_waiting && !m_bridge.active() && !runs() && !paused()) {
        if (const auto job = m_model.next()) {
            m_frames = 0;
            m_record = {};
            m_clock.start();
            Q_EMIT startRequested(*job);
            if (!m_bridge.active()) {  // it could not even begin
                m_model.ended(session::Phase::Failed, tr("it could not be started; the Log says why"));
                QTimer::singleShot(0, this, &QueueRunner::advance);
            }
        } else {
            m_active = false;
            m_clock.stop();
            Q_EMIT finished();
        }
    }
    Q_EMIT changed();
}

void QueueRunner::onStatus(const session::ExperimentStatus& status)
{
    if (!runs())
        return;
    m_model.paused(status.phase == session::Phase::Paused);
    if (m_bridge.record().run != 0 && m_record != m_bridge.record()) {
        m_record = m_bridge.record();
        m_model.recorded(m_record);
    }
}

void QueueRunner::onSamples(const std::vector<session::Sample>& samples)
{
    if (!runs())
        return;
    for (const auto& sample : samples)
        m_frames += static_cast<std::uint64_t>(std::max(sample.record.count, 0));
    m_model.progressed(m_frames);
}

void QueueRunner::onEnded(const session::Summary& summary)
{
    if (runs()) {
        m_model.progressed(summary.frames());
        m_model.ended(m_bridge.status().phase, QString::fromStdString(m_bridge.status().text));
    }
    QTimer::singleShot(0, this, &QueueRunner::advance);  // when all others have heard of the end, too
    Q_EMIT changed();
}

}  // namespace splitscope::ui
