// SPDX-License-Identifier: GPL-3.0-or-later
// Splitting changes nothing: labels and logits through two processes equal the unsplit network's, for every valid
// decision; at c bits they equal the same quantization done in one process, exactly.
#include "core/codec/feature_codec.h"
#include "core/data/data_set.h"
#include "core/exec/frame_source.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"
#include "tests/integration/collector.h"

#include <QTest>

#include <cmath>

using namespace splitscope;

namespace {

constexpr int kBatch = 50;
constexpr int kImages = 500;
constexpr double kTimeoutMs = 600'000;

/// The network in this process, on the frames that a device with this seed captures.
class Reference {
public:
    explicit Reference(const session::Scenario& scenario)
        : spec(*model::loadNetworkSpec(scenario.model)),
          executor(*model::Executor::create(spec, *model::loadShippedWeights(scenario.model, scenario.data))),
          m_source(*data::openDataSet(scenario.data, model::frameSize(spec), data::Split::Evaluation), scenario.seed)
    {
    }

    base::Tensor input(const wire::FrameRecord& record)
    {
        return *model::toInput(spec, *m_source.read(record.firstFrame, record.count));
    }
    base::Tensor whole(const wire::FrameRecord& record)
    {
        return *executor->run(record.decision.exit, 0, length(record), input(record));
    }
    /// Device half, quantization there and back, edge half; all here.
    base::Tensor quantized(const wire::FrameRecord& record)
    {
        const auto& decision = record.decision;
        const auto activation = *executor->run(decision.exit, 0, decision.partition, input(record));
        const auto rows = *exec::encodeRows(activation, decision.coding, codec::EntropyCoder::None);
        const auto back = *exec::decodeRows(spec, decision, codec::EntropyCoder::None, rows.sizes, rows.payload);
        return *executor->run(decision.exit, decision.partition, length(record), back);
    }
    int length(const wire::FrameRecord& record) const
    {
        return spec.exits[static_cast<std::size_t>(record.decision.exit - 1)].layerCount();
    }

    const model::NetworkSpec spec;
    const std::unique_ptr<model::Executor> executor;

private:
    exec::FrameSource m_source;
};

session::Scenario scenarioFor(const std::string& network, const std::string& actionSet)
{
    session::Scenario scenario;
    scenario.model = network;
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
    // The device does not wait for an answer to label-only requests and may run one or two more of them.
    scenario.frames = kImages * (decisions + 3 * spec.exits.size());
    return scenario;
}

std::string describe(const wire::FrameRecord& record)
{
    return decision::toString(record.decision) + ", frame " + std::to_string(record.firstFrame);
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
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

    /// Every decision of the action set was run on at least kImages frames.
    static void verifyCoverage(const session::Scenario& scenario, const Reference& reference,
                               const std::vector<wire::FrameRecord>& records)
    {
        const decision::DecisionSpace space(reference.spec, *decision::parseSpaceOptions(scenario.actionSet));
        for (const auto& wanted : space.decisions()) {
            int images = 0;
            for (const auto& record : records)
                images += record.decision == wanted ? record.count : 0;
            QVERIFY2(images >= kImages, (decision::toString(wanted) + ": " + std::to_string(images)).c_str());
        }
    }

private Q_SLOTS:
    void exactTensorsGiveTheUnsplitNetworksAnswers_data()
    {
        QTest::addColumn<QString>("network");
        for (const auto* network : {"alexnet3", "alexnet3-128", "alexnet5"})
            QTest::newRow(network) << network;
    }
    void exactTensorsGiveTheUnsplitNetworksAnswers()
    {
        QFETCH(QString, network);
        const auto scenario = scenarioFor(network.toStdString(), "verification");
        Collector collector;
        run(scenario, collector);
        Reference reference(scenario);
        verifyCoverage(scenario, reference, collector.records());
        for (const auto& record : collector.records()) {
            const auto expected = reference.whole(record);
            const auto difference = largestDifference(record.logits, expected.values);
            QVERIFY2(difference <= 1e-4, (describe(record) + ": logits differ by " + std::to_string(difference)).c_str());
            QVERIFY2(record.labels == exec::labelsOf(expected), describe(record).c_str());
        }
    }

    void eightBitsGiveWhatTheSameQuantizationGivesInOneProcess_data() { exactTensorsGiveTheUnsplitNetworksAnswers_data(); }
    void eightBitsGiveWhatTheSameQuantizationGivesInOneProcess()
    {
        QFETCH(QString, network);
        auto scenario = scenarioFor(network.toStdString(), "bits:8");
        Collector collector;
        run(scenario, collector);
        Reference reference(scenario);
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
