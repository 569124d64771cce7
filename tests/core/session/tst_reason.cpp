// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/reason.h"

#include <QTest>

using namespace splitscope;

class TestReason : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theStageThatTakesMostIsNamed_data()
    {
        QTest::addColumn<double>("device");
        QTest::addColumn<double>("sendQueue");
        QTest::addColumn<double>("transfer");
        QTest::addColumn<double>("edgeQueue");
        QTest::addColumn<double>("edge");
        QTest::addColumn<double>("total");
        QTest::addColumn<QString>("says");
        QTest::newRow("link") << 0.9 << 0.0 << 8.1 << 0.0 << 0.4 << 9.4 << "link-bound: 8.1 of 9.4 ms in transfer";
        QTest::newRow("device") << 6.0 << 0.0 << 1.0 << 0.0 << 0.0 << 7.0 << "device-bound: 6.0 of 7.0 ms on the device";
        QTest::newRow("edge") << 1.0 << 0.0 << 1.0 << 0.0 << 3.0 << 5.0 << "edge-bound: 3.0 of 5.0 ms on the edge";
        QTest::newRow("send queue") << 1.0 << 150.4 << 40.0 << 0.0 << 3.0 << 194.4
                                    << "waiting in the queue: 150 of 194 ms behind earlier requests";
        QTest::newRow("edge queue") << 0.01 << 0.0 << 0.02 << 0.5 << 0.02 << 0.55
                                    << "waiting in the queue: 0.50 of 0.55 ms at the edge";
        QTest::newRow("balanced") << 3.0 << 0.0 << 3.1 << 0.0 << 3.0 << 9.1 << "balanced: 3.1 of 9.1 ms at most in transfer";
        QTest::newRow("nothing known") << 0.0 << 0.0 << 0.0 << 0.0 << 0.0 << 0.0 << "";
    }
    void theStageThatTakesMostIsNamed()
    {
        QFETCH(double, device);
        QFETCH(double, sendQueue);
        QFETCH(double, transfer);
        QFETCH(double, edgeQueue);
        QFETCH(double, edge);
        QFETCH(double, total);
        QFETCH(QString, says);
        wire::FrameRecord record;
        auto& s = record.stages;
        // Each sum is spread over the stages that it is of.
        s.capture = s.deviceSegment = device / 4;
        s.encode = device / 2;
        s.sendQueue = sendQueue;
        s.transfer = transfer;
        s.edgeQueue = edgeQueue;
        s.decode = s.edgeSegment = edge / 4;
        s.reply = edge / 2;
        s.total = total;
        QCOMPARE(QString::fromStdString(session::reasonOf(record)), says);
    }

    void framesAnsweredEarlyAreTold_data()
    {
        QTest::addColumn<quint64>("early");
        QTest::addColumn<QString>("says");
        QTest::newRow("none") << quint64{0} << "device-bound: 6.0 of 7.0 ms on the device";
        QTest::newRow("some") << quint64{5} << "device-bound: 6.0 of 7.0 ms on the device, 2 of 3 frames answered at exit 1";
        QTest::newRow("all") << quint64{7} << "device-bound: 6.0 of 7.0 ms on the device, answered at exit 1";
    }
    void framesAnsweredEarlyAreTold()
    {
        QFETCH(quint64, early);
        QFETCH(QString, says);
        wire::FrameRecord record;
        record.count = 3;
        record.decision = {3, 6, {codec::CodingKind::Quantized, 8}, decision::Gate{1, 0.5}};
        record.answeredEarly = early;
        record.stages.deviceSegment = 6;
        record.stages.transfer = 1;
        record.stages.total = 7;
        QCOMPARE(QString::fromStdString(session::reasonOf(record)), says);
    }

    void aDeviceThatWasLeftAloneSaysWhy()
    {
        wire::FrameRecord record;
        record.outcome = wire::Outcome::Fallback;
        record.reason = "the edge was silent for 200 ms";
        record.stages.fallback = 12;
        record.stages.total = 215;
        QCOMPARE(QString::fromStdString(session::reasonOf(record)),
                 QString("finished by the device alone: the edge was silent for 200 ms (12 of 215 ms for the rest of the path)"));
        record.outcome = wire::Outcome::Lost;
        QCOMPARE(QString::fromStdString(session::reasonOf(record)), QString("lost: the edge was silent for 200 ms"));
    }
};

QTEST_APPLESS_MAIN(TestReason)
#include "tst_reason.moc"
