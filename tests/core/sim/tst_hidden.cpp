// SPDX-License-Identifier: GPL-3.0-or-later
// Scenarios in which something is hidden, and the filters that strategies may look through.
#include "core/sim/belief.h"
#include "core/sim/draws_p.h"
#include "core/sim/environment.h"
#include "core/sim/trace_generate.h"
#include "mean_reward.h"
#include "small_table.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::sim;

namespace {

Trace walk() { return *generateWalk({.random = {.seed = 5, .meanBytesPerSecond = 4e5, .durationMs = 60'000}, .sigma = 0.4}); }

std::size_t believed(const Environment& environment)
{
    const Hypotheses hypotheses(environment.state(), environment.options().conditions);
    std::size_t best = 0;
    for (std::size_t action = 1; action < environment.evaluator().actionCount(); ++action)
        if (hypotheses.reward(environment.evaluator(), action) > hypotheses.reward(environment.evaluator(), best))
            best = action;
    return best;
}

std::size_t reported(const Environment& environment)
{
    return environment.evaluator().best(conditionsOf(environment.state(), environment.options().conditions));
}

}  // namespace

class TestHidden : public QObject {
    Q_OBJECT
private:
    const std::shared_ptr<const Evaluator> m_evaluator = std::make_shared<const Evaluator>(smallEvaluator({.sensitivity = 0.5}));

    [[nodiscard]] Environment make(const EnvironmentOptions& options, const Trace& trace = walk()) const
    {
        return *Environment::make(m_evaluator, trace, options);
    }

private Q_SLOTS:
    void reportsComeLateAndNoisyAndSoDoesWhatBecameOfRequests()
    {
        auto environment = make({.kind = EnvironmentKind::Stale, .steps = 400, .reportDelay = 3, .reportNoise = 0.2});
        environment.reset(2);
        std::vector<double> rates, latencies;
        double squares = 0;
        for (std::size_t i = 0; i < 400; ++i) {
            const auto& state = environment.state();
            rates.push_back(environment.conditions().bytesPerSecond);
            const double off = std::log(state.bytesPerSecond / rates[i < 3 ? 0 : i - 3]);
            squares += off * off / 400;
            QCOMPARE(state.latencyMs, i <= 3 ? 0 : latencies[i - 4]);
            QCOMPARE(state.belief.reportAgeMs > 0, i > 0);
            latencies.push_back(environment.step(i % 7).latencyMs);
        }
        QVERIFY2(std::abs(std::sqrt(squares) - 0.2) < 0.02, qPrintable(QString::number(std::sqrt(squares))));
    }

    void theRateFilterFindsTheRate_data()
    {
        QTest::addColumn<double>("noise");
        QTest::addColumn<bool>("jumps");
        QTest::newRow("steady") << 0.4 << false;
        QTest::newRow("jumping") << 0.2 << true;
    }
    /// Its middle lies nearer to the truth than the reports do, and the truth within what it thinks possible.
    void theRateFilterFindsTheRate()
    {
        QFETCH(double, noise);
        QFETCH(bool, jumps);
        base::Random random(3);
        RateFilter filter(noise);
        double byReport = 0, byFilter = 0;
        int within = 0;
        constexpr int kReports = 600;
        for (int i = 0; i < kReports; ++i) {
            const double truth = jumps && (i / 50) % 2 == 1 ? 2e5 : 1e6;
            const double report = truth * std::exp(noise * drawNormal(random));
            filter.report(report);
            decision::Belief belief;
            filter.tell(0, belief);
            QCOMPARE(belief.rateCount, decision::Belief::kMostRates);
            QVERIFY(std::is_sorted(belief.bytesPerSecond.begin(), belief.bytesPerSecond.end()));
            byReport += std::abs(std::log(report / truth));
            byFilter += std::abs(std::log(belief.medianRate() / truth));
            within += belief.bytesPerSecond.front() <= truth && truth <= belief.bytesPerSecond.back() ? 1 : 0;
        }
        QVERIFY2(byFilter < 0.7 * byReport, qPrintable(QString("%1 of %2").arg(byFilter).arg(byReport)));
        QVERIFY2(within > 0.75 * kReports, qPrintable(QString::number(within)));
    }

    void theFartherAheadTheLessIsKnown()
    {
        RateFilter filter(0.1);
        for (int i = 0; i < 50; ++i)
            filter.report(1e6);
        const auto width = [&](int ahead) {
            decision::Belief belief;
            filter.tell(ahead, belief);
            return belief.bytesPerSecond.back() / belief.bytesPerSecond.front();
        };
        QVERIFY(width(0) < width(5) && width(5) < width(40));
        filter.report(0);
        decision::Belief belief;
        filter.tell(0, belief);
        QCOMPARE(belief.down, 1.0);
        filter.tell(5, belief);
        QVERIFY(belief.down > 0.3 && belief.down < 0.9);
    }

    /// What is hidden shows in times alone.
    void loadsMultiplyEachHalfsTime()
    {
        auto environment = make({.kind = EnvironmentKind::Load, .steps = 2000, .timeNoise = 0}, Trace::constant(4e5));
        const auto loads = environment.episodeOf(7).loads;
        QCOMPARE(loads.size(), std::size_t{2000});
        environment.reset(7);
        const auto action = *m_evaluator->table().rowOf({2, 3, {codec::CodingKind::Quantized, 8}});
        const auto alone = m_evaluator->score(action, {.bytesPerSecond = 4e5}).prediction;
        int slow = 0;
        for (const auto& [device, edge] : loads) {
            QCOMPARE(environment.state().deviceSlowdown, 1.0);
            const auto step = environment.step(action);
            QVERIFY(std::abs(step.deviceMs - device * (alone.deviceMs + alone.encodeMs)) < 1e-9);
            QVERIFY(std::abs(step.edgeMs - edge * (alone.decodeMs + alone.edgeMs)) < 1e-9);
            QVERIFY((device == 1 || device == 3) && (edge == 1 || edge == 10));
            slow += device > 1 ? 1 : 0;
        }
        QVERIFY2(slow > 350 && slow < 750, qPrintable(QString::number(slow)));  // 15 of 55
    }

    void theLoadFilterFollowsTheTimes()
    {
        auto environment = make({.kind = EnvironmentKind::Load, .steps = 1000}, Trace::constant(4e5));
        const auto loads = environment.episodeOf(3).loads;
        environment.reset(3);
        const auto cut = *m_evaluator->table().rowOf({2, 3, {codec::CodingKind::Quantized, 8}});
        const auto local = *m_evaluator->table().rowOf(decision::onDevice(m_evaluator->table().spec(), 2));
        int right = 0;
        for (std::size_t i = 0; i < 500; ++i) {
            const auto& belief = environment.state().belief;
            right += (belief.deviceSlow > 0.5) == (loads[i].device > 1.7) ? 1 : 0;
            right += (belief.edgeSlow > 0.5) == (loads[i].edge > 3) ? 1 : 0;
            environment.step(cut);
        }
        QVERIFY2(right > 930, qPrintable(QString::number(right)));  // all but the first request of each state
        const double known = environment.state().belief.edgeSlow;
        for (int i = 0; i < 200; ++i)
            environment.step(local);
        QCOMPARE(environment.state().belief.edgeUnseen, 200.0);
        const double forgotten = environment.state().belief.edgeSlow;  // what it is on average
        QVERIFY2(std::abs(forgotten - 15.0 / 55) < 1e-3 && std::abs(known - forgotten) > 0.1,
                 qPrintable(QString("%1, then %2").arg(known).arg(forgotten)));
    }

    void theBudgetIsSpentOnceAndThenNothingIsDone()
    {
        auto environment = make({.kind = EnvironmentKind::Budget, .steps = 300, .budgetShare = 0.3});
        environment.reset(1);
        double joules = 0;
        int unpaid = 0;
        for (bool ended = false; !ended;) {
            const double left = environment.state().belief.budgetJoules;
            QVERIFY(std::abs(left - (environment.options().budgetJoules - joules)) < 1e-9);
            const auto action = m_evaluator->best(environment.conditions());
            const auto price = m_evaluator->score(action, environment.conditions()).prediction.energyJoules;
            const auto step = environment.step(action);
            QCOMPARE(step.unpaid, price > left);
            QVERIFY(!step.unpaid || (step.reward == 0 && step.energyJoules == 0 && !step.feasible));
            joules += step.energyJoules;
            unpaid += step.unpaid ? 1 : 0;
            ended = step.ended;
        }
        QVERIFY(joules <= environment.options().budgetJoules + 1e-9);
        QVERIFY2(unpaid > 100, qPrintable(QString::number(unpaid)));
    }

    void thePriceOfEnergyRisesAsLessIsLeft()
    {
        EnergyPacer pacer(*m_evaluator, {});
        for (const double rate : {1e5, 3e5, 1e6, 0.0})
            pacer.see(rate);
        QCOMPARE(pacer.price(1e6, 100), 0.0);
        double before = 0;
        for (const double joules : {1.0, 0.3, 0.1, 0.03}) {
            const double price = pacer.price(joules, 100);
            QVERIFY(price >= before);
            before = price;
        }
        QVERIFY(before > 0);
    }

    void believingIsBetterThanTakingReportsAtTheirWord_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto kind : {EnvironmentKind::Stale, EnvironmentKind::Load, EnvironmentKind::Budget})
            QTest::newRow(toString(kind).c_str()) << static_cast<int>(kind);
    }
    void believingIsBetterThanTakingReportsAtTheirWord()
    {
        QFETCH(int, kind);
        auto environment = make({.kind = static_cast<EnvironmentKind>(kind), .steps = 200});
        double belief = 0, report = 0, bound = 0;
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            belief += meanReward(environment, seed, believed);
            report += meanReward(environment, seed, reported);
            bound += upperBound(environment, seed)->meanReward;
        }
        const auto numbers = QString("believed %1, reported %2, bound %3").arg(belief / 6).arg(report / 6).arg(bound / 6);
        QVERIFY2(belief > report && belief <= bound, qPrintable(numbers));
    }

    void withoutABeliefTheIntervalOfAReportCounts()
    {
        decision::State state;
        state.bytesPerSecond = 1e6;
        QCOMPARE(Hypotheses(state, {}).all().size(), std::size_t{1});
        state.bandwidthLow = 5e5;
        state.bandwidthHigh = 2e6;
        double sum = 0, logs = 0;
        const Hypotheses hypotheses(state, {});
        for (const auto& [conditions, probability] : hypotheses.all()) {
            sum += probability;
            logs += probability * std::log(conditions.bytesPerSecond);
        }
        QVERIFY(std::abs(sum - 1) < 1e-5 && std::abs(logs - std::log(1e6)) < 1e-3);
    }
};

QTEST_APPLESS_MAIN(TestHidden)
#include "tst_hidden.moc"
