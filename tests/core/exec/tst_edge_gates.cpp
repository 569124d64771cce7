// SPDX-License-Identifier: GPL-3.0-or-later
// Gates that the edge evaluates: all frames are sent, those that the gate's exit is sure of are its, the others the whole
// network's.
#include "tests/core/exec/gate_rig.h"

#include <QTest>
#include <latch>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using codec::CodingKind;
using decision::Decision;
using decision::Gate;

namespace {

constexpr double kNone = 1e-6, kAll = 10;  ///< thresholds that no entropy, and every one, lies below

/// Behind the input, and within the trunk, before the branch at 3.
const Decision kFrame{2, 0, {CodingKind::Float32, 0}}, kTensor{2, 2, {CodingKind::Float32, 0}};

Decision gated(Decision decision, double threshold)
{
    decision.gate = Gate{1, threshold};
    return decision;
}

/// An edge half whose answers are collected.
struct Edge {
    explicit Edge(std::shared_ptr<EdgeService> service = {}, EdgeRuntime::Decide decide = {})
        : edge(executor(), optionsWith(std::move(service)), std::move(decide), [this](const wire::Message& message) {
              const std::lock_guard lock(m_mutex);
              m_answers.push_back(message);
          })
    {
    }
    std::vector<wire::Message> answers() const
    {
        const std::lock_guard lock(m_mutex);
        return m_answers;
    }

private:
    static EdgeRuntimeOptions optionsWith(std::shared_ptr<EdgeService> service)
    {
        EdgeRuntimeOptions options;
        options.replyLogits = true;
        options.service = std::move(service);
        return options;
    }

    mutable std::mutex m_mutex;
    std::vector<wire::Message> m_answers;

public:
    EdgeRuntime edge;  // last: its thread uses all of the above
};

/// The reply is to the frames 0, 1, …, each by the exit that its entropy asks for.
void verifyReply(const wire::Reply& reply, const Decision& decision, int count)
{
    wire::FrameRecord record;
    record.count = count;
    record.decision = decision;
    record.labels = reply.labels;
    record.logits = reply.logits;
    record.answeredEarly = reply.answeredEarly;
    QVERIFY(record.answeredEarly.has_value());
    verifyAnswer(startRun(kFrames, decision), record);
}

}  // namespace

Q_DECLARE_METATYPE(splitscope::decision::Decision)

class TestEdgeGates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachFrameIsAnsweredByItsExit_data()
    {
        QTest::addColumn<Decision>("decision");
        QTest::addColumn<int>("batch");
        const double half = entropyQuantile(0.5);
        QTest::newRow("some go on, one by one") << gated(kTensor, half) << 1;
        QTest::newRow("some go on, in batches") << gated(kTensor, half) << 6;
        QTest::newRow("of whole frames") << gated(kFrame, half) << 8;
        QTest::newRow("none goes on") << gated(kTensor, kAll) << 4;
        QTest::newRow("all go on") << gated(kFrame, kNone) << 5;
    }
    void eachFrameIsAnsweredByItsExit()
    {
        QFETCH(Decision, decision);
        QFETCH(int, batch);
        const auto run = gatedRun(decision, batch);
        Rig rig(run);
        rig.serve([] { return std::nullopt; }, true);
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        verifyAnswers(run, records);
        // All frames were sent, as without a gate.
        const auto values = base::elementCount(model::Path(spec(), decision.exit).cutShape(decision.partition));
        int early = 0;
        for (const auto& record : records) {
            QCOMPARE(record.outcome, wire::Outcome::Done);
            QCOMPARE(record.payloadBytes, static_cast<std::uint64_t>(record.count) * values * sizeof(float));
            QVERIFY(record.stages.edgeSegment > 0);
            early += record.count - record.goingOn();
        }
        const double threshold = decision.gate->threshold;
        QCOMPARE(early == 0, threshold == kNone);
        QCOMPARE(early == kFrames, threshold == kAll);
        for (const auto& request : rig.uplink.requests())
            QVERIFY(request.rows.empty() && request.labels.empty());
    }

    void aSilentEdgeLeavesTheGateToTheDevice()
    {
        auto run = gatedRun(gated(kTensor, entropyQuantile(0.5)), 12);
        run.minFailoverMs = 20;
        run.shaping.bytesPerSecond = 1e9;
        Rig rig(run);
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        verifyAnswers(run, records);
        for (const auto& record : records)
            QCOMPARE(record.outcome, wire::Outcome::Fallback);
    }

    /// A device that is made slower by repeating its work gets the same answers.
    void aFallbackDoneTwiceIsTheSame()
    {
        auto run = gatedRun(gated(kTensor, entropyQuantile(0.5)), 12);
        run.minFailoverMs = 20;
        run.shaping.bytesPerSecond = 1e9;
        run.slowdown = 3;
        run.slowdownBy = wire::SlowdownBy::Work;
        Rig rig(run);
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        verifyAnswers(run, rig.records());
    }

    void anAnswerThatDoesNotTellWhoAnsweredIsRefused()
    {
        const auto run = gatedRun(gated(kTensor, entropyQuantile(0.5)), 12);
        Rig rig(run);
        rig.uplink.onRequest = [&](const wire::Request& request, const base::Bytes&) {
            rig.toDevice([&](DeviceRuntime& to) { to.onReply(replyTo(request), base::nowNs()); });
        };
        rig.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.ended(), kPatienceMs);
        const auto records = rig.records();
        verifyAnswers(run, records);
        for (const auto& record : records) {
            QCOMPARE(record.outcome, wire::Outcome::Fallback);
            QVERIFY2(record.reason.find("gate") != std::string::npos, record.reason.c_str());
        }
    }

    /// Requests of one suffix are computed together, each by its own threshold; those without the gate are another suffix.
    void requestsWithOtherThresholdsShareABatch()
    {
        const auto service = std::make_shared<EdgeService>();
        std::mutex door;
        std::unique_lock closed(door);
        std::latch reached(1);
        Edge first(service, [&]() -> std::optional<Decision> {
            reached.count_down();
            const std::lock_guard pass(door);
            return std::nullopt;
        });
        first.edge.submit(request(kTensor, 0, 1));
        reached.wait();
        std::vector<Decision> decisions;
        for (const double threshold : {entropyQuantile(0.5), kNone, kAll, entropyQuantile(0.8)})
            decisions.push_back(gated(kTensor, threshold));
        std::vector<std::unique_ptr<Edge>> devices;
        for (const auto& decision : decisions) {
            devices.push_back(std::make_unique<Edge>(service));
            devices.back()->edge.submit(request(decision, 0, 6));
        }
        Edge plain(service);
        plain.edge.submit(request(kTensor, 0, 6));
        closed.unlock();
        for (std::size_t i = 0; i < devices.size(); ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(devices[i]->answers().size(), 1U, kPatienceMs);
            verifyReply(std::get<wire::Reply>(devices[i]->answers().front().body), decisions[i], 6);
        }
        QTRY_COMPARE_WITH_TIMEOUT(plain.answers().size(), 1U, kPatienceMs);
        QVERIFY(!std::get<wire::Reply>(plain.answers().front().body).answeredEarly);
        QTRY_COMPARE_WITH_TIMEOUT(service->statistics().batchesOfRows.at(24), 1U, kPatienceMs);
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<bool>("labels");
        QTest::newRow("rows left out") << false;
        QTest::newRow("labels of a gate that the device never saw") << true;
    }
    void nonsenseIsRefused()
    {
        QFETCH(bool, labels);
        const auto decision = gated(kTensor, 0.5);
        auto arrived = request(decision, 0, labels ? 2 : 1);
        if (labels) {
            arrived.request.labels = {0, 1};
            arrived.request.sizes.clear();
            arrived.request.payloadBytes = 0;
            arrived.payload.clear();
        } else {
            arrived.request.count = 2;
            arrived.request.rows = {1};
        }
        Edge edge;
        edge.edge.submit(arrived);
        QTRY_COMPARE_WITH_TIMEOUT(edge.answers().size(), 1U, kPatienceMs);
        QVERIFY(std::holds_alternative<wire::RequestFailed>(edge.answers().front().body));
    }
};

QTEST_GUILESS_MAIN(TestEdgeGates)
#include "tst_edge_gates.moc"
