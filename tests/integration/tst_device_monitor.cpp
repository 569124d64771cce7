// SPDX-License-Identifier: GPL-3.0-or-later
// A real daemon, watched while no experiment needs it.
#include "core/session/device_monitor.h"
#include "tests/integration/daemon_process.h"

#include <QTest>

using namespace splitscope;
using session::DeviceMonitor;
using session::DeviceView;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr const char* kDaemon = SPLITSCOPE_BIN "/splitscoped";

}  // namespace

class TestDeviceMonitor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thisMachineTellsWhatItIsAndHowItIsDoing()
    {
        DeviceMonitor monitor("loopback", {}, kDaemon);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().welcome && monitor.view().healthReports >= 2, kPatienceMs);
        const DeviceView view = monitor.view();
        QVERIFY(view.link == link::LinkState::Connected);
        QVERIFY(!view.problem);
        QVERIFY(!view.welcome->board.empty());
        QVERIFY(view.welcome->cores.value_or(0) > 0);
        QVERIFY(view.welcome->backend.find("LibTorch") != std::string::npos);
        QVERIFY(view.welcome->program.starts_with("splitscoped "));
        QVERIFY(view.seenMs > 0);
        QVERIFY(view.health->load.has_value());  // every Linux tells these
        QVERIFY(view.health->memoryBytes.value_or(0) > 0);
        QVERIFY(view.health->daemonMemoryBytes.value_or(0) > 0);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().health && monitor.view().health->busy, kPatienceMs);
        QVERIFY(*monitor.view().health->busy <= 1);
        monitor.stop();
        QTRY_VERIFY_WITH_TIMEOUT(monitor.ended(), kPatienceMs);
    }

    void aSilentDeviceIsAProblemUntilItComesBack()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        DeviceMonitor monitor(daemon.address(), daemon.key(), {});
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().health, kPatienceMs);
        daemon.signal(SIGSTOP);
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().problem, kPatienceMs);
        QVERIFY(monitor.view().link == link::LinkState::Silent);
        QVERIFY(!monitor.view().health);  // what it was is not what it is
        QVERIFY(!monitor.view().gaveUp);
        daemon.signal(SIGCONT);
        QTRY_VERIFY_WITH_TIMEOUT(!monitor.view().problem && monitor.view().health, kPatienceMs);
    }

    void aRestartedDaemonIsFoundAgain()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        DeviceMonitor monitor(daemon.address(), daemon.key(), {});
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().welcome, kPatienceMs);
        const auto boot = monitor.view().welcome->bootId;
        daemon.kill();
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().problem, kPatienceMs);
        QVERIFY(daemon.start());
        QTRY_VERIFY_WITH_TIMEOUT(monitor.view().welcome->bootId != boot && monitor.view().health, kPatienceMs);
    }

    void nobodyThereIsSaidWithWhatToLookAt()
    {
        DeviceMonitor nobody("tcp://127.0.0.1:9", std::string(40, 'a'), kDaemon);
        QTRY_VERIFY_WITH_TIMEOUT(nobody.view().problem, kPatienceMs);
        QVERIFY(nobody.view().problem->text.find("is splitscoped running there") != std::string::npos);
        QVERIFY(!nobody.view().gaveUp);
        const DeviceMonitor nonsense("tcp:/here", {}, kDaemon);
        QTRY_VERIFY_WITH_TIMEOUT(nonsense.view().gaveUp, kPatienceMs);
        const DeviceMonitor missing("loopback", {}, "/none/splitscoped");
        QTRY_VERIFY_WITH_TIMEOUT(missing.view().gaveUp, kPatienceMs);
    }
};

QTEST_GUILESS_MAIN(TestDeviceMonitor)
#include "tst_device_monitor.moc"
