// SPDX-License-Identifier: GPL-3.0-or-later
// Devices by ssh on the Devices page: a real sshd on this machine plays the device.
#include "tests/integration/ssh_server.h"
#include "ui/pages/devices_page.h"
#include "ui/widgets/remote_panel.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;

}  // namespace

class TestRemotePanel : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_edge;
    std::unique_ptr<SshServer> m_device;
    std::unique_ptr<DevicesPage> m_page;

    RemotePanel* panel() { return m_page->remote(); }
    QString steps() { return panel()->steps()->toPlainText(); }
    void typeDevice()
    {
        const auto place = m_device->place();
        panel()->destination()->setText(QString::fromStdString(place.destination));
        panel()->options()->setText(QStringLiteral("-p %1 -F '%2'").arg(m_device->port()).arg(m_device->path("ssh_config")));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (SshServer::program().isEmpty())
            QSKIP("no sshd on this machine (Debian package openssh-server)");
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-remote"));
        qputenv("XDG_CONFIG_HOME", m_edge.path().toUtf8());
    }
    void init()
    {
        QSettings().clear();
        m_device = std::make_unique<SshServer>();
        QVERIFY2(m_device->start(), m_device->said().constData());
        m_page = std::make_unique<DevicesPage>();
        m_page->load(m_edge.filePath("devices.json").toStdString());
        remote::AddOptions defaults;
        defaults.name = "bench";
        defaults.bind = "127.0.0.1";
        defaults.port = DaemonProcess::freePortPair();
        defaults.daemon = SPLITSCOPE_BIN "/splitscoped";
        panel()->setDefaults(defaults);
        m_page->resize(1100, 700);
        m_page->show();
        m_page->remoteButton()->click();
        QVERIFY(panel()->isVisible());
    }
    void cleanup()
    {
        m_page.reset();
        m_device.reset();
        QFile::remove(m_edge.filePath("devices.json"));
    }

    void aDeviceIsInstalledStoppedAndTakenAway()
    {
        QVERIFY(!panel()->startButton()->isEnabled());  // this machine was not started by ssh
        typeDevice();
        panel()->installButton()->click();
        QVERIFY(panel()->busy());
        QVERIFY(!panel()->installButton()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);
        QVERIFY2(steps().contains("7/7 ✓ connects to it"), qPrintable(steps()));
        QCOMPARE(m_page->model().rowCount(), 2);
        QTRY_VERIFY_WITH_TIMEOUT(conditionOf(m_page->model().entry(1)) == DeviceCondition::Connected, kPatienceMs);
        QVERIFY(panel()->stopButton()->isEnabled());

        panel()->logButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(steps().contains("listening on 127.0.0.1"), kPatienceMs);
        QVERIFY(panel()->busy());
        panel()->cancelButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);

        panel()->stopButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);
        QVERIFY2(steps().contains("stops the daemon: it ended"), qPrintable(steps()));
        panel()->removeButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);
        QCOMPARE(m_page->model().rowCount(), 1);
        QVERIFY(!QFile::exists(m_device->daemonFolder()));
    }

    void whatFailedIsSaidInThePage()
    {
        panel()->destination()->setText("-oProxyCommand=x");
        panel()->installButton()->click();
        QVERIFY(!panel()->busy());
        QVERIFY2(steps().contains("must be user@host"), qPrintable(steps()));
        m_device->fake("uname", "[ $1 = -m ] && echo riscv64 || /bin/uname $1\n");
        typeDevice();
        panel()->installButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);
        QVERIFY2(steps().contains("the device is riscv64"), qPrintable(steps()));
        QCOMPARE(m_page->model().rowCount(), 1);
    }

    void whatTakesLongIsCancelledAndTheWindowMayClose()
    {
        m_device->fake("ldd", "exec sleep 60\n");
        typeDevice();
        panel()->installButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(steps().contains("3/7 …"), kPatienceMs);
        panel()->cancelButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!panel()->busy(), kPatienceMs);
        QVERIFY2(steps().endsWith("cancelled"), qPrintable(steps()));
        panel()->installButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(steps().endsWith("3/7 … tries it there"), kPatienceMs);
        m_page.reset();  // its thread is asked to stop, and joined
    }
};

QTEST_MAIN(TestRemotePanel)
#include "tst_remote_panel.moc"
