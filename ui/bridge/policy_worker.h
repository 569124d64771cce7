// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rl/policy.h"
#include "core/sim/environment.h"
#include "ui/bridge/background.h"
#include "ui/models/training_history.h"

#include <QObject>

namespace splitscope::ui {

/// What is to be learned, and how.
struct PolicyTraining {
    std::shared_ptr<const sim::Evaluator> evaluator;  ///< cost table, batch, objective, scale
    sim::EnvironmentKind environment = sim::EnvironmentKind::Paper;
    profile::Conditions conditions{};  ///< all but the rate
    sim::RateRange rates;  ///< that it is to work over
    std::string bandwidth;  ///< as in sim::parseBandwidth(); empty: what `policy train` takes
    std::string algorithm = "sacd";
    std::shared_ptr<const rl::Policy> from{};  ///< fine-tuning: of the same algorithm
    std::uint64_t seed = 1;
    int updates = 3000;
};

/// The training itself, on the calling thread: what the worker's thread runs, at
/// the lowest priority. Cancelled as soon as the token says so.
base::Result<rl::Policy> trainPolicy(const PolicyTraining& training, const std::stop_token& stop,
                                     const std::function<void(const TrainingPoint&)>& told);

/// Trains beside the GUI, at low priority; the curves arrive as they grow.
class PolicyWorker : public QObject {
    Q_OBJECT

public:
    explicit PolicyWorker(QObject* parent = nullptr);

    void start(PolicyTraining training);
    void cancel();
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void pointsArrived(const std::vector<splitscope::ui::TrainingPoint>& points);
    void finished(const splitscope::base::Result<splitscope::rl::Policy>& policy);

private:
    void passOn();

    std::mutex m_mutex;
    std::vector<TrainingPoint> m_points;  ///< guarded: told, not yet passed on
    QTimer m_timer;
    Background<base::Result<rl::Policy>> m_work;  ///< last: its thread is joined before what it uses goes
};

}  // namespace splitscope::ui
