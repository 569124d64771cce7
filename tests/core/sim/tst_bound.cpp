// SPDX-License-Identifier: GPL-3.0-or-later
// The bounds must hold for whatever is done, and be no looser than they say.
#include "core/sim/environment.h"
#include "core/sim/trace_generate.h"
#include "mean_reward.h"
#include "small_table.h"

#include <QTest>
#include <functional>

using namespace splitscope;
using namespace splitscope::sim;

namespace {

using Choose = std::function<std::size_t(const Environment&)>;

/// The best over all sequences of these actions, by trying them all.
double bestByTrying(Environment environment, std::span<const std::size_t> actions)
{
    double best = -1e9;
    for (const auto action : actions) {
        auto next = environment;
        const auto step = next.step(action);
        best = std::max(best, step.reward + (step.ended ? 0 : bestByTrying(next, actions)));
    }
    return best;
}

/// The best immediate reward, waiting and switching included.
std::size_t greedy(const Environment& environment)
{
    std::size_t best = 0;
    double most = -1e9;
    for (std::size_t action = 0; action < environment.evaluator().actionCount(); ++action) {
        auto copy = environment;
        if (const double reward = copy.step(action).reward; reward > most) {
            most = reward;
            best = action;
        }
    }
    return best;
}

/// Ever less accurate the more wait: what a person would try.
std::size_t relieved(const Environment& environment)
{
    const auto& evaluator = environment.evaluator();
    const auto conditions = environment.conditions();
    std::size_t best = 0;
    double most = -1;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto scored = evaluator.score(action, conditions);
        const double later = environment.state().waitedMs + (1 + environment.state().queuedRequests) * scored.prediction.totalMs;
        if (const double reward = evaluator.rewardOf(action, conditions, later); scored.feasible && reward > most) {
            most = reward;
            best = action;
        }
    }
    return best;
}

Trace walk(std::uint64_t seed)
{
    return *generateWalk({.random = {.seed = seed, .meanBytesPerSecond = 3e5, .durationMs = 30'000}, .sigma = 0.5});
}

std::vector<std::size_t> allActions(const Evaluator& evaluator)
{
    std::vector<std::size_t> actions(evaluator.actionCount());
    for (std::size_t action = 0; action < actions.size(); ++action)
        actions[action] = action;
    return actions;
}

}  // namespace

class TestBound : public QObject {
    Q_OBJECT
private:
    const std::shared_ptr<const Evaluator> m_evaluator = std::make_shared<const Evaluator>(smallEvaluator());
    /// Few actions, so that all sequences of them can be tried.
    const decision::SpaceOptions m_few{.bits = {4}, .raw = true, .lossless = false, .jpegQualities = {}, .float32 = false};

    [[nodiscard]] std::shared_ptr<const Evaluator> few(const decision::Objective& objective = {}) const
    {
        return std::make_shared<const Evaluator>(smallEvaluator(objective, 1, smallTable("alexnet3", m_few)));
    }

    static void rows()
    {
        QTest::addColumn<QString>("scenario");
        QTest::addColumn<bool>("edgent");
        QTest::addColumn<double>("deadlineMs");
        QTest::addColumn<double>("energyLimit");
        for (const auto kind : environmentKinds()) {
            const auto scenario = toString(kind);
            const auto row = [scenario](const char* what, bool edgent, double deadline, double energy) {
                QTest::newRow((scenario + ", " + what).c_str())
                    << QString::fromStdString(scenario) << edgent << deadline << energy;
            };
            row("no limits", false, decision::kNoLimit, decision::kNoLimit);
            row("deadline", false, 30, decision::kNoLimit);
            row("energy", false, decision::kNoLimit, 0.02);
            row("Edgent", true, 40, decision::kNoLimit);
        }
    }

private Q_SLOTS:
    void nothingExceedsIt_data() { rows(); }
    void nothingExceedsIt()
    {
        QFETCH(QString, scenario);
        QFETCH(bool, edgent);
        QFETCH(double, deadlineMs);
        QFETCH(double, energyLimit);
        const decision::Objective objective{.kind = edgent ? decision::RewardKind::Edgent : decision::RewardKind::Paper,
                                            .energyLimitJoules = energyLimit,
                                            .deadlineMs = deadlineMs};
        const auto evaluator = few(objective);
        const auto outage = *generateOutage({.random = {.seed = 2, .durationMs = 20'000}, .onMs = 400, .offMs = 60});
        for (const auto& trace : {walk(1), walk(2), outage, Trace::constant(2e5)}) {
            auto environment = *Environment::make(
                evaluator, trace, {.kind = *parseEnvironmentKind(scenario.toStdString()), .steps = 40, .queueLimit = 6});
            for (std::uint64_t seed = 0; seed < 2; ++seed) {
                const auto bound = upperBound(environment, seed);
                QVERIFY(bound.ok());
                base::Random random(seed);
                const int count = static_cast<int>(evaluator->actionCount());
                const auto anything = [&](const Environment&) { return static_cast<std::size_t>(random.below(count)); };
                const auto local = [&](const Environment&) {
                    return *evaluator->table().rowOf(decision::onDevice(evaluator->table().spec(), 1 + random.below(3)));
                };
                const auto optimum = [&](const Environment& e) { return evaluator->best(e.conditions()); };
                for (const Choose& choose : std::initializer_list<Choose>{anything, local, optimum, greedy, relieved}) {
                    const double reached = meanReward(environment, seed, choose);
                    QVERIFY2(reached <= bound->meanReward + 1e-9,
                             qPrintable(QString("%1 > %2").arg(reached, 0, 'g', 12).arg(bound->meanReward, 0, 'g', 12)));
                }
            }
        }
    }

    void theOptimumOfEveryStepReachesItWhereDecisionsChangeNothing_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto kind : {EnvironmentKind::Paper, EnvironmentKind::Stale, EnvironmentKind::Load})
            QTest::newRow(toString(kind).c_str()) << static_cast<int>(kind);
    }
    void theOptimumOfEveryStepReachesItWhereDecisionsChangeNothing()
    {
        QFETCH(int, kind);
        auto environment = *Environment::make(m_evaluator, walk(3), {.kind = static_cast<EnvironmentKind>(kind), .steps = 200});
        for (std::uint64_t seed = 0; seed < 5; ++seed)
            QVERIFY(
                std::abs(meanReward(environment, seed, [](const Environment& e) { return e.evaluator().best(e.conditions()); })
                         - upperBound(environment, seed)->meanReward)
                < 1e-12);
    }

    void switchingIsExact_data()
    {
        QTest::addColumn<double>("cost");
        QTest::newRow("cheap") << 0.001;
        QTest::newRow("usual") << 0.05;
        QTest::newRow("dear") << 0.5;
    }
    void switchingIsExact()
    {
        QFETCH(double, cost);
        const auto evaluator = few();
        const auto actions = allActions(*evaluator);
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            auto environment = *Environment::make(
                evaluator, walk(seed), {.kind = EnvironmentKind::Switch, .steps = 3, .intervalMs = 4000, .switchCost = cost});
            environment.reset(seed);
            QVERIFY(std::abs(bestByTrying(environment, actions) / 3 - upperBound(environment, seed)->meanReward) < 1e-12);
        }
    }

    /// By trying all sequences: never below the best of them, and off by one request's reward at most.
    void theBudgetsDualIsNearlyExact_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.2, 0.7})
            QTest::newRow(qPrintable(QString::number(share))) << share;
    }
    void theBudgetsDualIsNearlyExact()
    {
        QFETCH(double, share);
        const auto evaluator = few();
        const auto actions = allActions(*evaluator);
        constexpr int kSteps = 3;
        auto environment = *Environment::make(
            evaluator, walk(1), {.kind = EnvironmentKind::Budget, .steps = kSteps, .intervalMs = 4000, .budgetShare = share});
        environment.reset(4);
        const double best = bestByTrying(environment, actions);
        const double bound = kSteps * upperBound(environment, 4)->meanReward;
        QVERIFY2(best <= bound + 1e-9, qPrintable(QString("%1 > %2").arg(best).arg(bound)));
        QVERIFY2(bound <= best + 1, qPrintable(QString("%1, but %2 can be had").arg(bound).arg(best)));
    }

    /// Requests come so close that each decision delays the next ones; a constant rate, so that holding back gains nothing.
    void theQueuesBoundIsTight()
    {
        const auto evaluator = few();
        const auto actions = allActions(*evaluator);
        double sum = 0, bounds = 0;
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            auto environment = *Environment::make(
                evaluator, Trace::constant(1e5 * std::pow(3, seed)),
                {.kind = EnvironmentKind::Queue, .steps = 3, .calmArrivalsPerService = 3, .burstArrivalsPerService = 3});
            environment.reset(seed);
            const double best = bestByTrying(environment, actions) / 3;
            const double bound = upperBound(environment, seed)->meanReward;
            QVERIFY(best <= bound + 1e-12);
            QVERIFY2(best >= 0.985 * bound, qPrintable(QString("%1 of %2").arg(best).arg(bound)));
            sum += best;
            bounds += bound;
        }
        QVERIFY(sum >= 0.99 * bounds);
    }

    /// A link that becomes a thousand times faster later: requests cannot be held back until then.
    void nobodyWaitsForABetterLink()
    {
        auto environment
            = *Environment::make(m_evaluator, *generateSteps({2e4, 2e7}, 30'000), {.kind = EnvironmentKind::Queue, .steps = 100});
        int slow = 0;
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            environment.reset(seed);
            slow += environment.conditions().bytesPerSecond < 1e5 ? 1 : 0;
            const double bound = upperBound(environment, seed)->meanReward;
            const double reached = meanReward(environment, seed, greedy);
            QVERIFY2(reached > 0.8 * bound, qPrintable(QString("%1 of %2").arg(reached).arg(bound)));
        }
        QVERIFY(slow > 0 && slow < 6);
    }

    /// How far above what simple strategies reach it lies: told, and kept from becoming useless.
    void theQueuesBoundIsNotFarAboveWhatIsReached()
    {
        constexpr double kSlowest = 1e3, kFastestRate = 2e8;  // speed then counts even for requests that have waited
        const auto table = smallTable();
        const auto evaluator = std::make_shared<const Evaluator>(
            *Evaluator::make(table, 1, {}, standardScale(table, 1, {}, kSlowest, kFastestRate)));
        auto environment = *Environment::make(evaluator, walk(7), {.kind = EnvironmentKind::Queue, .steps = 300});
        double bound = 0, reached = 0, myopic = 0;
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            bound += upperBound(environment, seed)->meanReward;
            reached += meanReward(environment, seed, relieved);
            myopic += meanReward(environment, seed, greedy);
        }
        qInfo("queue: bound %.4f, relieved %.4f (%.1f %%), greedy %.4f (%.1f %%)", bound / 4, reached / 4, 100 * reached / bound,
              myopic / 4, 100 * myopic / bound);
        QVERIFY(std::max(reached, myopic) > 0.85 * bound);
    }
};

QTEST_APPLESS_MAIN(TestBound)
#include "tst_bound.moc"
