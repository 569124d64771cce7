// SPDX-License-Identifier: GPL-3.0-or-later
// Faults as people write them.
#include "core/session/fault.h"

#include <QTest>

using namespace splitscope;
using session::FaultKind;

class TestFault : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<qulonglong>("frame");
        QTest::addColumn<double>("ms");
        QTest::newRow("with a time") << "stall@200:500ms" << static_cast<int>(FaultKind::Stall) << 200ULL << 500.0;
        QTest::newRow("the usual time") << "cut@0" << static_cast<int>(FaultKind::Cut) << 0ULL << 1'000.0;
        QTest::newRow("no time") << "restart@7" << static_cast<int>(FaultKind::Restart) << 7ULL << 0.0;
        QTest::newRow("seconds") << "slow-cpu@1:2.5s" << static_cast<int>(FaultKind::SlowCpu) << 1ULL << 2'500.0;
        QTest::newRow("minutes") << "slow-cpu@1:2min" << static_cast<int>(FaultKind::SlowCpu) << 1ULL << 120'000.0;
        QTest::newRow("a message") << "corrupt@12" << static_cast<int>(FaultKind::Corrupt) << 12ULL << 0.0;
        QTest::newRow("back") << "clock-jump@3:-1h" << static_cast<int>(FaultKind::ClockJump) << 3ULL << -3.6e6;
        QTest::newRow("not whole") << "stall@3:0.125s" << static_cast<int>(FaultKind::Stall) << 3ULL << 125.0;
        QTest::newRow("less than whole") << "stall@3:1.5ms" << static_cast<int>(FaultKind::Stall) << 3ULL << 1.5;
    }
    void textsAreRead()
    {
        QFETCH(QString, text);
        QFETCH(int, kind);
        QFETCH(qulonglong, frame);
        QFETCH(double, ms);
        const auto parsed = session::parseFault(text.toStdString());
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        QCOMPARE(static_cast<int>(parsed->fault.kind), kind);
        QCOMPARE(parsed->frame, frame);
        QCOMPARE(parsed->fault.ms, ms);
        const auto again = session::parseFault(toString(*parsed));
        QVERIFY2(again.ok() && *again == *parsed, toString(*parsed).c_str());
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such fault") << "stal@2"
                                       << "there are stall, cut, restart, slow-cpu, corrupt, clock-jump";
        QTest::newRow("nothing") << ""
                                 << "names no fault";
        QTest::newRow("no frame") << "stall"
                                  << "write stall@FRAME[:TIME]";
        QTest::newRow("no frame but a time") << "stall:500ms"
                                             << "names no frame";
        QTest::newRow("a frame that is none") << "restart@soon"
                                              << "'soon' is not a whole number";
        QTest::newRow("below 0") << "restart@-1"
                                 << "'-1' is not a whole number";
        QTest::newRow("no number") << "stall@2:long"
                                   << "like 10ms";
        QTest::newRow("an empty time") << "stall@2:"
                                       << "no time that can be read";
        QTest::newRow("too long") << "stall@2:2h"
                                  << "is outside 1ms to 1min";
        QTest::newRow("back in time") << "cut@2:-1s"
                                      << "is outside";
        QTest::newRow("takes none") << "restart@2:1s"
                                    << "restart takes none";
        QTest::newRow("takes none, written 0") << "corrupt@2:0ms"
                                               << "corrupt takes none";
        QTest::newRow("too far") << "clock-jump@2:25h"
                                 << "is outside -24h to 24h";
    }
    void nonsenseIsRefused()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto parsed = session::parseFault(text.toStdString());
        QVERIFY(!parsed.ok());
        QVERIFY2(parsed.error().message().find(says.toStdString()) != std::string::npos, parsed.error().message().c_str());
        QVERIFY(parsed.error().message().find("'" + text.toStdString() + "'") != std::string::npos);
    }

    void listsAreReadBack()
    {
        const auto list = session::parseFaults(" stall@20:500ms,restart@40 , clock-jump@50\n");
        QVERIFY(list.ok());
        QCOMPARE(list->size(), 3U);
        QCOMPARE(QString::fromStdString(toString(*list)), QStringLiteral("stall@20:500ms, restart@40, clock-jump@50:1h"));
        QVERIFY(*session::parseFaults(toString(*list)) == *list);
        QVERIFY(session::parseFaults("")->empty());
        QVERIFY(!session::parseFaults("stall@20, none").ok());
    }

    /// What is offered can be injected as it is offered, and says what it does.
    void everyKindCanBeUsedAsItIs()
    {
        QCOMPARE(session::faults().size(), 6U);
        for (const auto& info : session::faults()) {
            QVERIFY(session::check(session::usualFault(info.kind)).ok());
            QVERIFY(std::string(info.text).size() > 20 && *info.title);
            QVERIFY(session::parseFault(info.name + std::string("@1"))->fault == session::usualFault(info.kind));
        }
    }
};

QTEST_GUILESS_MAIN(TestFault)
#include "tst_fault.moc"
