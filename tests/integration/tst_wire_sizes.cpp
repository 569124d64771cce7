// SPDX-License-Identifier: GPL-3.0-or-later
// What crosses the wire, captured between the two processes, is the cut tensor's packed size and nothing more.
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"
#include "tests/integration/zmtp_capture.h"

#include <QTest>

#include <optional>
#include <set>

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

/// Where a request's frames end, if those from `at` on are a header, a payload piece, a header, … whose pieces add up
/// to exactly `payload` bytes; nothing otherwise.
std::optional<std::size_t> endOfRequest(const std::vector<std::size_t>& frames, std::size_t at, std::size_t payload)
{
    std::size_t got = 0;
    for (; got < payload && at + 1 < frames.size(); at += 2)
        got += frames[at + 1];
    return got == payload ? std::optional(at) : std::nullopt;
}

/// How far the captured frames are explained by these payloads in this order. A label alone is one header without a
/// payload frame, or was not sent at all: so there can be more than one explanation.
std::set<std::size_t> explain(const std::vector<std::size_t>& frames, const std::vector<std::size_t>& requests)
{
    std::set<std::size_t> ends{0};
    for (const auto payload : requests) {
        std::set<std::size_t> next;
        for (const auto at : ends) {
            if (payload == 0) {
                next.insert(at);
                next.insert(at + 1);
            } else if (const auto end = endOfRequest(frames, at, payload)) {
                next.insert(*end);
            }
        }
        ends = std::move(next);
    }
    return ends;
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
        scenario.minFailoverMs = 60'000;  // a loaded machine is no silent edge
        scenario.probe = false;  // filler is no frame's payload
        const auto spec = *model::loadNetworkSpec(scenario.model);
        const decision::DecisionSpace space(spec, *decision::parseSpaceOptions(scenario.actionSet));
        scenario.frames = 3 * 2 * space.decisions().size();

        Collector collector;
        const auto experiment = session::Experiment::start(scenario, {}, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 120'000);
        QCOMPARE((*experiment)->summary().done(), scenario.frames);

        auto records = collector.records();
        std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.firstFrame < b.firstFrame; });
        std::vector<std::size_t> expected;
        for (const auto& record : records) {
            expected.push_back(packedSize(space, record.decision) * 3);
            QCOMPARE(record.payloadBytes, expected.back());
        }
        const auto frames = data.frames();
        QVERIFY2(explain(frames, expected).contains(frames.size()),
                 "what was captured is not the requests' headers and packed payloads, one behind the other");
        // The explanation can fail: one byte more in one payload, and there is none.
        expected.front() += 1;
        QVERIFY(!explain(frames, expected).contains(frames.size()));
    }
};

QTEST_GUILESS_MAIN(TestWireSizes)
#include "tst_wire_sizes.moc"
