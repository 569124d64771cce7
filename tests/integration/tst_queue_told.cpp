// SPDX-License-Identifier: GPL-3.0-or-later
// What waits on a real daemon reaches the strategy on the edge.
#include "core/session/experiment.h"
#include "tests/core/sim/small_table.h"
#include "tests/integration/daemon_process.h"

#include <QTest>

#include <mutex>

using namespace splitscope;

namespace {

class Requests : public session::ExperimentObserver {
public:
    void onSample(const session::Sample& sample) override
    {
        const std::lock_guard lock(m_mutex);
        m_reasons.push_back(sample.strategyReason);
    }
    void onStatus(const session::ExperimentStatus& /*status*/) override {}
    void onTrouble(const base::Error& /*error*/) override {}
    void onLogits(const wire::Request& request, const base::Tensor& /*logits*/) override
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }

    template <typename Matches>
    [[nodiscard]] bool anyRequest(Matches matches) const
    {
        const std::lock_guard lock(m_mutex);
        return std::any_of(m_requests.begin(), m_requests.end(), matches);
    }
    [[nodiscard]] bool anyReason(const std::string& words) const
    {
        const std::lock_guard lock(m_mutex);
        return std::any_of(m_reasons.begin(), m_reasons.end(),
                           [&](const std::string& reason) { return reason.find(words) != std::string::npos; });
    }

private:
    mutable std::mutex m_mutex;
    std::vector<wire::Request> m_requests;
    std::vector<std::string> m_reasons;
};

}  // namespace

class TestQueueTold : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    /// Accuracy alone counts, so that frames go to the last exit, over a link on which a frame takes longer than its interval.
    void aStrategyKnowsWhatWaitsOnTheDevice()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const auto tableFile = m_folder.filePath("costs.json").toStdString();
        QVERIFY(sim::smallTable().save(tableFile).ok());
        session::Scenario scenario;
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        scenario.strategy = "greedy-queue";
        scenario.costTable = tableFile;
        scenario.bandwidth = "100KB/s";
        scenario.depth = 4;
        scenario.frames = 1'000'000;
        scenario.minIntervalMs = 1;
        scenario.slowdown = 4;
        scenario.objective.sensitivity = 1;
        scenario.objective.scale = 10;
        Requests told;
        const auto experiment = session::Experiment::start(scenario, {}, told);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT(told.anyRequest([](const auto& request) { return request.queuedRequests.value_or(0) > 0; }),
                                 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(told.anyRequest([](const auto& request) { return request.waitedMs.value_or(0) > 0; }), 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(told.anyReason("other requests wait"), 60'000);
        QVERIFY(told.anyRequest([](const auto& request) { return request.queuedRequests == 0; }));  // the first one
        (*experiment)->stop();
        QVERIFY((*experiment)->waitUntilEnded(30'000));
    }
};

QTEST_GUILESS_MAIN(TestQueueTold)
#include "tst_queue_told.moc"
