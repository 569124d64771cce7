// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <QTest>

using namespace splitscope::base;

class TestUnits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ratesAreReadWithTheirUnit_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("expected");
        QTest::newRow("megabytes") << "2MB/s" << 2e6;
        QTest::newRow("kilobytes") << "300KB/s" << 3e5;
        QTest::newRow("megabits") << "5.84Mbit/s" << 7.3e5;
        QTest::newRow("unlimited") << "unlimited" << 0.0;
    }
    void ratesAreReadWithTheirUnit()
    {
        QFETCH(QString, text);
        QFETCH(double, expected);
        const auto rate = parseBytesPerSecond(text.toStdString());
        QVERIFY(rate.ok());
        QCOMPARE(*rate, expected);
    }

    void rubbishIsRefusedAndQuoted_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "fast", "2", "2mb", "-1MB/s", "nanMB/s", "1e999MB/s", "2MB/s "})
            QTest::newRow(text) << text;
    }
    void rubbishIsRefusedAndQuoted()
    {
        QFETCH(QString, text);
        const auto rate = parseBytesPerSecond(text.toStdString());
        QVERIFY(!rate.ok());
        QCOMPARE(rate.error().where, text.toStdString());
        QVERIFY(!parseMilliseconds(text.toStdString()).ok());
    }

    void numbersShowThreeDigits()
    {
        QCOMPARE(formatBytesPerSecond(2.5e6), std::string("2.50 MB/s"));
        QCOMPARE(formatBytesPerSecond(16250), std::string("16.2 KB/s"));
        QCOMPARE(formatBytesPerSecond(0), std::string("unlimited"));
        QCOMPARE(formatBytes(1932), std::string("1.93 KB"));
        QCOMPARE(formatBytes(512), std::string("512 B"));
        QCOMPARE(formatMs(8.123), std::string("8.12 ms"));
    }
};

QTEST_APPLESS_MAIN(TestUnits)
#include "tst_units.moc"
