// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/features.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace splitscope;
using namespace splitscope::rl;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

FeatureOptions everything()
{
    FeatureOptions options;
    options.lastRequest = options.queue = options.trend = options.lastDecision = options.objective = true;
    options.rateBelief = options.loadBelief = options.budget = true;
    options.energyLimitJoules = {0.01, 1};
    options.deadlineMs = {1, 1000};
    options.rttMs = {0.1, 100};
    options.deviceSlowdown = {1, 16};
    return options;
}

std::vector<float> write(const FeatureOptions& options, const decision::State& state, const decision::Objective& objective = {},
                         const decision::RewardScale& trained = {}, const decision::RewardScale& actual = {})
{
    std::vector<float> out(featureCount(options), 99);
    writeFeatures(options, state, objective, trained, actual, out);
    return out;
}

}  // namespace

class TestFeatures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachInputHasAName()
    {
        QCOMPARE(featureNames(everything()).size(), featureCount(everything()));
        FeatureOptions few;
        few.objective = false;
        QCOMPARE(featureCount(few), std::size_t(1));
        QCOMPARE(featureNames(few), std::vector<std::string>{"bandwidth"});
    }

    void bandwidthIsLogarithmic()
    {
        FeatureOptions options;
        options.bytesPerSecond = {1e4, 1e6};
        options.objective = false;
        decision::State state;
        for (auto [rate, expected] : {std::pair{1e4, -1.0F}, {1e5, 0.0F}, {1e6, 1.0F}, {1.0, -1.0F}, {1e9, 1.0F}}) {
            state.bytesPerSecond = rate;
            QVERIFY(std::abs(write(options, state).front() - expected) < 1e-6F);
        }
    }

    /// On real links no filter fills the belief: what is reported stands for it.
    void withoutABeliefTheReportStandsForIt()
    {
        FeatureOptions options;
        options.bytesPerSecond = {1e4, 1e6};
        options.objective = false;
        options.rateBelief = true;
        decision::State state;
        state.bytesPerSecond = 1e5;
        QVERIFY(std::abs(write(options, state)[1]) < 1e-6F);
        state.belief.rateCount = 3;
        state.belief.bytesPerSecond = {1e4, 1e6, 1e8};
        QVERIFY(std::abs(write(options, state)[1] - 1) < 1e-6F);
        QVERIFY(std::abs(write(options, state)[0]) < 1e-6F);
    }

    void whateverComesStaysInRange_data()
    {
        QTest::addColumn<double>("value");
        for (double value : {0.0, -1.0, 1e-300, 1e300, kInfinity, -kInfinity, kNaN})
            QTest::addRow("%g", value) << value;
    }
    void whateverComesStaysInRange()
    {
        QFETCH(double, value);
        decision::State state;
        state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = state.bandwidthTrend = state.rttMs = value;
        state.latencyMs = state.energyJoules = state.accuracy = state.queuedRequests = state.waitedMs = state.deviceSlowdown
            = value;
        auto& belief = state.belief;
        belief.rateCount = decision::Belief::kMostRates;
        belief.bytesPerSecond.fill(value);
        belief.down = belief.deviceSlow = belief.edgeSlow = belief.deviceRatio = belief.edgeRatio = value;
        belief.lastDeviceRatio = belief.lastEdgeRatio = belief.edgeUnseen = value;
        belief.budgetShare = belief.stepsShare = belief.joulePrice = value;
        state.last = decision::Decision{.exit = -5, .partition = 1000, .coding = {}};
        decision::Objective objective;
        objective.sensitivity = objective.scale = objective.energyLimitJoules = objective.deadlineMs = value;
        for (float input : write(everything(), state, objective))
            QVERIFY2(input >= -1.0001F && input <= 1.0001F, qPrintable(QString::number(input)));
    }

    void theLastDecisionIsOneExitAndOneCut()
    {
        FeatureOptions options;
        options.objective = false;
        options.lastDecision = true;
        options.exits = 3;
        options.layers = 4;
        decision::State state;
        state.last = decision::Decision{.exit = 2, .partition = 4, .coding = {}};
        const auto inputs = write(options, state);
        QCOMPARE(std::vector<float>(inputs.begin() + 1, inputs.end()), (std::vector<float>{0, 1, 0, 0, 0, 0, 0, 1}));
        state.last.reset();
        const auto none = write(options, state);
        QCOMPARE(std::count(none.begin() + 1, none.end(), 0.0F), 8);
    }

    void noLimitIsTheFarEnd()
    {
        FeatureOptions options;
        options.objective = false;
        options.deadlineMs = {10, 1000};
        decision::Objective objective;
        QCOMPARE(write(options, {}, objective).back(), 1.0F);
        objective.deadlineMs = 100;
        QVERIFY(std::abs(write(options, {}, objective).back()) < 1e-6F);
    }

    /// A policy is used where the reward is scaled otherwise: accuracy must weigh against time as it does there.
    void anotherScaleShiftsTheWeight()
    {
        FeatureOptions options;
        decision::State state;
        state.bytesPerSecond = 1e6;
        decision::Objective objective;
        objective.sensitivity = 1;
        objective.scale = 0.5;
        const decision::RewardScale trained{
            .accuracyMin = 0.5, .accuracyMax = 0.9, .latencyMinMs = 1, .latencyMaxMs = 100, .maxBytesPerSecond = 1e7};
        auto actual = trained;
        actual.accuracyMin = 0.7;  // differences of accuracy count twice
        const double a = 0.5 * std::log(2.0);
        const double shifted = 2 * a / (1 - a) / (1 + 2 * a / (1 - a));
        QVERIFY(std::abs(write(options, state, objective, trained, trained)[1] - (2 * a - 1)) < 1e-6);
        QVERIFY(std::abs(write(options, state, objective, trained, actual)[1] - (2 * shifted - 1)) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(TestFeatures)
#include "tst_features.moc"
