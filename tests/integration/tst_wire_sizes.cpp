// SPDX-License-Identifier: GPL-3.0-or-later
// What crosses the wire, captured between the two processes, is the cut tensor's packed size and nothing more.
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"
#include "tests/integration/zmtp_capture.h"

#include <QTest>

using namespace splitscope;

namespace {

/// Bytes of one coded frame at a decision; 0 where the size depends on the picture.
std::size_t packedSize(const decision::DecisionSpace& space, const decision::Decision& decision)
{
    const auto elements = base::elementCount(space.path(decision.exit).cutShape(decision.partition));
    switch (decision.coding.kind) {
    case codec::CodingKind::Quantized: return 8 + (elements * static_cast<std::size_t>(decision.coding.parameter) + 7) / 8;
    case codec::CodingKind::Float32: return 4 * elements;
    case codec::CodingKind::Raw: return elements;
    default: return 0;
    }
}

/// Payload bytes of each data message in a capture: a header frame, then a payload frame.
std::vector<std::size_t> payloads(const std::vector<ZmtpReader::Frame>& frames)
{
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i + 1 < frames.size(); ++i)
        if (frames[i].more)
            sizes.push_back(frames[i + 1].size);
    return sizes;
}

}  // namespace

class TestWireSizes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void capturedPayloadsHaveThePackedSizeOfTheCut_data()
    {
        QTest::addColumn<QString>("actions");
        QTest::newRow("the paper's") << "paper";
        QTest::newRow("odd widths") << "bits:2,3,5,7,11,16";
        QTest::newRow("exact") << "verification";
    }
    void capturedPayloadsHaveThePackedSizeOfTheCut()
    {
        QFETCH(QString, actions);
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        const int proxyPort = DaemonProcess::freePortPair();
        CapturingProxy control(proxyPort, daemon.port());
        CapturingProxy data(proxyPort + 1, daemon.port() + 1);
        QVERIFY(control.listening() && data.listening());

        session::Scenario scenario;
        scenario.device = "tcp://127.0.0.1:" + std::to_string(proxyPort);
        scenario.deviceKey = daemon.key();
        scenario.strategy = "cycle";
        scenario.dwell = 1;
        scenario.actionSet = actions.toStdString();
        scenario.batch = 3;
        const auto spec = *model::loadNetworkSpec(scenario.model);
        const decision::DecisionSpace space(spec, *decision::parseSpaceOptions(scenario.actionSet));
        scenario.frames = 3 * 2 * space.decisions().size();

        Collector collector;
        const auto experiment = session::Experiment::start(scenario, {}, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 120'000);
        QCOMPARE((*experiment)->summary().done(), scenario.frames);

        // The requests' payloads, in the order sent, from records alone …
        std::vector<std::size_t> expected;
        auto records = collector.records();
        std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.firstFrame < b.firstFrame; });
        for (const auto& record : records) {
            const auto perFrame = packedSize(space, record.decision);
            if (record.decision.coding.kind != codec::CodingKind::LabelOnly) {
                QVERIFY(perFrame > 0);
                QCOMPARE(record.payloadBytes, perFrame * 3);
                expected.push_back(perFrame * 3);
            }
        }
        // … and as captured: chunks of a request add up to its payload.
        auto captured = payloads(data.frames());
        std::erase(captured, 0U);
        std::size_t at = 0;
        for (const auto wanted : expected) {
            std::size_t got = 0;
            while (got < wanted && at < captured.size())
                got += captured[at++];
            QCOMPARE(got, wanted);
        }
        QCOMPARE(at, captured.size());
    }
};

QTEST_GUILESS_MAIN(TestWireSizes)
#include "tst_wire_sizes.moc"
