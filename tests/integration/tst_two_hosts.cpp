// SPDX-License-Identifier: GPL-3.0-or-later
// A whole experiment between two hosts whose link the kernel shapes: what our own books say about it, held against the kernel's.
#include "core/link/host_pair.h"
#include "tests/integration/collector.h"

#include <QTest>
#include <algorithm>
#include <vector>

using namespace splitscope;

class TestTwoHosts : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<link::HostPair> m_hosts;

    [[nodiscard]] session::ExperimentOptions onTheDevice() const
    {
        session::ExperimentOptions options;
        options.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
        options.daemonPlace = {m_hosts->deviceCommandPrefix(), m_hosts->deviceAddress()};
        return options;
    }

private Q_SLOTS:
    void init()
    {
        auto hosts = link::HostPair::create();
        if (!hosts)
            QSKIP(hosts.error().message().c_str());
        m_hosts = *std::move(hosts);
    }
    void cleanup() { m_hosts.reset(); }

    void theBooksAgreeWithTheKernel()
    {
        constexpr double kRate = 200e3;
        QVERIFY(m_hosts->shape(kRate).ok());
        session::Scenario scenario;
        scenario.strategy = "fixed";
        scenario.decision = {2, 3, {codec::CodingKind::Quantized, 8}};
        scenario.frames = 60;
        scenario.minFailoverMs = 60'000;  // a loaded machine is no silent edge
        Collector collector;
        const auto edge = m_hosts->enterEdge();
        QVERIFY(edge.ok());
        const auto experiment = session::Experiment::start(scenario, onTheDevice(), collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended() || collector.recordCount() > 0, 60'000);
        // The handshake is over: from here on frames, their records and heartbeats cross.
        const auto first = collector.recordCount();
        const auto before = m_hosts->wireBytes();
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 120'000);
        const auto after = m_hosts->wireBytes();
        QVERIFY(before.ok() && after.ok());
        QCOMPARE((*experiment)->summary().done(), scenario.frames);
        QVERIFY2(collector.troubles().empty(), collector.troubles().empty() ? "" : collector.troubles()[0].c_str());

        const auto records = collector.records();
        double booked = 0;
        for (std::size_t i = first; i < records.size(); ++i)
            booked += static_cast<double>(records[i].wireBytes);
        const auto counted = static_cast<double>(*after - *before);
        qInfo("%zu frames: %.0f bytes booked, %.0f counted by the kernel (%+.2f %%)", records.size() - first, booked, counted,
              100 * (counted / booked - 1));
        // We estimate how TCP cuts a request into packets: it may put two chunks' ends into one. Beside requests, the record of
        // each frame (about 500 bytes), TCP's acknowledgements of replies (66 each) and four pongs a second leave the device.
        constexpr double kRecordAndAcknowledgements = 1'200, kPongs = 4 * 350.0;
        const double seconds = counted / kRate;
        QVERIFY(counted > 0.98 * booked);
        QVERIFY(counted
                < 1.01 * booked + kRecordAndAcknowledgements * static_cast<double>(records.size() + 1) + kPongs * (seconds + 2));
        QCOMPARE(m_hosts->uplink()->droppedPackets, std::uint64_t(0));

        // A burst goes ahead of the rate, and the way back and the programs' own work count as transfer: near it, not at it.
        std::vector<double> achieved;
        for (const auto& record : records)
            achieved.push_back(record.achievedBytesPerSecond);
        std::nth_element(achieved.begin(), achieved.begin() + static_cast<std::ptrdiff_t>(achieved.size() / 2), achieved.end());
        const double median = achieved[achieved.size() / 2];
        QVERIFY2(median > 0.7 * kRate && median < 1.15 * kRate, qPrintable(QString::number(median)));
    }

    void theDaemonMayLetTheKernelShape()
    {
        session::Scenario scenario;
        scenario.strategy = "fixed";
        scenario.decision = {2, 0, {codec::CodingKind::Raw, 0}};
        scenario.model = "alexnet3-128";
        scenario.bandwidth = "2MB/s";
        scenario.shaping.by = wire::ShapedBy::Kernel;
        scenario.frames = 60;
        scenario.minFailoverMs = 60'000;
        const auto deviceInterface = link::HostPair::deviceInterface();
        QVERIFY(m_hosts->leaveUplink().ok());
        auto options = onTheDevice();
        options.daemonPlace.interface = deviceInterface;
        Collector collector;
        const auto edge = m_hosts->enterEdge();
        QVERIFY(edge.ok());
        const auto experiment = session::Experiment::start(scenario, options, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended() || collector.recordCount() > 5, 60'000);
        QCOMPARE(QString::fromStdString(m_hosts->uplink()->kind), QStringLiteral("tbf"));
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 120'000);
        QCOMPARE((*experiment)->summary().done(), scenario.frames);
        const auto records = collector.records();
        const auto& last = records.back();
        QCOMPARE(last.setBytesPerSecond, 2e6);
        QVERIFY2(last.achievedBytesPerSecond > 0.3e6 && last.achievedBytesPerSecond < 2.2e6,
                 qPrintable(QString::number(last.achievedBytesPerSecond)));
        QTRY_VERIFY_WITH_TIMEOUT(m_hosts->uplink()->kind != "tbf", 10'000);  // taken away with the run
    }

    void aDaemonThatCannotStartThereIsAnError()
    {
        auto options = onTheDevice();
        options.daemonPlace.commandPrefix = {"no-such-program-anywhere"};
        Collector collector;
        const auto experiment = session::Experiment::start({}, options, collector);
        QVERIFY(experiment.ok());
        QTRY_VERIFY_WITH_TIMEOUT((*experiment)->ended(), 30'000);
        QVERIFY((*experiment)->status().phase == session::Phase::Failed);
        QVERIFY((*experiment)->status().text.find("no-such-program-anywhere") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTwoHosts)
#include "tst_two_hosts.moc"
