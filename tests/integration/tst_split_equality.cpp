// SPDX-License-Identifier: GPL-3.0-or-later
// Splitting changes nothing: labels and logits through two processes equal the unsplit network's, for every valid
// decision; at c bits they equal the same quantization done in one process, exactly.
#include "core/base/softmax.h"
#include "tests/integration/collector.h"
#include "tests/integration/reference_network.h"

#include <QTest>

using namespace splitscope;

namespace {

constexpr int kBatch = 50;
constexpr int kImages = 500, kImagesOfOwn = 50;  ///< for each decision
constexpr double kTimeoutMs = 600'000;

bool isOwn(const std::string& network) { return network.find('/') != std::string::npos; }  // in a folder

int imagesFor(const std::string& network) { return isOwn(network) ? kImagesOfOwn : kImages; }

session::Scenario scenarioFor(const std::string& network, const std::string& actionSet)
{
    session::Scenario scenario;
    scenario.model = network;
    if (isOwn(network))
        scenario.weights = network + "/model.weights";
    scenario.data = "patterns";
    scenario.strategy = "cycle";
    scenario.dwell = 1;
    scenario.actionSet = actionSet;
    scenario.batch = kBatch;
    scenario.recordLogits = true;
    scenario.minFailoverMs = 60'000;  // a loaded machine is no silent edge
    scenario.seed = 11;
    const auto spec = *model::loadNetworkSpec(network);
    const auto decisions = decision::DecisionSpace(spec, *decision::parseSpaceOptions(actionSet)).decisions().size();
    scenario.coder = codec::EntropyCoder::None;  // a payload's size then says how each value was sent
    // The device does not wait for an answer to label-only requests and may run one or two more of them.
    scenario.frames = imagesFor(network) * (decisions + 3 * spec.exits.size());
    return scenario;
}

}  // namespace

class TestSplitEquality : public QObject {
    Q_OBJECT

    void run(const session::Scenario& scenario, Collector& collector)
    {
        const auto experiment = session::Experiment::start(scenario, {{}, SPLITSCOPE_BIN "/splitscoped"}, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QVERIFY((*experiment)->waitUntilEnded(kTimeoutMs));
        const auto summary = (*experiment)->summary();
        QVERIFY((*experiment)->status().phase == session::Phase::Finished);
        QCOMPARE(summary.done(), scenario.frames);
    }

    /// Every decision of the action set was run on as many frames at least as were asked for.
    static void verifyCoverage(const session::Scenario& scenario, const ReferenceNetwork& reference,
                               const std::vector<wire::FrameRecord>& records)
    {
        const decision::DecisionSpace space(reference.spec, *decision::parseSpaceOptions(scenario.actionSet));
        for (const auto& wanted : space.decisions()) {
            int images = 0;
            for (const auto& record : records)
                images += record.decision == wanted ? record.count : 0;
            QVERIFY2(images >= imagesFor(scenario.model), (decision::toString(wanted) + ": " + std::to_string(images)).c_str());
        }
    }

    /// Each frame has the answer of the exit that its entropy asks for, and what crossed was of the others alone, or of all where
    /// the gate is the edge's.
    static void verifyGated(const wire::FrameRecord& record, ReferenceNetwork& reference)
    {
        auto head = record;
        head.decision = decision::onDevice(reference.spec, record.decision.gate->exit);
        const auto early = reference.whole(head), rest = reference.whole(record);
        QVERIFY2(record.answeredEarly.has_value(), describe(record).c_str());
        for (int frame = 0; frame < record.count; ++frame) {
            const bool answered = record.decision.gate->answers(base::softmaxEntropy(early.row(frame)));
            QVERIFY2(record.goesOn(frame) != answered, describe(record).c_str());
            const auto expected = answered ? early.row(frame) : rest.row(frame);
            const auto at = record.logits.begin() + frame * static_cast<std::ptrdiff_t>(expected.size());
            const std::vector<float> logits(at, at + static_cast<std::ptrdiff_t>(expected.size()));
            QVERIFY2(largestDifference(logits, {expected.begin(), expected.end()}) <= 1e-4, describe(record).c_str());
            QCOMPARE(record.labels[static_cast<std::size_t>(frame)], base::argmax(expected));
        }
        const model::Path path(reference.spec, record.decision.exit);
        const auto values = base::elementCount(path.cutShape(record.decision.partition));
        const bool sends = record.decision.coding.kind == codec::CodingKind::Float32;
        const int sent = decision::gatedOnEdge(reference.spec, record.decision) ? record.count : record.goingOn();
        QCOMPARE(record.payloadBytes, sends ? static_cast<std::uint64_t>(sent) * values * sizeof(float) : std::uint64_t{0});
    }

    static void addShipped()
    {
        QTest::addColumn<QString>("network");
        for (const auto* network : {"alexnet3", "alexnet3-128", "alexnet5"})
            QTest::newRow(network) << QString(network);
    }

private Q_SLOTS:
    void exactTensorsGiveTheUnsplitNetworksAnswers_data()
    {
        addShipped();
        for (const auto* network : {"resnet10", "mobilenet_small"})  // exported from PyTorch
            QTest::newRow(network) << SPLITSCOPE_SOURCE "/resources/examples/pytorch/" + QString(network);
    }
    void exactTensorsGiveTheUnsplitNetworksAnswers()
    {
        QFETCH(QString, network);
        const auto scenario = scenarioFor(network.toStdString(), "verification");
        Collector collector;
        run(scenario, collector);
        ReferenceNetwork reference(scenario);
        verifyCoverage(scenario, reference, collector.records());
        for (const auto& record : collector.records()) {
            const auto expected = reference.whole(record);
            const auto difference = largestDifference(record.logits, expected.values);
            QVERIFY2(difference <= 1e-4, (describe(record) + ": logits differ by " + std::to_string(difference)).c_str());
            QVERIFY2(record.labels == exec::labelsOf(expected), describe(record).c_str());
        }
    }

    // A threshold below which exit 1 answers a good part of the frames.
    void gatesGiveTheHeadsAnswersAndTheWholeNetworksForTheRest_data()
    {
        QTest::addColumn<QString>("actionSet");
        QTest::newRow("on the device") << "verification+gates:0.7";
        QTest::newRow("on the edge") << "verification+edge-gates:0.7";
    }
    void gatesGiveTheHeadsAnswersAndTheWholeNetworksForTheRest()
    {
        QFETCH(QString, actionSet);
        auto scenario = scenarioFor("alexnet3", actionSet.toStdString());
        const decision::DecisionSpace space(*model::loadNetworkSpec("alexnet3"),
                                            *decision::parseSpaceOptions(scenario.actionSet));
        scenario.batch = 20;
        scenario.frames = 20 * (space.decisions().size() + 10);
        Collector collector;
        run(scenario, collector);
        ReferenceNetwork reference(scenario);
        int early = 0, goingOn = 0;
        for (const auto& record : collector.records()) {
            if (!record.decision.gate)
                continue;
            verifyGated(record, reference);
            early += record.count - record.goingOn();
            goingOn += record.goingOn();
        }
        constexpr int kSome = 50;  // the edge has fewer gates than the device: its branch lies behind few cuts
        QVERIFY2(early > kSome && goingOn > kSome, qPrintable(QStringLiteral("%1 early, %2 going on").arg(early).arg(goingOn)));
    }

    void eightBitsGiveWhatTheSameQuantizationGivesInOneProcess_data() { addShipped(); }
    void eightBitsGiveWhatTheSameQuantizationGivesInOneProcess()
    {
        QFETCH(QString, network);
        auto scenario = scenarioFor(network.toStdString(), "bits:8");
        Collector collector;
        run(scenario, collector);
        ReferenceNetwork reference(scenario);
        verifyCoverage(scenario, reference, collector.records());
        for (const auto& record : collector.records()) {
            if (record.decision.coding.kind != codec::CodingKind::Quantized)
                continue;
            const auto expected = reference.quantized(record);
            QVERIFY2(record.labels == exec::labelsOf(expected), describe(record).c_str());
            const auto n
                = base::elementCount(model::Path(reference.spec, record.decision.exit).cutShape(record.decision.partition));
            QVERIFY2(record.payloadBytes == static_cast<std::uint64_t>(record.count) * (8 + n), describe(record).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestSplitEquality)
#include "tst_split_equality.moc"
