// SPDX-License-Identifier: GPL-3.0-or-later
// What the experiments of several devices share while they run at once on this edge.
#pragma once

#include "core/exec/edge_service.h"
#include "core/link/edge_hub.h"
#include "core/session/model_package.h"
#include "core/session/recorder.h"
#include "core/sim/evaluator.h"

#include <list>
#include <map>
#include <mutex>

namespace splitscope::session {

/// One thread for all links, one for all suffixes, each model in memory once, one writer for each database. Handed to experiments
/// in their options; lives as long as the last of them. Thread-safe.
class SharedEdge {
public:
    explicit SharedEdge(const exec::EdgeServiceOptions& options = {});
    SharedEdge(const SharedEdge&) = delete;
    SharedEdge& operator=(const SharedEdge&) = delete;

    [[nodiscard]] std::shared_ptr<link::EdgeHub> hub() const { return m_hub; }
    [[nodiscard]] std::shared_ptr<exec::EdgeService> service() const { return m_service; }

    /// loadModelPackage(), but what is loaded is not loaded again: packages of equal models share one executor, so that requests
    /// of their devices can share a batch. Takes seconds the first time.
    base::Result<std::shared_ptr<const ModelPackage>> package(const Scenario& scenario);

    /// makeEvaluator(), but what was made for a scenario of the same table, reward and circumstances is not made again.
    base::Result<std::shared_ptr<const sim::Evaluator>> evaluator(const Scenario& scenario);

    /// The recorder of this database, which calls `events` for what concerns this run, or a run that nobody here makes. No call
    /// comes any more once what is returned is gone.
    base::Result<std::shared_ptr<Recorder>> recorder(const std::filesystem::path& file, std::uint64_t run, RecorderEvents events);

private:
    struct Loaded {
        Scenario of;  ///< nothing set but what a package is loaded by
        std::shared_ptr<const ModelPackage> package;
    };
    struct Made {
        Scenario of;  ///< nothing set but what an evaluator is made of
        std::shared_ptr<const sim::Evaluator> evaluator;
    };
    class Records;

    std::shared_ptr<link::EdgeHub> m_hub;
    std::shared_ptr<exec::EdgeService> m_service;
    std::mutex m_packagesMutex;
    std::list<Loaded> m_packages;
    std::mutex m_evaluatorsMutex;
    std::list<Made> m_evaluators;
    std::mutex m_recordsMutex;
    std::map<std::filesystem::path, std::weak_ptr<Records>> m_records;
};

}  // namespace splitscope::session
