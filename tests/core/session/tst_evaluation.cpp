// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation.h"
#include "core/sim/episodes.h"
#include "tests/core/profile/gate_samples.h"
#include "tests/core/session/figure_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cmath>
#include <set>

using namespace splitscope;
using namespace splitscope::session;

namespace {

const sim::RateRange kRates = kSampleRates;

EvaluationRequest request(const std::vector<std::string>& strategies, const std::vector<std::string>& sources = {"walk"})
{
    EvaluationRequest request;
    request.evaluator = sampleEvaluator();
    request.strategies = strategies;
    request.scenarios = {sim::EnvironmentKind::Paper, sim::EnvironmentKind::Queue, sim::EnvironmentKind::Switch};
    request.episodes = 3;
    request.environment.steps = 60;
    request.fixed = decision::onDevice(sampleEvaluator()->table().spec(), 2);
    for (const auto& name : sources)
        request.sources.push_back(*evaluationSource(name, kRates, request.seed, request.episodes));
    return request;
}

Evaluation done(const EvaluationRequest& request)
{
    auto evaluation = evaluate(request, {});
    if (!evaluation)
        qFatal("%s", evaluation.error().message().c_str());
    return *std::move(evaluation);
}

}  // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void intervalOfAMeanIsAsWideAsTheoryHasIt();
    void pairedDifferencesLoseWhatEpisodesShare();
    void ratiosAreOfSums();
    void quantilesAreOfAllRequestsTogether();
    void oneEpisodeHasNoInterval();
    void allStrategiesMeetTheSameEpisodes();
    void seedsDecideEverything();
    void nothingExceedsTheBound();
    void gatesAreComparedWithTheOptimumOverGates();
    void strategiesAreToldWhatSwitchingCostsWhereItDoes();
    void namesThatDoNotExistAreErrors_data();
    void namesThatDoNotExistAreErrors();
    void whatCannotBeMadeIsLeftOutWithTheReason();
    void cancellingEndsItSoon();
    void progressEndsWithEverythingDone();
    void generatedTracesKeepToTheRangeAndTheirSeed_data();
    void generatedTracesKeepToTheRangeAndTheirSeed();
    void bandwidthsAreSourcesToo();
    void recordedTracesAreNoneThatArePolicysTraining();
    void bestSingleDecisionBeatsEveryOther();
    void jsonHasMeansAndBoundsUnderTheSameKeys();
    void csvHasAValueInEachColumn();
    void textFitsItsWidth();
};

void TestEvaluation::intervalOfAMeanIsAsWideAsTheoryHasIt()
{
    std::vector<double> values;
    for (int i = 0; i < 400; ++i)
        values.push_back(i % 20);  // σ² = 33.25
    const auto estimate = Bootstrap(values.size()).mean(values);
    QCOMPARE(estimate.mean, 9.5);
    const double half = 1.96 * std::sqrt(33.25 / 400);
    QVERIFY2(std::abs(estimate.high - estimate.low - 2 * half) < 0.15 * 2 * half, "the bootstrap's interval is off by 15 %");
    QVERIFY(std::abs((estimate.high + estimate.low) / 2 - 9.5) < 0.1 * half + 0.05);
}

void TestEvaluation::pairedDifferencesLoseWhatEpisodesShare()
{
    const std::vector<double> hard{0.1, 0.9, 0.4, 0.7, 0.2, 0.6};
    std::vector<double> better;
    for (const double value : hard)
        better.push_back(value + 0.05);
    const Bootstrap bootstrap(hard.size());
    const auto difference = bootstrap.difference(better, hard);
    QVERIFY(std::abs(difference.low - 0.05) < 1e-12 && std::abs(difference.high - 0.05) < 1e-12);
    const auto alone = bootstrap.mean(better);
    QVERIFY(alone.high - alone.low > 0.2);
}

void TestEvaluation::ratiosAreOfSums()
{
    const std::vector<double> values{1, 3}, baseline{2, 3};
    QCOMPARE(Bootstrap(2).ratio(values, baseline).mean, 0.8);
    const std::vector<double> nothing{0, 0};
    QCOMPARE(Bootstrap(2).ratio(nothing, nothing).mean, 1.0);
}

void TestEvaluation::quantilesAreOfAllRequestsTogether()
{
    std::vector<std::vector<float>> episodes(4);
    for (int i = 1; i <= 100; ++i)
        episodes[static_cast<std::size_t>(i % 4)].push_back(static_cast<float>(i));
    const std::vector<double> shares{0.5, 0.95, 0.99};
    const auto quantiles = Bootstrap(4).quantiles(episodes, shares);
    QCOMPARE(quantiles[0].mean, 50.0);
    QCOMPARE(quantiles[1].mean, 95.0);
    QCOMPARE(quantiles[2].mean, 99.0);
    for (const auto& quantile : quantiles)
        QVERIFY(quantile.low <= quantile.mean && quantile.mean <= quantile.high);
}

void TestEvaluation::oneEpisodeHasNoInterval()
{
    const std::vector<double> one{0.3};
    const auto estimate = Bootstrap(1).mean(one);
    QCOMPARE(estimate.mean, 0.3);
    QVERIFY(!estimate.hasInterval());
}

void TestEvaluation::allStrategiesMeetTheSameEpisodes()
{
    // The strategy `optimum` sees the true rate here: paired with the reference, not a bit of difference may be left.
    const auto evaluation = done(request({"optimum", "on-device"}));
    const auto* optimum = evaluation.find("optimum", "paper", "walk");
    QVERIFY(optimum);
    QCOMPARE(optimum->belowOptimum.low, 0.0);
    QCOMPARE(optimum->belowOptimum.high, 0.0);
    QCOMPARE(optimum->regret.mean, 0.0);
    QCOMPARE(optimum->requests, std::size_t(180));
    const auto* local = evaluation.find("on-device", "paper", "walk");
    QVERIFY(local->belowOptimum.mean > 0 && local->overOptimum.mean < 1);
    QVERIFY(std::abs(local->belowOptimum.mean - local->regret.mean) < 1e-9);
    QVERIFY(local->bytesPerFrame.mean < optimum->bytesPerFrame.mean || local->bytesPerFrame.mean == 0);
}

void TestEvaluation::seedsDecideEverything()
{
    auto first = request({"optimum", "on-edge"});
    const auto again = done(first), once = done(first);
    for (std::size_t i = 0; i < once.rows.size(); ++i) {
        QCOMPARE(again.rows[i].reward.mean, once.rows[i].reward.mean);
        QCOMPARE(again.rows[i].reward.low, once.rows[i].reward.low);
        QCOMPARE(again.rows[i].latencyP99Ms.mean, once.rows[i].latencyP99Ms.mean);
    }
    first.seed = 2;
    QVERIFY(done(first).rows.front().reward.mean != once.rows.front().reward.mean);
    std::set<std::uint64_t> seeds;
    for (const auto kind : {sim::EnvironmentKind::Paper, sim::EnvironmentKind::Queue})
        for (const auto* source : {"walk", "real"})
            for (int episode = 0; episode < 10; ++episode)
                seeds.insert(episodeSeed(1, kind, source, episode));
    QCOMPARE(seeds.size(), std::size_t(40));
}

void TestEvaluation::nothingExceedsTheBound()
{
    auto wanted = request({"fixed", "on-device", "on-edge", "optimum", "greedy-queue", "greedy-switch"}, {"walk", "step"});
    wanted.scenarios = sim::environmentKinds();
    const auto evaluation = done(wanted);
    QCOMPARE(evaluation.rows.size(), 6 * sim::environmentKinds().size() * 2);
    for (const auto& row : evaluation.rows)
        QVERIFY2(row.overBound.mean <= 1 + 1e-9, (row.strategy + " in " + row.scenario + " on " + row.source).c_str());
    for (const auto& reference : evaluation.references)
        QVERIFY(reference.bound.mean >= reference.optimum.mean - 1e-9);
}

void TestEvaluation::gatesAreComparedWithTheOptimumOverGates()
{
    auto wanted = request({"branchynet", "spinn", "jalad", "greedy"}, {"step"});
    auto accuracy = profile::sampleAccuracy(wanted.evaluator->table().spec(), {});
    profile::makeEntropiesDiffer(accuracy);
    const auto table = wanted.evaluator->table().withGates(profile::gatedActions(), accuracy);
    const auto& scale = wanted.evaluator->scale();
    wanted.evaluator = std::make_shared<const sim::Evaluator>(*sim::Evaluator::make(*table, 1, {}, scale));
    wanted.scenarios = sim::environmentKinds();
    const auto evaluation = done(wanted);
    QCOMPARE(evaluation.rows.size(), 4 * sim::environmentKinds().size());
    for (const auto& row : evaluation.rows)
        QVERIFY2(row.overBound.mean <= 1 + 1e-9, (row.strategy + " in " + row.scenario).c_str());
    QVERIFY(evaluation.find("greedy", "paper", "step")->belowOptimum.mean <= 1e-9);
}

void TestEvaluation::strategiesAreToldWhatSwitchingCostsWhereItDoes()
{
    const auto evaluation = done(request({"optimum", "greedy-switch"}, {"step"}));
    const auto* knows = evaluation.find("greedy-switch", "switch", "step");
    const auto* ignores = evaluation.find("optimum", "switch", "step");
    QVERIFY(ignores->switches.mean > 0);
    QVERIFY(knows->switches.mean < ignores->switches.mean);
    // Where switching costs nothing it is not told that it does.
    QVERIFY(evaluation.find("greedy-switch", "paper", "step")->belowOptimum.mean <= 1e-9);
}

void TestEvaluation::namesThatDoNotExistAreErrors_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("says");
    QTest::newRow("strategy") << 0 << "there is no strategy 'best'";
    QTest::newRow("strategy twice") << 1 << "named twice";
    QTest::newRow("policy of nobody") << 2 << "there is no strategy 'sac'";
    QTest::newRow("policy of a strategy left out") << 3 << "not among the strategies";
    QTest::newRow("no source") << 4 << "a source of bandwidth";
    QTest::newRow("no episode") << 5 << "an episode at least";
}

void TestEvaluation::namesThatDoNotExistAreErrors()
{
    QFETCH(int, what);
    QFETCH(QString, says);
    auto wanted = request({"on-device"});
    switch (what) {
    case 0: wanted.strategies = {"on-device", "best"}; break;
    case 1: wanted.strategies = {"on-device", "on-device"}; break;
    case 2: wanted.policyFiles["sac"] = "x.policy"; break;
    case 3: wanted.policyFiles["queue:sacd"] = "x.policy"; break;
    case 4: wanted.sources.clear(); break;
    default: wanted.episodes = 0;
    }
    const auto evaluation = evaluate(wanted, {});
    QVERIFY(!evaluation);
    QVERIFY2(QString::fromStdString(evaluation.error().message()).contains(says), evaluation.error().message().c_str());
    const auto source = evaluationSource("wlak", kRates, 1, 1);
    QVERIFY(!source && source.error().text.find("walk") != std::string::npos);
}

void TestEvaluation::whatCannotBeMadeIsLeftOutWithTheReason()
{
    auto wanted = request({});
    wanted.scenarios = {sim::EnvironmentKind::Paper};
    wanted.episodes = 1;
    wanted.environment.steps = 10;
    const auto evaluation = done(wanted);
    QVERIFY(evaluation.find("optimum", "paper", "walk"));
    QVERIFY(!evaluation.find("cycle", "paper", "walk"));
    // No policy fits the sample table, whose weights are made up.
    QVERIFY(!evaluation.find("sacd", "paper", "walk"));
    QVERIFY(std::any_of(evaluation.leftOut.begin(), evaluation.leftOut.end(),
                        [](const base::Error& why) { return why.where.rfind("sacd", 0) == 0 && !why.text.empty(); }));
    wanted.strategies = {"sacd"};
    QVERIFY(!evaluate(wanted, {}));
}

void TestEvaluation::cancellingEndsItSoon()
{
    std::stop_source stop;
    int told = 0;
    auto wanted = request({"on-device", "on-edge"});
    wanted.episodes = 100'000;
    const auto evaluation = evaluate(wanted, stop.get_token(), [&](const EvaluationProgress&) {
        if (++told == 3)
            stop.request_stop();
    });
    QVERIFY(!evaluation);
    QVERIFY(evaluation.error().code == base::ErrorCode::Cancelled);
    QVERIFY(told <= 4);
}

void TestEvaluation::progressEndsWithEverythingDone()
{
    std::vector<double> shares;
    const auto evaluation
        = evaluate(request({"on-device"}), {}, [&](const EvaluationProgress& progress) { shares.push_back(progress.share); });
    QVERIFY(evaluation.ok());
    QVERIFY(std::is_sorted(shares.begin(), shares.end()));
    QCOMPARE(shares.front(), 0.0);
    QVERIFY(shares.back() > 0.9 && shares.back() <= 1);
}

void TestEvaluation::generatedTracesKeepToTheRangeAndTheirSeed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("traces");
    QTest::newRow("walk") << "walk" << 5;
    QTest::newRow("markov") << "markov" << 5;
    QTest::newRow("outage") << "outage" << 5;
    QTest::newRow("sweep") << "sweep" << 5;
    QTest::newRow("step") << "step" << 5;
}

void TestEvaluation::generatedTracesKeepToTheRangeAndTheirSeed()
{
    QFETCH(QString, name);
    QFETCH(int, traces);
    const auto source = evaluationSource(name.toStdString(), kRates, 7, 5);
    QVERIFY(source.ok());
    QCOMPARE(static_cast<int>(source->traces.size()), traces);
    for (const auto& trace : source->traces)
        for (const auto& point : trace.points())
            QVERIFY(point.bytesPerSecond == 0
                        ? name == "outage"
                        : point.bytesPerSecond >= kRates.low * 0.999 && point.bytesPerSecond <= kRates.high * 1.001);
    QVERIFY(evaluationSource(name.toStdString(), kRates, 7, 5)->traces == source->traces);
    QVERIFY(!(source->traces[0] == source->traces[1]));
    QVERIFY(evaluationSource(name.toStdString(), kRates, 8, 5)->traces != source->traces);
}

void TestEvaluation::bandwidthsAreSourcesToo()
{
    const auto source = evaluationSource("step:1MB/s,100KB/s", kRates, 1, 4);
    QVERIFY(source.ok());
    QCOMPARE(source->name, std::string("step:1MB/s,100KB/s"));
    QCOMPARE(source->traces.size(), std::size_t(1));
}

void TestEvaluation::recordedTracesAreNoneThatArePolicysTraining()
{
    const auto source = evaluationSource("real", kRates, 1, 40);
    if (!source) {
        const auto usual = usualEvaluationSources();
        QVERIFY(std::find(usual.begin(), usual.end(), "real") == usual.end());
        QSKIP("no recorded traces: set SPLITSCOPE_TRACES, or SPLITSCOPE_DATA to a folder that holds traces/");
    }
    sim::EpisodeOptions options;
    options.rates = kRates;
    options.count = 40;
    const auto training = sim::episodeTraces("real", options);
    std::set<std::string> trained;
    for (const auto& trace : *training)
        trained.insert(trace.name());
    for (const auto& trace : source->traces)
        QVERIFY2(!trained.contains(trace.name()), trace.name().c_str());
}

void TestEvaluation::bestSingleDecisionBeatsEveryOther()
{
    const auto best = bestSingleDecision(*sampleEvaluator(), {}, {1e5, 1e5});
    auto conditions = profile::Conditions{};
    conditions.bytesPerSecond = 1e5;
    QCOMPARE(*sampleEvaluator()->table().rowOf(best), sampleEvaluator()->best(conditions));
}

void TestEvaluation::jsonHasMeansAndBoundsUnderTheSameKeys()
{
    const auto evaluation = done(request({"on-device", "on-edge"}, {"walk", "sweep"}));
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(evaluation))).object();
    QCOMPARE(json["results"].toArray().size(), 2 * 3 * 2);
    QCOMPARE(json["references"].toArray().size(), 3 * 2);
    for (const auto& item : json["results"].toArray()) {
        const auto row = item.toObject();
        for (const char* key : {"reward", "regret", "accuracy", "energy_j_per_frame", "bytes_per_frame", "deadline_met",
                                "reward_below_optimum", "reward_over_bound", "switches"}) {
            QVERIFY2(row["low"].toObject()[key].toDouble() <= row[key].toDouble() + 1e-12, key);
            QVERIFY2(row["high"].toObject()[key].toDouble() >= row[key].toDouble() - 1e-12, key);
        }
        for (const char* key : {"p50", "p95", "p99"})
            QVERIFY(row["latency_ms"].toObject()[key].toDouble() > 0);
        QVERIFY(row["decide_us"].toObject()["p99"].isDouble());
        QVERIFY(row["low"].toObject()["decide_us"].toObject()["p99"].isDouble());
    }
}

void TestEvaluation::csvHasAValueInEachColumn()
{
    const auto csv = QString::fromStdString(toCsv(done(request({"on-device"})))).split("\r\n", Qt::SkipEmptyParts);
    QCOMPARE(csv.size(), 1 + 3);
    for (const auto& line : csv)
        QCOMPARE(line.count(','), csv.front().count(','));
}

void TestEvaluation::textFitsItsWidth()
{
    const auto lines = QString::fromStdString(toText(done(request({"on-device", "greedy-switch"})))).split('\n');
    QVERIFY(lines.size() > 10);
    for (const auto& line : lines)
        QVERIFY2(line.size() <= 130, qPrintable(line));
}

QTEST_APPLESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
