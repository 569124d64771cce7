// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/wire_size.h"
#include "core/session/run_measurement.h"
#include "core/wire/encoding.h"

#include <QTest>
#include <cmath>

using namespace splitscope;

namespace {

wire::FrameRecord recordOf(std::uint64_t payloadBytes, double beyondMs)
{
    wire::FrameRecord record;
    record.payloadBytes = payloadBytes;
    auto& s = record.stages;
    s.capture = 0.25;
    s.deviceSegment = 3;
    s.encode = 0.5;
    s.decode = 0.25;
    s.edgeSegment = 2;
    s.total = 6 + beyondMs;
    return record;
}

bool near(double actual, double expected) { return std::abs(actual - expected) < 1e-9; }

}  // namespace

class TestRunMeasurement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLineThroughTheChunksIsFound()
    {
        std::vector<wire::FrameRecord> records;
        for (const auto payload : {1'000U, 8'000U, 60'000U, 200'000U}) {
            const auto chunks = codec::requestOnWire(1, payload, 0).chunks;
            for (int i = 0; i < 9; ++i)
                records.push_back(recordOf(payload, 0.8 + 0.06 * static_cast<double>(chunks - 1)));
        }
        const auto link = session::fitLink(records, 0.3);
        QVERIFY(link.ok());
        QVERIFY(near(link->rttMs, 0.3));
        QVERIFY(near(link->requestOverheadMs, 0.5));
        QVERIFY(near(link->perChunkMs, 0.06));
    }

    void framesThatOthersHeldUpDoNotCount()
    {
        std::vector<wire::FrameRecord> records(9, recordOf(1'000, 0.8));
        for (int i = 0; i < 3; ++i)
            records.push_back(recordOf(1'000, 50));
        auto lost = recordOf(1'000, 0);
        lost.outcome = wire::Outcome::Fallback;
        records.insert(records.end(), 20, lost);
        records.insert(records.end(), 20, recordOf(0, 0));
        QVERIFY(near(session::fitLink(records, 0.3)->requestOverheadMs, 0.5));
    }

    void chunksThatTakeNoTimeAreNotNegative()
    {
        const std::vector<wire::FrameRecord> records{recordOf(1'000, 0.9), recordOf(60'000, 0.7)};
        const auto link = session::fitLink(records, 0.3);
        QCOMPARE(link->perChunkMs, 0.0);
        QVERIFY(near(link->requestOverheadMs, 0.5));
    }

    void nothingSentIsAnError() { QVERIFY(!session::fitLink(std::vector<wire::FrameRecord>(3, recordOf(0, 1)), 0.3)); }

    void stagesBecomeProfilesThatMakeATable()
    {
        const auto spec = *model::loadNetworkSpec("alexnet3");
        const decision::DecisionSpace space(spec, {});
        std::vector<wire::FrameRecord> records;
        for (const auto& decision : space.decisions()) {
            for (int i = 0; i < 4; ++i) {
                wire::FrameRecord record;
                record.decision = decision;
                record.stages.capture = 0.5;
                record.stages.deviceSegment = i == 0 ? 99 : decision.partition;  // another program's turn
                record.stages.encode = 0.125;
                record.stages.decode = 0.25;
                record.stages.edgeSegment = space.path(decision.exit).length() - decision.partition;
                records.push_back(record);
            }
        }
        profile::ComputeProfile device, edge;
        device.modelHash = edge.modelHash = "hash";
        session::fillProfiles(spec, records, device, edge);
        std::vector<profile::CodedSize> sizes;
        for (const auto& decision : space.decisions())
            sizes.push_back({decision, 1000, 1000});
        const auto table = profile::CostTable::makeOfSizes(spec, {}, device, edge, {}, sizes);
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        const auto p = *table->predict({3, 6, {codec::CodingKind::Quantized, 8}}, 1, {.bytesPerSecond = 1e6});
        QVERIFY(near(p.captureMs, 0.5));
        QVERIFY(near(p.deviceMs, 6));
        QVERIFY(near(p.encodeMs, 0.125));
        QVERIFY(near(p.decodeMs, 0.25));
        QVERIFY(near(p.edgeMs, space.path(3).length() - 6));
    }

    void predictedHeadersAreAboutAsLongAsRealOnes()
    {
        wire::Request request;
        request.run = 0x1234'5678'9abc'def0;
        request.firstFrame = 70'000;
        request.count = 2;
        request.decision = {2, 6, {codec::CodingKind::Quantized, 8}};
        request.sizes = {6'152, 6'152};
        request.payloadBytes = 12'304;
        request.deadlineMs = 200;
        const auto opening = wire::encode({0, request}).size();
        const auto predicted = codec::kRequestHeaderBytes + 2 * codec::kRowHeaderBytes;
        QVERIFY2(std::abs(static_cast<double>(opening) - static_cast<double>(predicted)) < 8,
                 qPrintable(QString::number(opening)));
        const auto chunk = wire::encode({0, wire::Chunk{request.run, request.firstFrame, 16'384}}).size();
        QVERIFY2(std::abs(static_cast<double>(chunk) - static_cast<double>(codec::kChunkHeaderBytes)) < 8,
                 qPrintable(QString::number(chunk)));
    }
};

QTEST_APPLESS_MAIN(TestRunMeasurement)
#include "tst_run_measurement.moc"
