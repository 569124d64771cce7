// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "training_samples.h"

#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace splitscope;
using namespace splitscope::rl;

class TestPolicyTrainer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSolvableProblemIsLearned_data()
    {
        QTest::addColumn<int>("algorithm");
        QTest::addColumn<double>("gap");
        QTest::newRow("sacd") << static_cast<int>(Algorithm::Sacd) << 0.01;
        QTest::newRow("dqn") << static_cast<int>(Algorithm::Dqn) << 0.03;
        QTest::newRow("supervised") << static_cast<int>(Algorithm::Supervised) << 0.005;
    }
    void aSolvableProblemIsLearned()
    {
        QFETCH(int, algorithm);
        QFETCH(double, gap);
        auto options = smallOptions(static_cast<Algorithm>(algorithm));
        options.width = 64;
        options.layers = 4;
        options.updates = 2500;
        options.randomSteps = 500;
        const auto result = train(smallTask(), options, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        QVERIFY2(result->evaluation.gap() < gap, qPrintable(QString::number(result->evaluation.gap())));
        QVERIFY(result->evaluation.gap() > -1e-9);
        QCOMPARE(result->policy.gap, result->evaluation.gap());
        QCOMPARE(result->history.back().update, 2500);
    }

    /// Exit and cut alone, under its own reward, whatever the sliders say.
    void boomerangChoosesAmongExactCutsByItsOwnReward()
    {
        auto options = smallOptions(Algorithm::Boomerang);
        options.conditioned = true;
        options.width = 64;
        options.layers = 4;
        options.updates = 2500;
        options.randomSteps = 500;
        const auto task = smallTask();
        const auto result = train(task, options, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        const auto& policy = result->policy;
        QCOMPARE(policy.algorithm, std::string("boomerang"));
        QVERIFY(policy.objective.kind == decision::RewardKind::Edgent);
        std::set<std::pair<int, int>> places;
        for (const auto& action : policy.actions) {
            QVERIFY2(places.insert({action.exit, action.partition}).second, decision::toString(action).c_str());
            QVERIFY(action.coding.kind != codec::CodingKind::Quantized || action.coding.parameter == 8);  // the most there are
        }
        QCOMPARE(featureNames(policy.features), (std::vector<std::string>{"bandwidth", "deadline"}));
        // Against the best of those it can take: the optimum over all decisions has coarser tensors as well.
        const auto own = task.evaluator->withObjective(policy.objective);
        auto decider = Decider::make(std::make_shared<const Policy>(policy), *own);
        QVERIFY(decider.ok());
        double reward = 0, best = 0;
        constexpr int kRates = 40;
        const auto& range = policy.features.bytesPerSecond;
        for (int i = 0; i < kRates; ++i) {
            decision::State state;
            state.bytesPerSecond = range.low * std::pow(range.high / range.low, (i + 0.5) / kRates);
            const auto here = sim::conditionsOf(state, {});
            reward += own->score(decider->decide(*own, state, {}), here).reward;
            double most = 0;
            for (const auto row : decider->rows())
                most = std::max(most, own->score(row, here).reward);
            best += most;
        }
        QVERIFY2(reward > 0.95 * best && reward <= best * (1 + 1e-9), qPrintable(QString::number(reward / best)));
        // The sliders of another reward are no reason to leave it.
        decision::State state;
        state.bytesPerSecond = std::sqrt(range.low * range.high);
        QVERIFY(withinTraining(policy, state, {.sensitivity = 77, .scale = 0.3}));
        QVERIFY(!withinTraining(policy, state, {.deadlineMs = policy.features.deadlineMs.low / 2}));
    }

    /// Where something is hidden, inputs are beliefs, and what is known of rewards is their mean over what is believed: what is
    /// learned beside them loses nothing.
    void beliefsAreInputsWhereSomethingIsHidden_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("input");
        QTest::newRow("stale") << static_cast<int>(sim::EnvironmentKind::Stale) << "likely bandwidth";
        QTest::newRow("load") << static_cast<int>(sim::EnvironmentKind::Load) << "edge may be slow";
        QTest::newRow("budget") << static_cast<int>(sim::EnvironmentKind::Budget) << "price of energy";
    }
    void beliefsAreInputsWhereSomethingIsHidden()
    {
        QFETCH(int, kind);
        QFETCH(QString, input);
        const auto task = smallTask(static_cast<sim::EnvironmentKind>(kind), {.sensitivity = 0.5});
        const auto result = train(task, smallOptions(), {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        const auto names = featureNames(result->policy.features);
        QVERIFY(std::count(names.begin(), names.end(), input.toStdString()) == 1);
        QVERIFY(result->policy.knownScale > 0);
        const auto again = parsePolicy(serialize(result->policy), "again");
        QVERIFY(again.ok() && *again == result->policy);
        auto alone = result->policy;
        alone.knownScale = 1e9;  // the table under what is believed, and nothing else
        const auto known = evaluate(alone, task.evaluator, task.environment, task.evaluation, 2, 900'000'000, {});
        const auto learned = evaluate(result->policy, task.evaluator, task.environment, task.evaluation, 2, 900'000'000, {});
        QVERIFY(known.ok() && learned.ok());
        QVERIFY2(learned->reward > 0.97 * known->reward && learned->reward <= learned->optimum,
                 qPrintable(QString("%1, %2 without, bound %3").arg(learned->reward).arg(known->reward).arg(learned->optimum)));
    }

    /// What is learned must come from rewards alone: neither from the order of actions nor from what suits one table.
    void anotherOrderOrTableLeadsToItsOwnOptimum_data()
    {
        QTest::addColumn<bool>("shuffled");
        QTest::addColumn<bool>("perturbed");
        QTest::newRow("as it is") << false << false;
        QTest::newRow("permuted actions") << true << false;
        QTest::newRow("perturbed table") << false << true;
    }
    void anotherOrderOrTableLeadsToItsOwnOptimum()
    {
        QFETCH(bool, shuffled);
        QFETCH(bool, perturbed);
        // With the faster device the other one's optimum is some 15 % below what can be had.
        const auto device
            = perturbed ? sim::SampleSpeed{.flopsPerMs = 2e7, .layerMs = 0.002, .bytesPerMs = 1e6} : sim::kSlowDevice;
        const auto task = smallTask(sim::EnvironmentKind::Paper, {.sensitivity = 0.1}, device);
        const auto other = smallTask(sim::EnvironmentKind::Paper, {.sensitivity = 0.1},
                                     perturbed ? sim::kSlowDevice : sim::SampleSpeed{2e7, 0.002, 1e6});
        auto options = smallOptions();
        options.width = 64;
        options.layers = 4;
        options.updates = 1200;
        options.shuffledActions = shuffled;
        const auto result = train(task, options, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        QVERIFY2(result->evaluation.gap() < 0.005, qPrintable(QString::number(result->evaluation.gap())));
        const auto& first = task.evaluator->decisionOf(0);
        QCOMPARE(result->policy.actions.front() == first, !shuffled);
        const auto elsewhere = evaluate(result->policy, other.evaluator, other.environment, other.evaluation, 1, 7, {});
        QVERIFY(elsewhere.ok());
        QVERIFY2(elsewhere->gap() > 0.03, qPrintable(QString::number(elsewhere->gap())));
    }

    void aPolicyForAllSettingsIsWithinOnePercent()
    {
        auto options = smallOptions(Algorithm::Supervised);
        options.conditioned = true;
        options.width = 64;
        options.layers = 4;
        options.updates = 4000;
        const auto task = smallTask();
        const auto result = train(task, options, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        const auto sliders = evaluateSliders(result->policy, *task.evaluator, {}, 100, 40, 3);
        QVERIFY(sliders.ok());
        QVERIFY(sliders->settings > 50);
        QVERIFY2(sliders->worstGap < 0.01, qPrintable(QString::number(sliders->worstGap)));
    }

    /// Where decisions change what comes, learning must not undo what the table tells already.
    void whatTheTableTellsIsNotUnlearned()
    {
        const auto task = smallTask(sim::EnvironmentKind::Switch, {.sensitivity = 0.1});
        auto options = smallOptions();
        options.updates = 600;
        const auto result = train(task, options, {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        QVERIFY(result->policy.knownScale > 10);
        // The same network without the table's rewards is no strategy.
        auto alone = result->policy;
        alone.knownScale = 0;
        const auto without = evaluate(alone, task.evaluator, task.environment, task.evaluation, 1, 7, {});
        const auto with = evaluate(result->policy, task.evaluator, task.environment, task.evaluation, 1, 7, {});
        QVERIFY(with.ok() && without.ok());
        qInfo("below the bound: %.4f, without what is known %.4f", with->gap(), without->gap());
        QVERIFY(with->gap() < 0.02);
        QVERIFY(with->gap() < without->gap());
    }

    void theSameSeedGivesTheSamePolicy()
    {
        const auto task = smallTask(sim::EnvironmentKind::Switch);
        auto options = smallOptions();
        const auto a = train(task, options, {}, {});
        const auto b = train(task, options, {}, {});
        options.seed = 2;
        const auto c = train(task, options, {}, {});
        QVERIFY(a.ok() && b.ok() && c.ok());
        QVERIFY(a->policy.layers == b->policy.layers);
        QVERIFY(!(a->policy.layers == c->policy.layers));
    }

    void aResumedTrainingEndsTheSame_data()
    {
        QTest::addColumn<int>("algorithm");
        QTest::addColumn<bool>("autograd");
        QTest::newRow("sacd") << static_cast<int>(Algorithm::Sacd) << false;
        QTest::newRow("sacd, autograd") << static_cast<int>(Algorithm::Sacd) << true;
        QTest::newRow("dqn") << static_cast<int>(Algorithm::Dqn) << false;
        QTest::newRow("supervised") << static_cast<int>(Algorithm::Supervised) << false;
    }
    void aResumedTrainingEndsTheSame()
    {
        QFETCH(int, algorithm);
        QFETCH(bool, autograd);
        const QTemporaryDir folder;
        const bool table = static_cast<Algorithm>(algorithm) == Algorithm::Supervised;
        const auto task = smallTask(table ? sim::EnvironmentKind::Paper : sim::EnvironmentKind::Queue);
        auto options = smallOptions(static_cast<Algorithm>(algorithm));
        options.autograd = autograd;
        options.conditioned = true;
        options.updates = 700;
        const auto whole = train(task, options, {}, {});
        QVERIFY2(whole.ok(), whole.ok() ? "" : text(whole.error()).c_str());

        options.checkpoint = folder.filePath("training").toStdString();
        options.checkpointEvery = 50;
        options.observeEvery = 10;
        std::stop_source stop;
        const auto stopped = train(task, options, stop.get_token(), [&](const TrainingMetrics& metrics) {
            if (metrics.update >= 600)
                stop.request_stop();
        });
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        QVERIFY(std::filesystem::exists(options.checkpoint));
        int first = 0;
        const auto resumed
            = train(task, options, {}, [&](const TrainingMetrics& metrics) { first = first ? first : metrics.update; });
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : text(resumed.error()).c_str());
        QVERIFY2(first > 50, "it began anew");
        QVERIFY(resumed->policy.layers == whole->policy.layers);
    }

    void aCheckpointThatDoesNotFitIsRefused()
    {
        const QTemporaryDir folder;
        const auto task = smallTask();
        auto options = smallOptions(Algorithm::Supervised);
        options.checkpoint = folder.filePath("training").toStdString();
        options.checkpointEvery = 100;
        QVERIFY(train(task, options, {}, {}).ok());
        auto other = options;
        other.seed = 5;
        const auto refused = train(task, other, {}, {});
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().text.find("other options") != std::string::npos);
        auto bytes = *base::readFile(options.checkpoint);
        bytes[bytes.size() / 2] ^= 1;
        QVERIFY(base::writeFileAtomically(options.checkpoint, bytes).ok());
        const auto damaged = train(task, options, {}, {});
        QVERIFY(!damaged.ok());
        QVERIFY(damaged.error().text.find("damaged") != std::string::npos);
    }

    void optionsOutOfRangeAreNamed()
    {
        const auto refused = [](auto change) {
            TrainerOptions options;
            change(options);
            return !check(options).ok();
        };
        QVERIFY(check(TrainerOptions{}).ok());
        QVERIFY(refused([](auto& o) { o.gamma = 1; }));
        QVERIFY(refused([](auto& o) { o.width = 0; }));
        QVERIFY(refused([](auto& o) { o.learningRate = std::nan(""); }));
        QVERIFY(refused([](auto& o) { o.updates = 0; }));
        QVERIFY(refused([](auto& o) { o.tau = 2; }));
        QVERIFY(refused([](auto& o) { o.entropyRatio = -1; }));
        QVERIFY(refused([](auto& o) { o.sensitivity = {0, 1}; }));
        QVERIFY(refused([](auto& o) { o.deadlineMs = Range{5, 2}; }));
        auto options = smallOptions(Algorithm::Supervised);
        QVERIFY(!train(smallTask(sim::EnvironmentKind::Queue), options, {}, {}).ok());
        QVERIFY(!parseAlgorithm("ppo").ok());
    }

    void thePapersVariantChoosesAmongThePapersActions()
    {
        auto task = smallTask();
        task.evaluator = std::make_shared<const sim::Evaluator>(sim::smallEvaluator());
        const auto result = train(task, smallOptions(Algorithm::SacdPaper), {}, {});
        QVERIFY2(result.ok(), result.ok() ? "" : text(result.error()).c_str());
        QVERIFY(result->policy.features.lastRequest);
        for (const auto& action : result->policy.actions)
            QVERIFY(action.coding.kind != codec::CodingKind::Jpeg && action.coding.kind != codec::CodingKind::Lossless
                    && action.coding.parameter != 16);
    }

    void limitsAreKeptExactly()
    {
        decision::Objective objective{.sensitivity = 1};
        auto options = smallOptions(Algorithm::Supervised);
        options.conditioned = true;
        const auto task = smallTask();
        const auto result = train(task, options, {}, {});
        QVERIFY(result.ok());
        objective.deadlineMs = 2 * task.evaluator->scale().latencyMinMs;
        const auto evaluator = *task.evaluator->withObjective(objective);
        auto decider = Decider::make(std::make_shared<const Policy>(result->policy), evaluator);
        QVERIFY(decider.ok());
        for (double rate = 1e3; rate < 1e9; rate *= 1.5) {
            decision::State state;
            state.bytesPerSecond = rate;
            const auto here = sim::conditionsOf(state, {});
            const auto best = evaluator.score(evaluator.best(here), here);
            const auto taken = evaluator.score(decider->decide(evaluator, state, {}), here);
            QVERIFY(taken.prediction.totalMs <= objective.deadlineMs || best.prediction.totalMs > objective.deadlineMs);
        }
        decision::State down;
        QCOMPARE(evaluator.decisionOf(decider->decide(evaluator, down, {})).coding.kind, codec::CodingKind::LabelOnly);
    }
};

QTEST_APPLESS_MAIN(TestPolicyTrainer)
#include "tst_policy_trainer.moc"
