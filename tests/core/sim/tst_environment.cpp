// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/environment.h"

#include "core/sim/trace_generate.h"
#include "small_table.h"

#include <QTest>
#include <functional>
#include <set>

using namespace splitscope;
using namespace splitscope::sim;
using codec::CodingKind;

namespace {

using Change = std::function<void(EnvironmentOptions&)>;

const auto& kKinds = environmentKinds();

Trace walk(double mean = 4e5) { return *generateWalk({.random = {.seed = 5, .meanBytesPerSecond = mean, .durationMs = 60'000}}); }

/// Everything that an episode comes to with actions drawn at random.
std::vector<double> play(Environment& environment, std::uint64_t seed, std::uint64_t actionSeed)
{
    std::vector<double> seen;
    base::Random random(actionSeed);
    environment.reset(seed);
    for (bool ended = false; !ended;) {
        const auto& state = environment.state();
        for (const double value : {state.bytesPerSecond, state.bandwidthTrend, state.latencyMs, state.energyJoules,
                                   state.accuracy, state.queuedRequests, state.waitedMs})
            seen.push_back(value);
        const int action = random.below(static_cast<int>(environment.evaluator().actionCount()));
        const auto step = environment.step(static_cast<std::size_t>(action));
        for (const double value : {step.reward, step.regret, step.latencyMs, step.wireBytes, double(step.turnedAway)})
            seen.push_back(value);
        ended = step.ended;
    }
    return seen;
}

}  // namespace
Q_DECLARE_METATYPE(Change)

class TestEnvironment : public QObject {
    Q_OBJECT
private:
    const std::shared_ptr<const Evaluator> m_evaluator = std::make_shared<const Evaluator>(smallEvaluator());

    [[nodiscard]] Environment make(const EnvironmentOptions& options, const Trace& trace = walk()) const
    {
        return *Environment::make(m_evaluator, trace, options);
    }
    [[nodiscard]] std::size_t action(const decision::Decision& decision) const { return *m_evaluator->table().rowOf(decision); }
    [[nodiscard]] std::size_t fastest(double rate) const
    {
        std::size_t best = 0;
        for (std::size_t a = 0; a < m_evaluator->actionCount(); ++a)
            if (m_evaluator->score(a, {.bytesPerSecond = rate}).prediction.totalMs
                < m_evaluator->score(best, {.bytesPerSecond = rate}).prediction.totalMs)
                best = a;
        return best;
    }

private Q_SLOTS:
    void theSameSeedAndActionsGiveTheSameEpisode()
    {
        for (const auto kind : kKinds) {
            auto one = make({.kind = kind, .steps = 200, .bandwidthNoise = 0.2});
            auto other = make({.kind = kind, .steps = 200, .bandwidthNoise = 0.2});
            const auto first = play(one, 3, 1);
            QCOMPARE(first, play(other, 3, 1));
            QCOMPARE(first, play(one, 3, 1));  // nothing is left of the episode before
            QVERIFY(first != play(one, 4, 1));
        }
    }

    /// Frozen: other machines must give these, too.
    void chancesAreTheSameOnEveryMachine_data()
    {
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<double>("traceStartMs");
        QTest::addColumn<double>("misread");
        QTest::newRow("0") << quint64{0} << 42072. << 1009865.;
        QTest::newRow("9") << quint64{9} << 5367. << 929921.;
        QTest::newRow("large") << quint64{123456789} << 24565. << 994300.;
    }
    void chancesAreTheSameOnEveryMachine()
    {
        QFETCH(quint64, seed);
        QFETCH(double, traceStartMs);
        QFETCH(double, misread);
        QCOMPARE(make({.steps = 2}).episodeOf(seed).traceStartMs, traceStartMs);  // of a minute
        auto noisy = make({.steps = 2, .bandwidthNoise = 0.3}, Trace::constant(1e6));
        QCOMPARE(noisy.reset(seed).bytesPerSecond, misread);
        for (const double at : make({.kind = EnvironmentKind::Queue, .steps = 50}).episodeOf(seed).arrivalsMs)
            QCOMPARE(std::round(at * 1e3) / 1e3, at);  // whole microseconds
    }

    /// Strategies are compared seed by seed.
    void whatChanceDecidesDoesNotDependOnActions()
    {
        for (const auto kind : kKinds) {
            if (kind == EnvironmentKind::Queue)
                continue;  // there, how long requests take moves the next one
            auto environment = make({.kind = kind, .steps = 100, .bandwidthNoise = 0.3});
            std::vector<std::vector<double>> rates(2);
            for (std::size_t run = 0; run < 2; ++run) {
                environment.reset(8);
                for (int i = 0; i < 100; ++i) {
                    rates[run].push_back(environment.state().bytesPerSecond);
                    rates[run].push_back(environment.step(run == 0 ? 0 : static_cast<std::size_t>(i)).bytesPerSecond);
                }
            }
            QCOMPARE(rates[0], rates[1]);
        }
    }

    void paperRewardsAreTheTables()
    {
        auto environment = make({.steps = 50});
        environment.reset(1);
        const std::size_t chosen = 17;
        for (int i = 0; i < 50; ++i) {
            const auto here = environment.conditions();
            QCOMPARE(environment.state().bytesPerSecond, std::round(here.bytesPerSecond));
            const auto step = environment.step(chosen);
            const auto expected = m_evaluator->score(chosen, here);
            QCOMPARE(step.reward, expected.reward);
            QCOMPARE(step.latencyMs, expected.prediction.totalMs);
            QCOMPARE(step.regret, m_evaluator->regret(chosen, here));
            QCOMPARE(step.bytesPerSecond, here.bytesPerSecond);
            QCOMPARE(step.ended, i == 49);
            QVERIFY(!step.switched && step.turnedAway == 0);
            QCOMPARE(environment.state().latencyMs, step.ended ? step.latencyMs : environment.state().latencyMs);
        }
        QVERIFY(*environment.state().last == m_evaluator->decisionOf(chosen));
    }

    void theStateTellsOfTheLastRequest()
    {
        auto environment = make({.steps = 3});
        const auto& state = environment.reset(1);
        QVERIFY(!state.last && state.latencyMs == 0);
        const auto step = environment.step(5);
        QCOMPARE(state.latencyMs, step.latencyMs);
        QCOMPARE(state.energyJoules, step.energyJoules);
        QCOMPARE(state.accuracy, step.accuracy);
        QCOMPARE(state.rttMs, kSmallLink.rttMs);
    }

    void theTraceIsWalkedOnceInAnEpisodeUnlessTold()
    {
        const auto trace = *generateSteps({1e5, 2e5, 3e5, 4e5}, 1000);
        auto environment = make({.steps = 4}, trace);
        QCOMPARE(environment.options().intervalMs, 1000.0);
        environment.reset(2);
        std::set<double> seen;
        for (int i = 0; i < 4; ++i)
            seen.insert(environment.step(0).bytesPerSecond);
        QCOMPARE(seen.size(), std::size_t{4});
        QCOMPARE(make({.steps = 4, .intervalMs = 70}, trace).options().intervalMs, 70.0);
        QCOMPARE(make({}, Trace::constant(1e6)).options().intervalMs, 1000. / 30);
    }

    void noiseMisreadsWhatIsSeenAndNotWhatIs()
    {
        auto environment = make({.steps = 2000, .bandwidthNoise = 0.3}, Trace::constant(1e6));
        environment.reset(4);
        double sum = 0, squares = 0;
        int within = 0;
        for (int i = 0; i < 2000; ++i) {
            const auto& state = environment.state();
            const double log = std::log(state.bytesPerSecond / 1e6);
            sum += log;
            squares += log * log;
            within += state.bandwidthLow <= 1e6 && 1e6 <= state.bandwidthHigh ? 1 : 0;
            QCOMPARE(environment.step(0).bytesPerSecond, 1e6);
        }
        QVERIFY(std::abs(sum / 2000) < 0.03);
        QVERIFY(std::abs(std::sqrt(squares / 2000) - 0.3) < 0.03);
        QVERIFY(within > 1850 && within < 1950);
    }

    void theTrendIsTheRateOverThatSecondsAgo()
    {
        auto environment = make({.steps = 10, .intervalMs = 1000}, *generateSteps({1e5, 2e5, 4e5, 8e5}, 1000));
        environment.reset(0);
        QCOMPARE(environment.state().bandwidthTrend, 0.0);
        std::vector<double> rates;
        for (int i = 0; i < 10; ++i) {
            const auto back = static_cast<std::size_t>(std::max(0, i - 3));
            rates.push_back(environment.conditions().bytesPerSecond);
            QVERIFY(std::abs(environment.state().bandwidthTrend - std::log(rates.back() / rates[back])) < 1e-12);
            environment.step(0);
        }
    }

    /// As a device does: it holds out for the edge, then finishes what it holds.
    void aDecisionThatNeedsALinkThatIsDownFallsBackAndBringsNothing()
    {
        auto environment = make({.steps = 5}, Trace::constant(0));
        const auto cut = action({2, 3, {CodingKind::Quantized, 8}});
        const auto local = decision::onDevice(m_evaluator->table().spec(), 2);
        environment.reset(1);
        const auto step = environment.step(cut);
        QVERIFY(step.fallback && !step.feasible);
        QCOMPARE(step.reward, 0.0);
        const auto alone = m_evaluator->score(action(local), {.bytesPerSecond = 0});
        QCOMPARE(step.latencyMs, 200 + alone.prediction.totalMs);
        QCOMPARE(step.accuracy, alone.prediction.accuracy);
        QCOMPARE(step.regret, m_evaluator->score(m_evaluator->best({.bytesPerSecond = 0}), {.bytesPerSecond = 0}).reward);
        const auto kept = environment.step(action(local));
        QVERIFY(!kept.fallback && kept.feasible && kept.reward > 0);
    }

    void switchingCostsTimeAndRewardOnceForAnotherExitOrCut()
    {
        auto environment
            = make({.kind = EnvironmentKind::Switch, .steps = 10, .switchMs = 7, .switchCost = 0.25}, Trace::constant(2e5));
        const auto eight = action({3, 3, {CodingKind::Quantized, 8}});
        const auto four = action({3, 3, {CodingKind::Quantized, 4}});
        const auto otherCut = action({3, 6, {CodingKind::Quantized, 8}});
        const auto otherExit = action({2, 3, {CodingKind::Quantized, 8}});
        environment.reset(1);
        QVERIFY(!environment.step(eight).switched);  // the first one has no last one
        QVERIFY(!environment.step(four).switched);
        for (const auto next : {otherCut, eight, otherExit}) {
            const auto here = environment.conditions();
            const auto alone = m_evaluator->score(next, here);
            const auto step = environment.step(next);
            QVERIFY(step.switched);
            QCOMPARE(step.latencyMs, alone.prediction.totalMs + 7);
            QCOMPARE(step.reward, m_evaluator->rewardOf(next, here, alone.prediction.totalMs + 7) - 0.25);
            QCOMPARE(environment.step(next).latencyMs, alone.prediction.totalMs);
        }
    }

    void switchingTakesAFifthOfTheFastestUnlessTold()
    {
        const auto environment = make({.kind = EnvironmentKind::Switch}, Trace::constant(5e5));
        const double fastestMs = m_evaluator->score(fastest(5e5), {.bytesPerSecond = 5e5}).prediction.totalMs;
        QVERIFY(std::abs(environment.options().switchMs - fastestMs / 5) < 1e-3);
    }

    /// A request's T counts from its arrival, requests are served in order, and every one is accounted for.
    void theQueueServesInOrderAndCountsFromArrival()
    {
        auto environment = make({.kind = EnvironmentKind::Queue, .steps = 300, .queueLimit = 5});
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto arrivals = environment.episodeOf(seed).arrivalsMs;
            environment.reset(seed);
            base::Random random(seed);
            double freeMs = 0;
            int requests = 0, waits = 0;
            for (bool ended = false; !ended;) {
                const auto& state = environment.state();
                QVERIFY(state.queuedRequests <= 5);
                waits += state.waitedMs > 0 ? 1 : 0;
                const double arrived = freeMs - state.waitedMs;
                const auto known = std::find_if(arrivals.begin(), arrivals.end(), [&](double at) {
                    return state.waitedMs > 0 ? std::abs(at - arrived) < 1e-6 : at >= freeMs - 1e-6;
                });
                QVERIFY(known != arrivals.end());
                const double start = state.waitedMs > 0 ? freeMs : *known;
                const auto choice = random.below(2) == 0 ? action(decision::onDevice(m_evaluator->table().spec(), 1))
                                                         : action(decision::onDevice(m_evaluator->table().spec(), 3));
                const double waitedMs = state.waitedMs;
                const auto here = environment.conditions();
                const auto step = environment.step(choice);
                const double serviceMs = m_evaluator->score(choice, here).prediction.totalMs;
                QVERIFY(std::abs(step.latencyMs - waitedMs - serviceMs) < 1e-9);
                QCOMPARE(step.reward, m_evaluator->rewardOf(choice, here, step.latencyMs));
                freeMs = std::round((start + serviceMs) * 1e3) / 1e3;  // as episodes count
                requests += 1 + step.turnedAway;
                ended = step.ended;
            }
            QCOMPARE(requests, 300);
            QVERIFY(waits > 10);
        }
    }

    void aFullQueueTurnsAwayAndASlowDecisionFillsIt()
    {
        auto environment = make({.kind = EnvironmentKind::Queue, .steps = 200, .queueLimit = 3}, Trace::constant(2e4));
        const auto slow = action({3, 1, {CodingKind::Quantized, 16}});
        const auto run = [&](std::size_t choice) {
            environment.reset(1);
            int turnedAway = 0;
            for (bool ended = false; !ended;) {
                const auto step = environment.step(choice);
                turnedAway += step.turnedAway;
                ended = step.ended;
            }
            return turnedAway;
        };
        QVERIFY(run(slow) > 150);
        QVERIFY(run(fastest(2e4)) < 60);
    }

    /// Hidden: nothing in the state tells calm from burst, but arrivals do differ.
    void burstsBringMoreRequests()
    {
        const auto meanGap = [this](double calm, double burst) {
            const auto environment = make(
                {.kind = EnvironmentKind::Queue, .steps = 5000, .calmArrivalsPerService = calm, .burstArrivalsPerService = burst},
                Trace::constant(1e6));
            return environment.episodeOf(3).arrivalsMs.back() / 4999;
        };
        const double serviceMs = m_evaluator->score(fastest(1e6), {.bytesPerSecond = 1e6}).prediction.totalMs;
        QVERIFY(std::abs(meanGap(0.5, 0.5) / (2 * serviceMs) - 1) < 0.05);
        // 60 calm requests to 20 in a burst: (60·2 + 20/1.5)/80 services.
        QVERIFY(std::abs(meanGap(0.5, 1.5) / ((60 * 2 + 20 / 1.5) / 80 * serviceMs) - 1) < 0.1);
    }

    void theDeadlineIsOfTheWholeTime()
    {
        const auto strict = std::make_shared<const Evaluator>(*m_evaluator->withObjective({.deadlineMs = 12}));
        auto environment
            = *Environment::make(strict, walk(), {.kind = EnvironmentKind::Queue, .steps = 400, .burstArrivalsPerService = 4});
        environment.reset(2);
        int missed = 0;
        for (bool ended = false; !ended;) {
            const auto step = environment.step(action(decision::onDevice(m_evaluator->table().spec(), 2)));
            QCOMPARE(step.deadlineMet, step.latencyMs <= 12);
            QVERIFY(step.deadlineMet || step.reward == 0);
            missed += step.deadlineMet ? 0 : 1;
            ended = step.ended;
        }
        QVERIFY(missed > 0);
    }

    void anotherObjectiveActsOnTheNextStep()
    {
        auto environment = make({.steps = 10}, Trace::constant(3e5));
        environment.reset(1);
        const auto before = environment.step(9).reward;
        environment.setObjective(std::make_shared<const Evaluator>(*m_evaluator->withObjective({.energyLimitJoules = 0})));
        QVERIFY(before > 0);
        const auto after = environment.step(9);
        QCOMPARE(after.reward, 0.0);
        QVERIFY(!after.feasible);
    }

    void optionsOutOfRangeAreErrorsThatNameThem_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("option");
        const auto row = [](const char* option, Change change) { QTest::newRow(option) << std::move(change) << QString(option); };
        row("steps", [](EnvironmentOptions& o) { o.steps = 0; });
        row("interval", [](EnvironmentOptions& o) { o.intervalMs = -1; });
        row("bandwidth noise", [](EnvironmentOptions& o) { o.bandwidthNoise = std::nan(""); });
        row("calm arrivals", [](EnvironmentOptions& o) { o.calmArrivalsPerService = 0; });
        row("burst requests", [](EnvironmentOptions& o) { o.burstRequests = 0.5; });
        row("queue limit", [](EnvironmentOptions& o) { o.queueLimit = 0; });
        row("switch time", [](EnvironmentOptions& o) { o.switchMs = -1; });
        row("switch cost", [](EnvironmentOptions& o) { o.switchCost = -0.1; });
        row("report delay", [](EnvironmentOptions& o) { o.reportDelay = -1; });
        row("report noise", [](EnvironmentOptions& o) { o.reportNoise = 6; });
        row("device load", [](EnvironmentOptions& o) { o.deviceLoad = 0.5; });
        row("edge load", [](EnvironmentOptions& o) { o.edgeLoad = std::nan(""); });
        row("free requests", [](EnvironmentOptions& o) { o.freeRequests = 0; });
        row("loaded requests", [](EnvironmentOptions& o) { o.loadedRequests = 0; });
        row("time noise", [](EnvironmentOptions& o) { o.timeNoise = -1; });
        row("budget share", [](EnvironmentOptions& o) { o.budgetShare = 0; });
        row("budget (J)", [](EnvironmentOptions& o) { o.budgetJoules = -1; });
        row("device slowdown", [](EnvironmentOptions& o) { o.conditions.deviceSlowdown = 0; });
    }
    void optionsOutOfRangeAreErrorsThatNameThem()
    {
        QFETCH(Change, change);
        QFETCH(QString, option);
        EnvironmentOptions options;
        change(options);
        const auto made = Environment::make(m_evaluator, Trace::constant(1e6), options);
        QVERIFY(!made);
        QVERIFY2(QString::fromStdString(made.error().where).contains(option), made.error().message().c_str());
        QVERIFY(!Environment::make(nullptr, Trace::constant(1e6), {}));
    }

    void kindsHaveNames()
    {
        for (const auto kind : kKinds)
            QVERIFY(*parseEnvironmentKind(toString(kind)) == kind);
        const auto unknown = parseEnvironmentKind("rush");
        QVERIFY(!unknown);
        QVERIFY(unknown.error().text.find("paper, queue, switch, stale, load, budget") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
