// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_to_end.h"

#include <mutex>

namespace splitscope::session {

namespace {

constexpr double kLookMs = 200;

/// Keeps what went wrong last, to be told.
class Troubles final : public ExperimentObserver {
public:
    void onSample(const Sample& /*sample*/) override {}
    void onStatus(const ExperimentStatus& /*status*/) override {}
    void onTrouble(const base::Error& error) override
    {
        const std::lock_guard lock(m_mutex);
        m_last = error.message();
    }
    [[nodiscard]] std::string last() const
    {
        const std::lock_guard lock(m_mutex);
        return m_last;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_last;
};

}  // namespace

base::Result<Summary> runToEnd(const Scenario& scenario, const ExperimentOptions& options, const std::stop_token& stop,
                               const std::function<void(const Summary&)>& tell, double patienceMs)
{
    Troubles troubles;
    const auto started = Experiment::start(scenario, options, troubles);
    if (!started)
        return started.error();
    auto& run = **started;
    const auto failed = [](base::ErrorCode code, const std::string& why) { return base::Error{code, why, "the run"}; };
    for (double waited = 0; !run.waitUntilEnded(kLookMs); waited += kLookMs) {
        if (stop.stop_requested())
            run.stop();
        else if (waited > patienceMs)
            return failed(base::ErrorCode::Unreachable, "did not end in time: " + run.status().text);
        if (tell)
            tell(run.summary());
    }
    if (stop.stop_requested())
        return failed(base::ErrorCode::Cancelled, "was stopped");
    if (const auto status = run.status(); status.phase != Phase::Finished)
        return failed(base::ErrorCode::Unreachable, troubles.last().empty() ? status.text : troubles.last());
    return run.summary();
}

}  // namespace splitscope::session
