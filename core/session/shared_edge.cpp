// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shared_edge.h"

#include "core/session/pricing.h"

#include <algorithm>

namespace splitscope::session {

namespace {

/// What a package is loaded by, and nothing else.
Scenario filesOf(const Scenario& scenario)
{
    Scenario files;
    files.model = scenario.model;
    files.data = scenario.data;
    files.weights = scenario.weights;
    files.coder = scenario.coder;
    files.codebook = scenario.codebook;
    return files;
}

/// What an evaluator is made of, and nothing else.
Scenario pricesOf(const Scenario& scenario)
{
    Scenario prices;
    prices.model = scenario.model;
    prices.data = scenario.data;
    prices.costTable = scenario.costTable;
    prices.actionSet = scenario.actionSet;
    prices.batch = scenario.batch;
    prices.slowdown = scenario.slowdown;
    prices.shaping = scenario.shaping;
    prices.objective = scenario.objective;
    prices.deadlineMs = scenario.deadlineMs;
    prices.scale = scenario.scale;
    return prices;
}

}  // namespace

/// One database: its recorder, and which run's events go where.
class SharedEdge::Records {
public:
    static base::Result<std::shared_ptr<Records>> open(const std::filesystem::path& file)
    {
        auto records = std::make_shared<Records>();
        RecorderEvents events;
        events.onCommitted = [p = records.get()](std::uint64_t run, const std::vector<std::uint64_t>& firstFrames) {
            p->each(run, [&](const RecorderEvents& its) { its.onCommitted(run, firstFrames); });
        };
        events.onTrouble = [p = records.get()](const base::Error& error) {
            p->each({}, [&](const RecorderEvents& its) { its.onTrouble(error); });
        };
        auto recorder = Recorder::open(file, std::move(events));
        if (!recorder)
            return recorder.error();
        records->m_recorder = std::move(*recorder);
        return records;
    }

    /// Its recorder, for as long as the run's events are wanted.
    static std::shared_ptr<Recorder> subscribe(const std::shared_ptr<Records>& records, std::uint64_t run, RecorderEvents events)
    {
        {
            const std::lock_guard lock(records->m_mutex);
            records->m_events[run] = std::move(events);
        }
        return {records->m_recorder.get(), [records, run](Recorder*) {
                    const std::lock_guard lock(records->m_mutex);  // waits for a call that is under way
                    records->m_events.erase(run);
                }};
    }

private:
    /// The run's own events; everybody's where nobody has the run, or none is meant.
    template <typename Call>
    void each(std::optional<std::uint64_t> run, Call call)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto own = run ? m_events.find(*run) : m_events.end(); own != m_events.end())
            return call(own->second);
        for (const auto& [other, events] : m_events)
            call(events);
    }

    std::mutex m_mutex;
    std::map<std::uint64_t, RecorderEvents> m_events;
    std::unique_ptr<Recorder> m_recorder;  ///< last: its thread uses the above
};

SharedEdge::SharedEdge(const exec::EdgeServiceOptions& options)
    : m_hub(std::make_shared<link::EdgeHub>()), m_service(std::make_shared<exec::EdgeService>(options))
{
}

base::Result<std::shared_ptr<const ModelPackage>> SharedEdge::package(const Scenario& scenario)
{
    const std::lock_guard lock(m_packagesMutex);  // others wait: they may want the same one
    const auto files = filesOf(scenario);
    const auto known = std::find_if(m_packages.begin(), m_packages.end(), [&](const Loaded& each) { return each.of == files; });
    if (known != m_packages.end()) {
        if (const auto status = checkBooks(scenario, *known->package); !status)
            return status.error();
        return known->package;
    }
    auto loaded = loadModelPackage(scenario);
    if (!loaded)
        return loaded.error();
    for (const auto& other : m_packages)
        if (other.package->hash == loaded->hash)
            loaded->executor = other.package->executor;
    m_packages.push_back({files, std::make_shared<const ModelPackage>(*std::move(loaded))});
    return m_packages.back().package;
}

base::Result<std::shared_ptr<const sim::Evaluator>> SharedEdge::evaluator(const Scenario& scenario)
{
    const std::lock_guard lock(m_evaluatorsMutex);
    const auto prices = pricesOf(scenario);
    for (const auto& made : m_evaluators)
        if (made.of == prices)
            return made.evaluator;
    auto evaluator = makeEvaluator(scenario);
    if (evaluator)
        m_evaluators.push_back({prices, *evaluator});
    return evaluator;
}

base::Result<std::shared_ptr<Recorder>> SharedEdge::recorder(const std::filesystem::path& file, std::uint64_t run,
                                                             RecorderEvents events)
{
    const std::lock_guard lock(m_recordsMutex);
    auto records = m_records[file].lock();
    if (!records) {
        auto opened = Records::open(file);
        if (!opened)
            return opened.error();
        m_records[file] = records = std::move(*opened);
    }
    return Records::subscribe(records, run, std::move(events));
}

}  // namespace splitscope::session
