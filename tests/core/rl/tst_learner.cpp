// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/rl/learner.h"

#include <QTest>
#include <array>
#include <cmath>

using namespace splitscope;
using namespace splitscope::rl;

namespace {

using Make = std::unique_ptr<Learner> (*)(const LearnerOptions&);

constexpr int kInputs = 3, kActions = 5;

/// Random transitions; some actions are masked, one row has a single valid one, one s' is the end.
Batch randomBatch(int rows, int inputs, int actions, std::uint64_t seed)
{
    base::Random random(seed);
    Batch batch(rows, inputs, actions);
    for (int row = 0; row < rows; ++row) {
        const auto r = static_cast<std::size_t>(row);
        for (int i = 0; i < inputs; ++i) {
            const auto cell = r * static_cast<std::size_t>(batch.width) + static_cast<std::size_t>(i);
            batch.observations[cell] = random.between(-1, 1);
            batch.next[cell] = random.between(-1, 1);
        }
        const int chosen = random.below(actions);
        batch.actions[r] = chosen;
        batch.rewards[r] = random.between(-1, 1);
        batch.goesOn[r] = row == 1 ? 0.0F : 1.0F;
        for (int a = 0; a < actions; ++a) {
            const auto cell = r * static_cast<std::size_t>(batch.actionWidth) + static_cast<std::size_t>(a);
            const bool valid = random.unit() < 0.7F, nextValid = random.unit() < 0.7F;
            batch.masks[cell] = a == chosen || (valid && row != 0) ? 1 : 0;
            batch.nextMasks[cell] = a == 0 || nextValid ? 1 : 0;
        }
    }
    return batch;
}

std::vector<double> apply(const Layer& layer, const float* x)
{
    std::vector<double> y;
    for (std::size_t o = 0; o < static_cast<std::size_t>(layer.outputs); ++o) {
        double sum = layer.bias[o];
        for (std::size_t i = 0; i < static_cast<std::size_t>(layer.inputs); ++i)
            sum += static_cast<double>(layer.weights[o * static_cast<std::size_t>(layer.inputs) + i]) * x[i];
        y.push_back(sum);
    }
    return y;
}

/// The valid actions by index; their probabilities and logarithms from a softmax over them alone.
struct ByHand {
    std::vector<std::size_t> valid;
    std::vector<double> p, logP;

    ByHand(const std::vector<double>& logits, const float* mask)
    {
        double sum = 0;
        for (std::size_t a = 0; a < logits.size(); ++a)
            if (mask[a] > 0) {
                valid.push_back(a);
                sum += std::exp(logits[a]);
            }
        for (auto a : valid) {
            p.push_back(std::exp(logits[a]) / sum);
            logP.push_back(std::log(p.back()));
        }
    }
};

void compareLists(const std::vector<float>& actual, const std::vector<float>& expected, float tolerance)
{
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (!(std::abs(actual[i] - expected[i]) <= tolerance))
            QFAIL(qPrintable(QString("value %1 is %2 instead of %3").arg(i).arg(actual[i]).arg(expected[i])));
}

}  // namespace

class TestLearner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sacdsLossesAreThoseComputedByHand_data()
    {
        QTest::addColumn<bool>("autograd");
        QTest::addColumn<double>("gamma");
        for (bool autograd : {false, true})
            for (double gamma : {0.0, 0.9})
                QTest::addRow("%s, gamma %g", autograd ? "autograd" : "by hand", gamma) << autograd << gamma;
    }
    void sacdsLossesAreThoseComputedByHand()
    {
        QFETCH(bool, autograd);
        QFETCH(double, gamma);
        LearnerOptions options;
        options.shape = {kInputs, 8, 1, kActions};  // one linear layer: what it computes can be written down
        options.batch = 4;
        options.gamma = gamma;
        options.initialAlpha = 0.3;
        options.seed = 7;
        const auto learner = (autograd ? makeSacd : makeFastSacd)(options);
        const auto batch = randomBatch(4, kInputs, kActions, 1);
        const auto q1 = initialLayers(options.shape, 7).front();  // targets begin as their critics
        const auto q2 = initialLayers(options.shape, 8).front();
        const auto actor = initialLayers(options.shape, 9).front();

        double critic = 0, policyLoss = 0, entropy = 0, excess = 0;
        constexpr double kRatio = 0.5;
        for (std::size_t row = 0; row < 4; ++row) {
            const float* s = &batch.observations[row * static_cast<std::size_t>(batch.width)];
            const float* next = &batch.next[row * static_cast<std::size_t>(batch.width)];
            const ByHand then(apply(actor, next), &batch.nextMasks[row * static_cast<std::size_t>(batch.actionWidth)]);
            double value = 0;
            for (std::size_t i = 0; i < then.valid.size(); ++i)
                value += then.p[i]
                    * (std::min(apply(q1, next)[then.valid[i]], apply(q2, next)[then.valid[i]]) - 0.3 * then.logP[i]);
            const double y = batch.rewards[row] + gamma * batch.goesOn[row] * value;
            const auto a = static_cast<std::size_t>(batch.actions[row]);
            for (const auto* net : {&q1, &q2})
                critic += 0.5 * std::pow(apply(*net, s)[a] - y, 2) / 4;
            const ByHand now(apply(actor, s), &batch.masks[row * static_cast<std::size_t>(batch.actionWidth)]);
            double h = 0;
            for (std::size_t i = 0; i < now.valid.size(); ++i) {
                const double least = std::min(apply(q1, s)[now.valid[i]], apply(q2, s)[now.valid[i]]);
                policyLoss += now.p[i] * (0.3 * now.logP[i] - least) / 4;
                h -= now.p[i] * now.logP[i];
            }
            entropy += h / 4;
            excess += (h - kRatio * std::log(static_cast<double>(now.valid.size()))) / 4;
        }
        const auto losses = learner->update(batch, {.index = 1, .learningRate = 1e-3, .alphaRate = 1e-2, .entropyRatio = kRatio});
        const auto near = [](double actual, double expected) { return std::abs(actual - expected) < 1e-5; };
        QVERIFY2(near(losses.critic, critic), qPrintable(QString("%1 %2").arg(losses.critic).arg(critic)));
        QVERIFY2(near(losses.actor, policyLoss), qPrintable(QString("%1 %2").arg(losses.actor).arg(policyLoss)));
        QVERIFY(near(losses.entropy, entropy));
        QVERIFY(near(losses.temperature, 0.3));
        QVERIFY(near(losses.alpha, std::log(0.3) * excess));
        // Too much entropy lowers α, too little raises it.
        const auto again = learner->update(batch, {.index = 2, .learningRate = 1e-9, .alphaRate = 1e-2, .entropyRatio = kRatio});
        QCOMPARE(again.temperature<0.3, excess> 0);
    }

    void dqnsLossIsThatComputedByHand()
    {
        LearnerOptions options;
        options.shape = {kInputs, 8, 1, kActions};
        options.batch = 4;
        options.gamma = 0.9;
        options.seed = 7;
        const auto batch = randomBatch(4, kInputs, kActions, 2);
        const auto net = initialLayers(options.shape, 7).front();
        double expected = 0;
        for (std::size_t row = 0; row < 4; ++row) {
            const auto next = apply(net, &batch.next[row * static_cast<std::size_t>(batch.width)]);
            double best = -1e9;
            for (std::size_t a = 0; a < kActions; ++a)
                if (batch.nextMasks[row * static_cast<std::size_t>(batch.actionWidth) + a] > 0)
                    best = std::max(best, next[a]);
            const double y = batch.rewards[row] + 0.9 * batch.goesOn[row] * best;
            const auto values = apply(net, &batch.observations[row * static_cast<std::size_t>(batch.width)]);
            expected += 0.5 * std::pow(values[static_cast<std::size_t>(batch.actions[row])] - y, 2) / 4;
        }
        for (Make make : {makeDqn, makeFastDqn}) {
            const auto losses = make(options)->update(batch, {});
            QVERIFY2(std::abs(losses.critic - expected) < 1e-5, qPrintable(QString("%1 %2").arg(losses.critic).arg(expected)));
        }
    }

    void gradientsByHandAreThoseOfAutograd_data()
    {
        QTest::addColumn<bool>("sacd");
        QTest::addColumn<double>("gamma");
        QTest::addColumn<bool>("twin");
        QTest::addColumn<bool>("known");
        QTest::newRow("sacd, gamma 0") << true << 0.0 << true << false;
        QTest::newRow("sacd, gamma 0.9") << true << 0.9 << true << false;
        QTest::newRow("sacd, one critic") << true << 0.99 << false << false;
        QTest::newRow("sacd, known rewards") << true << 0.9 << true << true;
        QTest::newRow("dqn, gamma 0") << false << 0.0 << true << false;
        QTest::newRow("dqn, gamma 0.9") << false << 0.9 << true << false;
    }
    void gradientsByHandAreThoseOfAutograd()
    {
        QFETCH(bool, sacd);
        QFETCH(double, gamma);
        QFETCH(bool, twin);
        QFETCH(bool, known);
        LearnerOptions options;
        options.shape = {10, 40, 5, 37};  // no multiples of 16
        options.batch = 64;
        options.gamma = gamma;
        options.twinCritics = twin;
        options.seed = 3;
        const auto reference = sacd ? makeSacd(options) : makeDqn(options);
        const auto fast = sacd ? makeFastSacd(options) : makeFastDqn(options);
        for (int update = 1; update <= 3; ++update) {
            auto batch = randomBatch(64, 10, 37, static_cast<std::uint64_t>(update));
            if (known) {
                base::Random random(static_cast<std::uint64_t>(update));
                batch.known.resize(batch.masks.size());
                batch.nextKnown.resize(batch.masks.size());
                for (auto* values : {&batch.known, &batch.nextKnown})
                    for (auto& value : *values)
                        value = random.between(-0.1F, 0.1F);
            }
            const UpdateStep step{.index = update, .learningRate = 1e-3, .alphaRate = 1e-2, .entropyRatio = 0.6};
            const auto expected = reference->update(batch, step);
            const auto actual = fast->update(batch, step);
            QVERIFY(std::abs(actual.critic - expected.critic) < 1e-5);
            QVERIFY(std::abs(actual.actor - expected.actor) < 1e-5);
            QVERIFY(std::abs(actual.alpha - expected.alpha) < 1e-5);
            compareLists(fast->gradients(), reference->gradients(), 1e-5F);
        }
        std::vector<float> fastWeights, referenceWeights;
        for (const auto& layer : fast->policyLayers())
            fastWeights.insert(fastWeights.end(), layer.weights.begin(), layer.weights.end());
        for (const auto& layer : reference->policyLayers())
            referenceWeights.insert(referenceWeights.end(), layer.weights.begin(), layer.weights.end());
        compareLists(fastWeights, referenceWeights, 3e-4F);  // Adam divides gradients near 0 by their own size
    }

    void supervisedLearnsOnlyFromUnmaskedActions()
    {
        LearnerOptions options;
        options.shape = {kInputs, 16, 3, kActions};
        options.batch = 4;
        auto batch = randomBatch(4, kInputs, kActions, 1);
        batch.targets.assign(batch.masks.size(), 0);
        for (std::size_t i = 0; i < batch.masks.size(); ++i)
            batch.targets[i] = batch.masks[i] > 0 ? 0.5F : 1e6F;
        const auto learner = makeSupervised(options);
        double first = 0, last = 0;
        for (int update = 1; update <= 300; ++update) {
            last = learner->update(batch, {.index = update, .learningRate = 1e-2}).critic;
            first = update == 1 ? last : first;
        }
        QVERIFY(first < 100);
        QVERIFY2(last < 1e-4, qPrintable(QString::number(last)));
    }

    void aRestoredStateGoesOnTheSame_data()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < 5; ++i)
            QTest::addRow("%d", i) << i;
    }
    void aRestoredStateGoesOnTheSame()
    {
        QFETCH(int, which);
        const Make make
            = std::array<Make, 5>{makeFastSacd, makeFastDqn, makeSupervised, makeSacd, makeDqn}[static_cast<std::size_t>(which)];
        LearnerOptions options;
        options.shape = {kInputs, 16, 3, kActions};
        options.batch = 8;
        options.gamma = which == 2 ? 0 : 0.5;
        auto batch = randomBatch(8, kInputs, kActions, 4);
        batch.targets = batch.masks;
        const auto a = make(options);
        a->update(batch, {.index = 1});
        options.seed = 99;
        const auto b = make(options);
        QVERIFY(b->restore(a->state()).ok());
        for (int update = 2; update < 5; ++update) {
            a->update(batch, {.index = update});
            b->update(batch, {.index = update});
        }
        QVERIFY(a->state() == b->state());
        QVERIFY(!b->restore(std::vector<float>(17)).ok());
    }
};

QTEST_APPLESS_MAIN(TestLearner)
#include "tst_learner.moc"
