// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/policy_worker.h"

namespace splitscope::ui {

namespace {

constexpr int kPassOnMs = 100;

}  // namespace

PolicyWorker::PolicyWorker(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kPassOnMs);
    connect(&m_timer, &QTimer::timeout, this, &PolicyWorker::passOn);
}

void PolicyWorker::start(PolicyTraining training)
{
    m_timer.start();
    m_work.start(
        [this, training = std::move(training)](const std::stop_token& stop) {
            return trainPolicy(training, stop, [this](const TrainingPoint& point) {
                const std::lock_guard lock(m_mutex);
                m_points.push_back(point);
            });
        },
        [this](const base::Result<rl::Policy>& policy) {
            m_timer.stop();
            passOn();
            Q_EMIT finished(policy);
        });
}

void PolicyWorker::cancel() { m_work.cancel(); }

void PolicyWorker::passOn()
{
    std::vector<TrainingPoint> points;
    {
        const std::lock_guard lock(m_mutex);
        points.swap(m_points);
    }
    if (!points.empty())
        Q_EMIT pointsArrived(points);
}

}  // namespace splitscope::ui
