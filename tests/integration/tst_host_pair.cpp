// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/host_pair.h"

#include "core/base/clock.h"
#include "core/base/process.h"
#include "tests/integration/tcp_flow.h"

#include <QTest>
#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace splitscope;
using link::HostPair;

namespace {

/// Which network namespace this thread is in.
ino_t currentNamespace()
{
    struct stat about {};
    return ::stat("/proc/thread-self/ns/net", &about) == 0 ? about.st_ino : 0;
}

bool namespaceExists(const std::string& name) { return std::filesystem::exists("/run/netns/" + name); }

/// Of a process that has ended.
pid_t deadPid()
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

}  // namespace

class TestHostPair : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<HostPair> m_hosts;

private Q_SLOTS:
    void initTestCase()
    {
        if (const auto reason = HostPair::unavailableReason(); !reason.empty())
            QSKIP(reason.c_str());
    }
    void init()
    {
        auto hosts = HostPair::create();
        QVERIFY2(hosts.ok(), hosts.ok() ? "" : hosts.error().message().c_str());
        m_hosts = *std::move(hosts);
    }
    void cleanup() { m_hosts.reset(); }

    void enteringIsUndoneWhenTheEntryEnds()
    {
        const auto before = currentNamespace();
        {
            const auto edge = m_hosts->enterEdge();
            QVERIFY(edge.ok());
            const auto there = currentNamespace();
            QVERIFY(there != before);
            ino_t ofChildThread = 0;
            std::jthread([&] { ofChildThread = currentNamespace(); }).join();
            QCOMPARE(ofChildThread, there);
            const auto device = m_hosts->enterDevice();
            QVERIFY(device.ok());
            QVERIFY(currentNamespace() != there && currentNamespace() != before);
        }
        QCOMPARE(currentNamespace(), before);
    }

    void commandsRunOnTheDevice()
    {
        auto command = m_hosts->deviceCommandPrefix();
        command.insert(command.end(), {"ip", "-brief", "address"});
        const auto said = base::runProcessOrFail(command);
        QVERIFY(said.ok());
        QVERIFY(said->output.find(m_hosts->deviceAddress() + "/30") != std::string::npos);
        QVERIFY(said->output.find(m_hosts->edgeAddress() + "/") == std::string::npos);
    }

    void theKernelCountsWholePackets_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("bytes");
        QTest::newRow("unshaped") << double(INFINITY) << 2'000'000;
        QTest::newRow("10 MB/s") << 1e7 << 1'000'000;
        QTest::newRow("300 KB/s") << 3e5 << 100'000;
    }
    void theKernelCountsWholePackets()
    {
        QFETCH(double, rate);
        QFETCH(int, bytes);
        QVERIFY(m_hosts->shape(rate).ok());
        const auto before = m_hosts->wireBytes();
        QVERIFY(before.ok());
        const auto beganNs = base::nowNs();
        {
            TcpFlow flow(*m_hosts, static_cast<std::size_t>(bytes));
            QVERIFY(flow.ready());
            QTRY_COMPARE_WITH_TIMEOUT(flow.arrived(), static_cast<std::size_t>(bytes), 30'000);
        }
        const double seconds = base::toMs(base::nowNs() - beganNs) / 1e3;
        const auto after = m_hosts->wireBytes();
        QVERIFY(after.ok());
        // 66 bytes of headers for each 1448 of payload, and a few packets that open and close.
        const double counted = static_cast<double>(*after - *before);
        QVERIFY2(counted >= bytes * (1514.0 / 1448) && counted <= bytes * (1514.0 / 1448) * 1.02 + 1000,
                 qPrintable(QString::number(counted)));
        if (!std::isinf(rate))  // no bucket lets more through
            QVERIFY(counted <= rate * seconds + link::KernelShaper::kLeastBurstBytes);
        QCOMPARE(m_hosts->uplink()->droppedPackets, std::uint64_t(0));
    }

    void trafficGoesOnAfterAnOutage()
    {
        constexpr std::size_t kBytes = 200'000;
        QVERIFY(m_hosts->shape(1e5).ok());
        TcpFlow flow(*m_hosts, kBytes);
        QTRY_VERIFY_WITH_TIMEOUT(flow.arrived() > 10'000, 30'000);
        QVERIFY(m_hosts->shape(0).ok());
        QTRY_VERIFY_WITH_TIMEOUT(m_hosts->uplink()->backlogBytes > 0, 30'000);
        QVERIFY(flow.arrived() < kBytes);
        QVERIFY(m_hosts->shape(1e7).ok());
        QTRY_COMPARE_WITH_TIMEOUT(flow.arrived(), kBytes, 60'000);
        QCOMPARE(m_hosts->uplink()->droppedPackets, std::uint64_t(0));
    }

    void aDrainedBucketHasNothingWaiting()
    {
        QVERIFY(m_hosts->shape(2e5).ok());
        TcpFlow flow(*m_hosts, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(m_hosts->uplink()->backlogBytes > 0, 30'000);
        QVERIFY(m_hosts->drainBucket().ok());
        QCOMPARE(m_hosts->uplink()->backlogBytes, std::uint64_t(0));
        QCOMPARE(flow.arrived(), std::size_t(60'000));
    }

    void idleHostsSendNothing()
    {
        QVERIFY(m_hosts->shape(1e6).ok());
        QVERIFY(m_hosts->drainBucket().ok());
        QCOMPARE(*m_hosts->wireBytes(), std::uint64_t(0));
    }

    void pairsDoNotDisturbEachOther()
    {
        const auto second = HostPair::create();
        QVERIFY(second.ok());
        QVERIFY((*second)->deviceCommandPrefix() != m_hosts->deviceCommandPrefix());
        QVERIFY(m_hosts->shape(1e6).ok() && (*second)->shape(1e6).ok());
        TcpFlow flow(*m_hosts, 10'000);
        QTRY_COMPARE_WITH_TIMEOUT(flow.arrived(), std::size_t(10'000), 30'000);
        QCOMPARE(*(*second)->wireBytes(), std::uint64_t(0));
    }

    void nothingStaysBehind()
    {
        const auto name = m_hosts->deviceCommandPrefix().back();
        QVERIFY(namespaceExists(name));
        m_hosts.reset();
        QVERIFY(!namespaceExists(name));
    }

    void leftoversOfKilledProcessesAreRemoved()
    {
        const auto dead = "sscope-edge-" + std::to_string(deadPid()) + "-0";
        const auto living = "sscope-edge-" + std::to_string(::getpid()) + "-99";
        const std::string strange = "sscope-edge-bench";
        for (const auto& name : {dead, living, strange})
            QVERIFY(base::runProcessOrFail({"ip", "netns", "add", name}).ok());
        const auto other = HostPair::create();
        QVERIFY(!namespaceExists(dead));
        const bool spared = namespaceExists(living) && namespaceExists(strange);
        for (const auto& name : {living, strange})
            static_cast<void>(base::runProcess({"ip", "netns", "del", name}));
        QVERIFY(other.ok());
        QVERIFY2(spared, "a namespace that was not left behind is gone");
    }
};

QTEST_GUILESS_MAIN(TestHostPair)
#include "tst_host_pair.moc"
