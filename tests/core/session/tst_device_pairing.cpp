// SPDX-License-Identifier: GPL-3.0-or-later
// Where a device is, as people type it.
#include "core/session/device_pairing.h"

#include <QTest>

using namespace splitscope::session;

class TestDevicePairing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAddressMayLeaveOutWhatIsUsual_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("address");  // empty: it is none
        QTest::newRow("host name") << "raspberrypi.local"
                                   << "tcp://raspberrypi.local:47610";
        QTest::newRow("address") << "10.0.0.7"
                                 << "tcp://10.0.0.7:47610";
        QTest::newRow("port") << "10.0.0.7:5000"
                              << "tcp://10.0.0.7:5000";
        QTest::newRow("all of it") << "tcp://pi:5000"
                                   << "tcp://pi:5000";
        QTest::newRow("scheme alone") << "tcp://pi"
                                      << "tcp://pi:47610";
        QTest::newRow("IPv6") << "[fe80::1]"
                              << "tcp://[fe80::1]:47610";
        QTest::newRow("IPv6 and port") << "tcp://[fe80::1]:5000"
                                       << "tcp://[fe80::1]:5000";
        QTest::newRow("nothing") << ""
                                 << "";
        QTest::newRow("IPv6 without brackets") << "fe80::1"
                                               << "";
        QTest::newRow("no port") << "pi:none"
                                 << "";
        QTest::newRow("two words") << "my pi"
                                   << "";
        QTest::newRow("another scheme") << "ssh://pi"
                                        << "";
    }
    void anAddressMayLeaveOutWhatIsUsual()
    {
        QFETCH(QString, typed);
        QFETCH(QString, address);
        const auto parsed = parseDeviceAddress(typed.toStdString());
        QCOMPARE(parsed ? QString::fromStdString(toString(*parsed)) : QString(), address);
        if (!parsed)
            QVERIFY2(parsed.error().text.find("host name") != std::string::npos, parsed.error().text.c_str());
    }
};

QTEST_APPLESS_MAIN(TestDevicePairing)
#include "tst_device_pairing.moc"
