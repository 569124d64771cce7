// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders act at once: in a live run with a real daemon the recorded decisions follow the exact enumeration of the cost table.
#include "core/session/experiment.h"
#include "core/session/run_library.h"
#include "tests/core/strategy/strategy_samples.h"
#include "tests/integration/daemon_process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <mutex>

using namespace splitscope;

namespace {

constexpr double kRate = 150e3;  ///< the uplink's
constexpr double kIntervalMs = 20;  ///< from one request to the next

class Samples : public session::ExperimentObserver {
public:
    void onSample(const session::Sample& sample) override
    {
        const std::lock_guard lock(m_mutex);
        m_samples.push_back(sample);
    }
    void onStatus(const session::ExperimentStatus& /*status*/) override {}
    void onTrouble(const base::Error& /*error*/) override {}

    [[nodiscard]] std::vector<session::Sample> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_samples;
    }
    /// The last so many requests ran under this decision.
    [[nodiscard]] bool settledOn(const decision::Decision& decision, std::size_t requests) const
    {
        const std::lock_guard lock(m_mutex);
        if (m_samples.size() < requests)
            return false;
        return std::all_of(m_samples.end() - static_cast<std::ptrdiff_t>(requests), m_samples.end(),
                           [&](const session::Sample& sample) { return sample.record.decision == decision; });
    }

private:
    mutable std::mutex m_mutex;
    std::vector<session::Sample> m_samples;
};

struct Setting {
    decision::Objective objective;
    decision::Decision optimum;
};

/// The optimum that this objective has whatever the link is believed to be within reason; nothing where it hangs on that.
std::optional<decision::Decision> robustOptimum(const sim::Evaluator& evaluator)
{
    std::optional<std::size_t> found;
    for (const double factor : {0.6, 0.8, 1.0, 1.3, 1.7})
        for (const double rttMs : {0.0, 1.0, 5.0}) {
            profile::Conditions conditions;
            conditions.bytesPerSecond = kRate * factor;
            conditions.rttMs = rttMs;
            conditions.intervalMs = kIntervalMs;
            const auto best = evaluator.best(conditions);
            if (found.value_or(best) != best)
                return std::nullopt;
            found = best;
        }
    return evaluator.decisionOf(*found);
}

/// Settings of the sliders of which each has another optimum than the one before.
std::vector<Setting> settingsOf(const sim::Evaluator& evaluator)
{
    std::vector<Setting> settings;
    const auto add = [&](const decision::Objective& objective) {
        const auto under = evaluator.withObjective(objective);
        if (!under.ok())
            return;
        if (const auto optimum = robustOptimum(*under); optimum && (settings.empty() || settings.back().optimum != *optimum))
            settings.push_back({objective, *optimum});
    };
    struct Sliders {
        double weight;  ///< accuracy's, at the link's rate
        double floor;
        int firstCut;
    };
    constexpr int kAll = 20;
    for (const auto& [weight, floor, firstCut] :
         {Sliders{0.02, 0, 0}, Sliders{0.02, 0, kAll}, Sliders{0.98, 0, kAll}, Sliders{0.02, 0.84, kAll}, Sliders{0.02, 0.84, 0},
          Sliders{0.02, 0.865, 0}, Sliders{0.02, 0, 0}, Sliders{0.98, 0, kAll}}) {
        decision::Objective objective;
        objective.sensitivity = 1;
        objective.scale = weight / std::log1p(kRate / 1e6);
        objective.accuracyFloor = floor;
        objective.firstCut = firstCut;
        add(objective);
    }
    return settings;
}

}  // namespace

class TestSliders : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

    /// Every move is an event with its settings and the next frame; from there on decisions turn to its optimum, for good.
    static void recordsTellTheMoves(const std::filesystem::path& folder, const std::vector<Setting>& settings)
    {
        const auto run = session::chooseRun(folder, "latest");
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().message().c_str());
        const auto events = session::readEvents(run->key);
        const auto requests = session::readRun(run->key);
        QVERIFY(events.ok() && requests.ok());
        std::vector<QJsonObject> moves;
        for (const auto& event : *events)
            if (event.kind == "objective")
                moves.push_back(QJsonDocument::fromJson(QByteArray::fromStdString(event.detail)).object());
        QCOMPARE(moves.size(), settings.size() - 1);
        std::size_t now = 0;  // setting that decisions follow
        for (std::size_t i = 0; i < requests->size(); ++i) {
            if (requests->outcome[i] != wire::Outcome::Done)
                continue;
            const decision::Decision decision{requests->exit[i], requests->partition[i], requests->codings[requests->coding[i]]};
            if (now < moves.size() && decision != settings[now].optimum) {
                QVERIFY(requests->firstFrame[i] >= static_cast<std::uint64_t>(moves[now]["next_frame"].toInteger()));
                ++now;
            }
            QVERIFY2(decision == settings[now].optimum, qPrintable(QString("request %1").arg(i)));
        }
        QCOMPARE(now, moves.size());
        for (std::size_t i = 0; i < moves.size(); ++i) {
            const auto& objective = settings[i + 1].objective;
            QCOMPARE(moves[i]["s_mb_per_s"].toDouble(), objective.sensitivity);
            QCOMPARE(moves[i]["n"].toDouble(), objective.scale);
            QCOMPARE(moves[i]["accuracy_floor"].toDouble(), objective.accuracyFloor);
            QCOMPARE(moves[i]["first_cut"].toInt(), objective.firstCut);
        }
    }

private Q_SLOTS:
    void aMovedSliderChangesTheRecordedDecisionsAsEnumerationSays()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const auto tableFile = m_folder.filePath("costs.json").toStdString();
        QVERIFY(sim::smallTable().save(tableFile).ok());
        session::Scenario scenario;
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        scenario.strategy = "optimum";
        scenario.costTable = tableFile;
        scenario.bandwidth = "150KB/s";
        scenario.frames = 1'000'000;
        scenario.minIntervalMs = kIntervalMs;
        const auto settings = settingsOf(sim::smallEvaluator());
        QVERIFY2(settings.size() == 8, qPrintable(QString::number(settings.size())));
        scenario.objective = settings.front().objective;
        // The scale is frozen, so that the test knows it.
        scenario.scale = sim::smallEvaluator().scale();

        Samples samples;
        session::ExperimentOptions options;
        options.outFolder = m_folder.filePath("run").toStdString();
        const auto experiment = session::Experiment::start(scenario, options, samples);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        constexpr std::size_t kSettled = 25;
        for (std::size_t i = 0; i < settings.size(); ++i) {
            if (i > 0)
                QVERIFY((*experiment)->setObjective(settings[i].objective).ok());
            QTRY_VERIFY_WITH_TIMEOUT(samples.settledOn(settings[i].optimum, kSettled), 60'000);
        }
        (*experiment)->stop();
        QVERIFY((*experiment)->waitUntilEnded(30'000));

        // Nothing else was ever decided, and in this order.
        std::vector<decision::Decision> inOrder;
        for (const auto& sample : samples.all())
            if (sample.record.outcome == wire::Outcome::Done && (inOrder.empty() || inOrder.back() != sample.record.decision))
                inOrder.push_back(sample.record.decision);
        std::vector<decision::Decision> expected;
        for (const auto& setting : settings)
            expected.push_back(setting.optimum);
        QVERIFY2(inOrder == expected, qPrintable(QString("%1 changes of %2").arg(inOrder.size()).arg(expected.size())));

        const auto summary = (*experiment)->summary();
        QVERIFY(summary.reward() && summary.regret());
        for (const auto& sample : samples.all()) {
            if (sample.record.outcome != wire::Outcome::Done)
                continue;
            QVERIFY(sample.priced && !sample.reason.empty());
            QVERIFY(sample.reward >= 0 && sample.reward <= 1 && sample.regret >= 0 && sample.regret <= 1);
        }
        recordsTellTheMoves(options.outFolder, settings);
    }

    void aTableThatIsOffRaisesAnAlarmAndIsCorrectedWhereThatIsAsked()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const auto tableFile = m_folder.filePath("off.json").toStdString();
        const sim::SampleSpeed aHundredTimesSlower{.flopsPerMs = 2e4, .layerMs = 2, .bytesPerMs = 1e3};
        QVERIFY(sim::smallTable("alexnet3", {}, aHundredTimesSlower).save(tableFile).ok());
        session::Scenario scenario;
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        scenario.strategy = "on-device";
        scenario.decision.exit = 3;
        scenario.costTable = tableFile;
        scenario.frames = 1'000'000;
        scenario.minIntervalMs = 1;
        Samples samples;
        session::ExperimentOptions options;
        options.outFolder = m_folder.filePath("off").toStdString();
        const auto experiment = session::Experiment::start(scenario, options, samples);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        const auto device = static_cast<std::size_t>(profile::Stage::Device);
        const auto prediction = [&] { return (*experiment)->status().prediction; };
        QTRY_VERIFY_WITH_TIMEOUT(prediction().fits[device].off, 30'000);
        QVERIFY(prediction().fits[device].times < 0.8 && prediction().deviceTimes < 1);
        QCOMPARE(prediction().fits[static_cast<std::size_t>(profile::Stage::Edge)].requests, std::size_t(0));
        QVERIFY(!prediction().corrects);
        (*experiment)->setTableCorrection(true);
        QTRY_VERIFY_WITH_TIMEOUT(prediction().corrects, 10'000);
        (*experiment)->stop();
        QVERIFY((*experiment)->waitUntilEnded(30'000));

        const auto run = session::chooseRun(options.outFolder, "latest");
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().message().c_str());
        const auto events = session::readEvents(run->key);
        QVERIFY(events.ok());
        const auto count = [&](const char* kind) {
            return std::count_if(events->begin(), events->end(), [&](const auto& event) { return event.kind == kind; });
        };
        QVERIFY(count("prediction") >= 2);  // begin and end
        QCOMPARE(count("correction"), 1);
        const auto table = profile::CostTable::load(tableFile);
        QVERIFY(table.ok() && table->toJson() == (*experiment)->evaluator()->table().toJson());  // the original stays
    }

    void aBetterPolicyInTheShadowTakesOverLive()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const auto tableFile = m_folder.filePath("shadow.json").toStdString();
        const auto policyFile = m_folder.filePath("shadow.policy").toStdString();
        QVERIFY(sim::smallTable().save(tableFile).ok());
        const auto evaluator = sim::smallEvaluator();
        const auto settings = settingsOf(evaluator);
        QVERIFY(!settings.empty());
        const auto& [objective, optimum] = settings.front();
        const auto liked = strategy::actionOf(evaluator, optimum);
        auto policy = strategy::stubbornPolicy(evaluator, "sacd", {liked});
        policy.features.sensitivity = {0.1, 100};
        policy.features.scale = {0.01, 100};
        QVERIFY(rl::save(policy, policyFile).ok());
        session::Scenario scenario;
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        scenario.strategy = "on-device";
        scenario.decision.exit = 3;
        scenario.costTable = tableFile;
        scenario.shadow = policyFile;
        scenario.bandwidth = "150KB/s";
        scenario.objective = objective;
        scenario.frames = 1'000'000;
        scenario.minIntervalMs = 1;
        Samples samples;
        const auto experiment = session::Experiment::start(scenario, {}, samples);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT(samples.settledOn(optimum, 20), 60'000);
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->status().strategy.find("promoted") != std::string::npos, 10'000);
        const auto all = samples.all();
        for (std::size_t i = 0; i < 150; ++i)  // the window takes two hundred requests
            QVERIFY(all[i].record.decision == decision::onDevice(evaluator.table().spec(), 3));
    }

    void whatNoDecisionCanKeepToIsRefusedAndTheRunGoesOn()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const auto tableFile = m_folder.filePath("other.json").toStdString();
        QVERIFY(sim::smallTable().save(tableFile).ok());
        session::Scenario scenario;
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        scenario.strategy = "greedy";
        scenario.costTable = tableFile;
        scenario.frames = 60;
        Samples samples;
        session::ExperimentOptions options;
        options.outFolder = m_folder.filePath("refused").toStdString();
        const auto experiment = session::Experiment::start(scenario, options, samples);
        QVERIFY(experiment.ok());
        decision::Objective impossible;
        impossible.accuracyFloor = 0.999;
        QVERIFY(!(*experiment)->setObjective(impossible).ok());
        decision::Objective nonsense;
        nonsense.sensitivity = -1;
        QVERIFY(!(*experiment)->setObjective(nonsense).ok());
        QVERIFY((*experiment)->waitUntilEnded(60'000));
        QCOMPARE((*experiment)->summary().frames(), 60u);
        const auto run = session::chooseRun(options.outFolder, "latest");
        QVERIFY(run.ok());
        const auto events = session::readEvents(run->key);
        QVERIFY(events.ok());
        for (const auto& event : *events)
            QVERIFY(event.kind != "objective");
    }
};

QTEST_GUILESS_MAIN(TestSliders)
#include "tst_sliders.moc"
