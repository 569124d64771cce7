// SPDX-License-Identifier: GPL-3.0-or-later
// The fault `restart` where ssh started the device's daemon: a real sshd on this machine plays the device.
#include "core/remote/remote_device.h"
#include "core/session/books.h"
#include "core/session/run_library.h"
#include "tests/integration/collector.h"
#include "tests/integration/ssh_server.h"

#include <QTest>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::uint64_t kRestartAt = 50;
constexpr std::size_t kEnough = 100;  ///< records that show that a run goes on

session::Scenario scenarioOn(const session::KnownDevice& device)
{
    session::Scenario scenario;
    scenario.device = addressOf(device);
    scenario.strategy = "fixed";
    scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = 1'000'000;  // it is stopped when enough was seen
    scenario.minIntervalMs = 3;
    scenario.costTable = "none";
    scenario.faults = {{kRestartAt, session::usualFault(session::FaultKind::Restart)}};
    return scenario;
}

int faultsIn(const session::RunKey& key)
{
    const auto events = session::readEvents(key);
    return !events ? -1 : static_cast<int>(std::count_if(events->begin(), events->end(), [](const session::RunEvent& event) {
        return event.kind == "fault";
    }));
}

/// Frame ids that stand in no record or in two, the highest record's among them.
std::uint64_t holesIn(const std::vector<wire::FrameRecord>& records)
{
    session::FrameBooks books;
    std::uint64_t doubled = 0;
    for (const auto& record : records)
        doubled += books.add(record.firstFrame, static_cast<std::uint64_t>(record.count)) ? 0 : 1;
    std::uint64_t missing = 0;
    for (const auto& gap : books.missing(books.highest()))
        missing += gap.end - gap.first;
    return doubled + missing;
}

}  // namespace

class TestRemoteFaults : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_edge, m_out;
    std::unique_ptr<SshServer> m_device;
    std::optional<session::KnownDevice> m_known;

    session::RunKey key(const session::Experiment& run) const
    {
        return {m_out.filePath("records.sqlite").toStdString(), run.run()};
    }
    session::ExperimentOptions experimentOptions() const
    {
        session::ExperimentOptions options;
        options.outFolder = m_out.path().toStdString();
        options.restartDaemon = remote::restarterOf(addressOf(*m_known));
        return options;
    }
    /// A daemon that ssh has just installed and started, and that is remembered.
    void addDevice()
    {
        remote::AddOptions options;
        options.name = "bench";
        options.bind = "127.0.0.1";
        options.port = DaemonProcess::freePortPair();
        options.daemon = SPLITSCOPE_BIN "/splitscoped";
        const auto device = remote::addDevice(m_device->place(), options, {}, {});
        QVERIFY2(device.ok(), device.ok() ? "" : device.error().message().c_str());
        QVERIFY(session::rememberDevice(*device, session::knownDevicesPath()).ok());
        m_known = *device;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (SshServer::program().isEmpty())
            QSKIP("no sshd on this machine (Debian package openssh-server)");
        qputenv("XDG_CONFIG_HOME", m_edge.path().toUtf8());
    }
    void init()
    {
        m_device = std::make_unique<SshServer>();
        QVERIFY2(m_device->start(), m_device->said().constData());
    }
    void cleanup() { m_device.reset(); }

    void aRestartBySshLeavesTheBooksComplete_data()
    {
        QTest::addColumn<bool>("systemd");
        QTest::newRow("a process") << false;
        QTest::newRow("a unit of systemd's") << true;
    }
    void aRestartBySshLeavesTheBooksComplete()
    {
        QFETCH(bool, systemd);
        if (systemd)
            m_device->fakeSystemd();
        addDevice();
        if (QTest::currentTestFailed())
            return;
        const auto pid = m_device->daemonPid();
        QVERIFY(pid > 0);
        Collector collector;
        const auto run = session::Experiment::start(scenarioOn(*m_known), experimentOptions(), collector);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().message().c_str());
        QTRY_VERIFY_WITH_TIMEOUT(collector.saw(session::Phase::Reconnecting), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT((*run)->status().phase == session::Phase::Running, kPatienceMs);
        const auto before = collector.recordCount();
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > before + kEnough, kPatienceMs);
        QVERIFY(m_device->daemonPid() > 0 && m_device->daemonPid() != pid);
        (*run)->stop();
        QTRY_VERIFY_WITH_TIMEOUT((*run)->ended(), kPatienceMs);

        QCOMPARE(collector.troubles().size(), 1U);
        QVERIFY2(collector.troubles().front().find("the run is taken up again") != std::string::npos,
                 collector.troubles().front().c_str());
        QCOMPARE(holesIn(collector.records()), 0U);  // it goes on with the next id
        const auto books = session::checkBooks(key(**run).records, key(**run).run);
        QVERIFY(books.ok() && books->balanced());
        QVERIFY(books->frames > before + kEnough);
        for (const auto& record : collector.records())  // what the daemon held when it ended is lost, and says so
            QCOMPARE(record.reason.empty(), record.outcome == wire::Outcome::Done);
        QCOMPARE(faultsIn(key(**run)), 1);
    }

    /// The device is there, but ssh does not get in any more: that is told, and the run is not disturbed.
    void aRestartThatSshRefusesIsTold()
    {
        addDevice();
        if (QTest::currentTestFailed())
            return;
        const auto pid = m_device->daemonPid();
        m_device->forgeHostKey();
        Collector collector;
        const auto run = session::Experiment::start(scenarioOn(*m_known), experimentOptions(), collector);
        QVERIFY(run.ok());
        QTRY_VERIFY_WITH_TIMEOUT(!collector.troubles().empty(), kPatienceMs);
        QVERIFY2(collector.troubles().front().find("another one than before") != std::string::npos,
                 collector.troubles().front().c_str());
        const auto before = collector.recordCount();
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > before + kEnough, kPatienceMs);
        (*run)->stop();
        QTRY_VERIFY_WITH_TIMEOUT((*run)->ended(), kPatienceMs);
        QCOMPARE(m_device->daemonPid(), pid);
        QVERIFY(!collector.saw(session::Phase::Reconnecting));
        QCOMPARE((*run)->summary().lost(), 0U);
        QCOMPARE(holesIn(collector.records()), 0U);
    }
};

QTEST_GUILESS_MAIN(TestRemoteFaults)
#include "tst_remote_faults.moc"
