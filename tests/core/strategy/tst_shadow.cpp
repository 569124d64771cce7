// SPDX-License-Identifier: GPL-3.0-or-later
// A candidate takes over only when it has earned it on held-out requests, and goes when it fails.
#include "core/strategy/shadow.h"
#include "strategy_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using strategy::Shadow;
using strategy::ShadowPhase;
using strategy::stateAt;

namespace {

constexpr double kRate = 1e6;

/// Decides what it is told, and counts what it learns from.
class Told : public strategy::Strategy {
public:
    Told(std::string name, const decision::Decision& decision, int* observed = nullptr)
        : m_name(std::move(name)), m_decision(decision), m_observed(observed)
    {
    }
    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] decision::Decision decide(const decision::State& state) override
    {
        // Good at the usual rate only.
        return state.bytesPerSecond < kRate / 2 && m_atLowRates ? *m_atLowRates : m_decision;
    }
    void observe(const strategy::Observation& /*observation*/) override
    {
        if (m_observed)
            ++*m_observed;
    }
    void atLowRates(const decision::Decision& decision) { m_atLowRates = decision; }

private:
    std::string m_name;
    decision::Decision m_decision;
    std::optional<decision::Decision> m_atLowRates;
    int* m_observed;
};

}  // namespace

class TestShadow : public QObject {
    Q_OBJECT
private:
    const strategy::StrategyOptions m_options = strategy::tableOptions();
    const sim::Evaluator& m_evaluator = *m_options.evaluator;
    decision::Decision m_best, m_middling, m_worst;

    /// Decides and finishes requests, as an experiment does; the decisions that were taken.
    static std::vector<decision::Decision> run(Shadow& shadow, int requests, double rate = kRate)
    {
        std::vector<decision::Decision> taken;
        for (int i = 0; i < requests; ++i) {
            taken.push_back(shadow.decide(stateAt(rate)));
            shadow.observe({.decision = taken.back(), .latencyMs = 10, .bytesPerSecond = rate});
        }
        return taken;
    }
    [[nodiscard]] std::unique_ptr<Shadow>
    make(std::unique_ptr<strategy::Strategy> incumbent, std::unique_ptr<strategy::Strategy> candidate,
         const strategy::ShadowOptions& options = {.window = 20, .rollbackWindow = 10}) const
    {
        return std::make_unique<Shadow>(std::move(incumbent), std::move(candidate), m_options.evaluator, m_options.conditions,
                                        options);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto conditions = sim::conditionsOf(stateAt(kRate), {});
        std::vector<std::pair<double, std::size_t>> byRegret;
        for (std::size_t action = 0; action < m_evaluator.actionCount(); ++action)
            byRegret.emplace_back(m_evaluator.regret(action, conditions), action);
        std::sort(byRegret.begin(), byRegret.end());
        m_best = m_evaluator.decisionOf(byRegret.front().second);
        m_middling = m_evaluator.decisionOf(byRegret[byRegret.size() / 2].second);
        m_worst = m_evaluator.decisionOf(byRegret.back().second);
        QVERIFY(byRegret.front().first == 0 && byRegret[byRegret.size() / 2].first > 0.01
                && byRegret.back().first > byRegret[byRegret.size() / 2].first + 0.01);
    }

    void aBetterCandidateIsSilentUntilItsWindowIsFullThenDecides()
    {
        const auto shadow = make(std::make_unique<Told>("old", m_middling), std::make_unique<Told>("new", m_best));
        for (const auto& decision : run(*shadow, 39))  // 20 of them are held out; the 39th is the last one
            QVERIFY(decision == m_middling);
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Promoted);
        QCOMPARE(shadow->name(), std::string("new"));
        for (const auto& decision : run(*shadow, 20))
            QVERIFY(decision == m_best);
        QVERIFY(shadow->status().find("promoted") != std::string::npos);
    }

    void aWorseOrEqualCandidateNeverDecides()
    {
        for (const auto& decision : {m_worst, m_middling}) {
            const auto shadow = make(std::make_unique<Told>("old", m_middling), std::make_unique<Told>("new", decision));
            for (const auto& taken : run(*shadow, 300))
                QVERIFY(taken == m_middling);
            QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Watching);
            QVERIFY(shadow->status().find("watches") != std::string::npos);
        }
    }

    void aGainWithinTheMarginIsNotEnough()
    {
        const auto shadow = make(std::make_unique<Told>("old", m_middling), std::make_unique<Told>("new", m_best),
                                 {.window = 20, .margin = 1.01, .rollbackWindow = 10});
        static_cast<void>(run(*shadow, 300));
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Watching);
    }

    void aCandidateThatFailsInChargeIsRolledBackForGood()
    {
        auto candidate = std::make_unique<Told>("new", m_best);
        // At a low rate it keeps sending what then crawls; the incumbent stays as it was.
        const auto raw = m_evaluator.decisionOf(strategy::actionOf(m_evaluator, {3, 1, {codec::CodingKind::Quantized, 16}}));
        candidate->atLowRates(raw);
        const auto local = decision::onDevice(m_evaluator.table().spec(), 1);
        const auto shadow = make(std::make_unique<Told>("old", local), std::move(candidate));
        run(*shadow, 40);
        if (m_evaluator.regret(strategy::actionOf(m_evaluator, local), sim::conditionsOf(stateAt(kRate), {})) < 0.01)
            QFAIL("the incumbent must be worse at first");
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Promoted);
        run(*shadow, 20, 2e3);
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::RolledBack);
        QVERIFY(shadow->status().find("rolled back") != std::string::npos);
        for (const auto& taken : run(*shadow, 200))
            QVERIFY(taken == local);
    }

    void heldOutRequestsAreNotLearntFrom()
    {
        int observed = 0, incumbentObserved = 0;
        const auto shadow = make(std::make_unique<Told>("old", m_middling, &incumbentObserved),
                                 std::make_unique<Told>("new", m_worst, &observed));
        run(*shadow, 100);
        QCOMPARE(incumbentObserved, 100);
        QCOMPARE(observed, 50);
        QCOMPARE(shadow->shadowStatus().heldOut, 20);
    }

    void anotherObjectiveStartsTheComparisonAnew()
    {
        const auto shadow = make(std::make_unique<Told>("old", m_middling), std::make_unique<Told>("new", m_best));
        run(*shadow, 38);
        shadow->setObjective({});
        run(*shadow, 38);
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Watching);
        run(*shadow, 2);
        QVERIFY(shadow->shadowStatus().phase == ShadowPhase::Promoted);
    }

    void aCandidateComesFromAPolicyFile()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath("a.policy").toStdString();
        const auto liked = strategy::actionOf(m_evaluator, m_best);
        QVERIFY(rl::save(strategy::stubbornPolicy(m_evaluator, "dqn", {liked}), file).ok());
        auto options = m_options;
        options.fixed = m_middling;
        const auto& spec = m_evaluator.table().spec();
        const auto made = strategy::makeShadowed("fixed", file, spec, options, {.window = 20, .rollbackWindow = 10});
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        auto* shadow = dynamic_cast<Shadow*>(made->get());
        QVERIFY(shadow);
        run(*shadow, 40);
        QCOMPARE(shadow->name(), std::string("dqn"));
        const auto none = strategy::makeShadowed("fixed", "/nowhere/at.all", spec, options, {});
        QVERIFY(!none.ok());
        QVERIFY(none.error().message().find("/nowhere/at.all") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestShadow)
#include "tst_shadow.moc"
