// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/rl/learner.h"
#include "core/rl/policy.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <functional>

using namespace splitscope;
using namespace splitscope::rl;

namespace {

Policy samplePolicy(int width = 20, int layers = 5)
{
    Policy policy;
    policy.algorithm = "sacd";
    policy.network = "alexnet3";
    policy.modelHash = "abc";
    policy.tableHash = "def";
    for (int i = 0; i < 7; ++i)
        policy.actions.push_back({1 + i % 3, i, codec::Coding{codec::CodingKind::Quantized, 2 + i}});
    policy.actions.push_back({1, 9, {}});
    policy.features.queue = true;
    policy.features.deadlineMs = {5, 500};
    policy.objective.sensitivity = 3;
    policy.scale.latencyMaxMs = 77;
    policy.command = "splitscope-cli policy train …";
    policy.date = "2026-01-01T00:00:00Z";
    policy.gap = 0.0125;
    policy.layers = initialLayers({static_cast<int>(featureCount(policy.features)), width, layers, 8}, 5);
    return policy;
}

void randomInput(const Policy& policy, PolicyScratch& scratch, std::uint64_t seed)
{
    base::Random random(seed);
    scratch.input.resize(featureCount(policy.features));
    for (auto& value : scratch.input)
        value = random.between(-1, 1);
}

}  // namespace

class TestPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itsOutputsAreTorchs_data()
    {
        QTest::addColumn<int>("layers");
        for (int layers : {1, 2, 3, 5})
            QTest::addRow("%d layers", layers) << layers;
    }
    void itsOutputsAreTorchs()
    {
        QFETCH(int, layers);
        const auto policy = samplePolicy(50, layers);
        PolicyScratch scratch;
        randomInput(policy, scratch, 1);
        auto x = torch::tensor(scratch.input);
        for (std::size_t i = 0; i < policy.layers.size(); ++i) {
            const auto& layer = policy.layers[i];
            x = torch::linear(x, torch::tensor(layer.weights).view({layer.outputs, layer.inputs}), torch::tensor(layer.bias));
            if (i + 1 < policy.layers.size())
                x = torch::relu(x);
        }
        forward(policy, scratch);
        QCOMPARE(scratch.hidden.size(), std::size_t(8));
        for (std::size_t i = 0; i < 8; ++i)
            QVERIFY(std::abs(scratch.hidden[i] - x[static_cast<std::int64_t>(i)].item<float>()) < 1e-5F);
    }

    void theFirstDecisionReservesAllMemory()
    {
        const auto policy = samplePolicy();
        PolicyScratch scratch;
        const std::vector<char> mask(8, 1);
        choose(policy, {}, {}, mask, scratch);
        const auto *hidden = scratch.hidden.data(), *next = scratch.next.data(), *input = scratch.input.data();
        choose(policy, {}, {}, mask, scratch);
        QVERIFY(hidden == scratch.hidden.data() && next == scratch.next.data() && input == scratch.input.data());
    }

    void theBestOfTheUnmaskedIsChosen()
    {
        const auto policy = samplePolicy();
        PolicyScratch scratch;
        std::vector<char> mask(8, 1);
        const auto best = choose(policy, {}, {}, mask, scratch);
        mask[best] = 0;
        const auto second = choose(policy, {}, {}, mask, scratch);
        QVERIFY(second != best);
        QVERIFY(scratch.hidden[second] <= scratch.hidden[best]);
        std::fill(mask.begin(), mask.end(), 0);
        QCOMPARE(choose(policy, {}, {}, mask, scratch), std::size_t(0));
    }

    void actionsAreAskedAboutFromTheBestDown()
    {
        PolicyScratch scratch;
        scratch.hidden = {0.1F, 0.9F, 0.5F, 0.7F};
        std::vector<std::size_t> asked;
        const auto action = chooseAccepted(scratch, [&](std::size_t i) {
            asked.push_back(i);
            return i == 2;
        });
        QCOMPARE(action, std::size_t(2));
        QCOMPARE(asked, (std::vector<std::size_t>{1, 3, 2}));
        scratch.hidden = {0.1F, 0.9F};
        QCOMPARE(chooseAccepted(scratch, [](std::size_t) { return false; }), std::size_t(2));
    }

    void aFileHoldsAllOfIt()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.policy").toStdString();
        auto policy = samplePolicy();
        policy.objective.deadlineMs = 12;
        QVERIFY(save(policy, path).ok());
        const auto loaded = loadPolicy(path);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().message().c_str());
        QVERIFY(*loaded == policy);
        QVERIFY(!loadPolicy(path.string() + ".none").ok());
    }

    void damageIsFound()
    {
        const auto bytes = serialize(samplePolicy());
        for (std::size_t at = 0; at < bytes.size(); at += 37) {
            auto damaged = bytes;
            damaged[at] ^= 0x10;
            QVERIFY(!parsePolicy(damaged, "test").ok());
            QVERIFY(!parsePolicy(base::ByteView(bytes).first(at), "test").ok());
        }
        QVERIFY(parsePolicy(bytes, "test").ok());
    }

    void whatDoesNotFitIsRefused()
    {
        const auto refused = [](const Policy& policy, const char* part) {
            const auto parsed = parsePolicy(serialize(policy), "here");
            return !parsed.ok() && parsed.error().where == "here" && parsed.error().text.find(part) != std::string::npos;
        };
        auto policy = samplePolicy();
        policy.actions.pop_back();
        QVERIFY(refused(policy, "outputs"));
        policy = samplePolicy();
        policy.features.trend = true;
        QVERIFY(refused(policy, "inputs"));
        policy = samplePolicy();
        policy.layers[2].weights[3] = std::nanf("");
        QVERIFY(refused(policy, "finite"));
        policy = samplePolicy();
        policy.features.bytesPerSecond = {0, 0};
        QVERIFY(refused(policy, "range"));
        policy = samplePolicy();
        policy.layers.clear();
        QVERIFY(refused(policy, "layers"));
    }

    /// Files of another program, or of a damaged one of ours: their checksums fit.
    void contentsThatMakeNoSenseAreRefusedWithTheReason_data()
    {
        QTest::addColumn<std::function<void(Policy&)>>("change");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* said, std::function<void(Policy&)> change) {
            QTest::newRow(said) << std::move(change) << QString(said);
        };
        row("has no actions or no layers", [](auto& policy) { policy.actions.clear(); });
        row("has 0 layers; 1 to", [](auto& policy) { policy.layers.clear(); });
        row("action 0 is no decision", [](auto& policy) { policy.actions[0].coding.parameter = 99; });
        row("a layer's width is outside 1 to", [](auto& policy) { policy.layers[0].inputs = 0; });
        row("ends before the numbers of its layers do", [](auto& policy) { policy.layers.back().bias.pop_back(); });
        row("has 4 bytes more than its layers", [](auto& policy) { policy.layers.back().bias.push_back(1); });
        row("what known rewards count for is no number", [](auto& policy) { policy.knownScale = -1; });
        row("a range of its inputs does not begin above 0", [](auto& policy) { policy.features.rttMs = {-1, 5}; });
        row("it is of no possible network", [](auto& policy) { policy.features.exits = 65; });
    }
    void contentsThatMakeNoSenseAreRefusedWithTheReason()
    {
        QFETCH(std::function<void(Policy&)>, change);
        QFETCH(QString, said);
        auto policy = samplePolicy();
        change(policy);
        const auto parsed = parsePolicy(serialize(policy), "here");
        QVERIFY(!parsed.ok());
        QVERIFY2(QString::fromStdString(parsed.error().text).contains(said), parsed.error().text.c_str());
        QCOMPARE(parsed.error().where, std::string("here"));
    }

    void whatWasNotTrainedIsSaid()
    {
        const auto policy = samplePolicy();
        decision::State state;
        decision::Objective objective;
        state.bytesPerSecond = 1e6;
        QVERIFY(withinTraining(policy, state, objective));
        state.bytesPerSecond = 0;  // down: a known case
        QVERIFY(withinTraining(policy, state, objective));
        for (double rate : {1.0, 1e12, std::nan("")}) {
            state.bytesPerSecond = rate;
            QVERIFY(!withinTraining(policy, state, objective));
        }
        state.bytesPerSecond = 1e6;
        objective.sensitivity = 1e4;
        QVERIFY(!withinTraining(policy, state, objective));
        objective = {};
        objective.deadlineMs = 1;  // shorter than any it saw
        QVERIFY(!withinTraining(policy, state, objective));
        objective = {};
        objective.energyLimitJoules = 1;  // it has no such input
        QVERIFY(!withinTraining(policy, state, objective));
        auto fixed = policy;
        fixed.features.objective = false;
        QVERIFY(!withinTraining(fixed, state, {}));
        QVERIFY(withinTraining(fixed, state, fixed.objective));
    }
};

QTEST_APPLESS_MAIN(TestPolicy)
#include "tst_policy.moc"
