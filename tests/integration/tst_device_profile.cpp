// SPDX-License-Identifier: GPL-3.0-or-later
// A real daemon measures itself and tells the profile.
#include "core/session/device_profile.h"
#include "core/session/experiment.h"
#include "core/session/model_package.h"
#include "daemon_client.h"
#include "daemon_process.h"

#include <QDeadlineTimer>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;

session::DeviceProfileOptions quick()
{
    session::DeviceProfileOptions options;
    options.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
    options.actionSet = "bits:4";
    options.profiler.budgetSeconds = 0.5;
    return options;
}

/// Takes long enough for anything to happen meanwhile.
session::DeviceProfileOptions endless()
{
    auto options = quick();
    options.profiler.budgetSeconds = 3600;
    options.profiler.relativeInterval = 0;
    return options;
}

wire::Profile endlessRequest(const std::string& hash)
{
    wire::Profile wanted;
    wanted.modelHash = hash;
    wanted.data = "patterns";
    wanted.split = "table";
    wanted.actionSet = "bits:4";
    wanted.batches = {1};
    wanted.budgetSeconds = 3600;
    wanted.relativeInterval = 0;
    return wanted;
}

wire::StartRun endlessRun(const std::string& hash)
{
    wire::StartRun run;
    run.run = 5;
    run.modelHash = hash;
    run.data = "patterns";
    run.split = "evaluation";
    run.frames = 1'000'000;
    run.decision = {1, 9, {codec::CodingKind::LabelOnly, 0}};
    return run;
}

}  // namespace

class TestDeviceProfile : public QObject {
    Q_OBJECT
private:
    session::ModelPackage m_package;

    /// The model is on the device.
    bool bring(TestEdge& edge) const
    {
        for (std::uint64_t offset = 0; offset < m_package.bytes.size();) {
            auto piece = session::modelPiece(m_package, offset);
            const auto answer = edge.ask(piece.push, piece.bytes);
            const auto* state = answer ? std::get_if<wire::ModelState>(&*answer) : nullptr;
            if (!state || state->receivedBytes <= offset)
                return false;
            offset = state->receivedBytes;
        }
        return true;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = session::loadModelPackage({});
        QVERIFY(loaded.ok());
        m_package = std::move(*loaded);
    }

    void aLoopbackDaemonTellsItsWholeProfile()
    {
        auto options = quick();
        options.profiler.batches = {1, 2};
        options.profiler.coder = codec::EntropyCoder::HuffmanAdaptive;
        options.actionSet = "standard";  // over 48 KB: several pieces
        std::size_t told = 0, total = 0;
        const auto measured = session::profileDevice(options, {}, [&](const profile::ProfilerProgress& progress) {
            ++told;
            total = progress.total;
        });
        QVERIFY2(measured.ok(), measured.ok() ? "" : measured.error().message().c_str());
        const auto& profile = measured->profile;
        QCOMPARE(profile.modelHash, m_package.hash);
        QVERIFY(profile.coder == codec::EntropyCoder::HuffmanAdaptive);
        QVERIFY(profile::toJson(profile).size() > 2 * wire::kMaxProfilePiece);
        const decision::DecisionSpace space(m_package.executor->spec(), {});
        for (const auto& decision : space.decisions())
            for (int batch : {1, 2}) {
                QVERIFY(profile.segmentMs(decision.exit, 0, decision.partition, batch).ok());
                QVERIFY(profile.encodeMs(space.cutName(decision), decision.coding, batch).ok());
            }
        QVERIFY(told > 0 && total > 100);
        QVERIFY(measured->pings > 0 && measured->rttMs > 0);
    }

    void aTcpDeviceIsMeasuredToo()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        auto options = quick();
        options.device = daemon.address();
        options.deviceKey = daemon.key();
        const auto measured = session::profileDevice(options, {});
        QVERIFY2(measured.ok(), measured.ok() ? "" : measured.error().message().c_str());
        QVERIFY(checkFits(m_package.executor->spec(), measured->profile).ok());
    }

    void aStopCancelsItOnTheDevice()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        auto options = endless();
        options.device = daemon.address();
        options.deviceKey = daemon.key();
        std::stop_source source;
        const auto measured = session::profileDevice(options, source.get_token(),
                                                     [&](const profile::ProfilerProgress&) { source.request_stop(); });
        QVERIFY(!measured.ok());
        QCOMPARE(measured.error().code, base::ErrorCode::Cancelled);
        // It is free again: the next one is accepted.
        options.profiler.budgetSeconds = 0.5;
        const QDeadlineTimer deadline(kWaitMs);
        auto again = session::profileDevice(options, {});
        while (!again.ok() && again.error().code == base::ErrorCode::Busy && !deadline.hasExpired())
            again = session::profileDevice(options, {});
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
    }

    void whatTheDeviceCannotDoIsSaid()
    {
        auto options = quick();
        options.data = "/nowhere/images";
        options.weights = SPLITSCOPE_SOURCE "/resources/models/alexnet3/patterns.weights";
        const auto measured = session::profileDevice(options, {});
        QVERIFY(!measured.ok());
        QVERIFY2(measured.error().message().find("/nowhere/images") != std::string::npos, measured.error().message().c_str());
    }

    void meanwhileTheDeviceIsBusyButAnswersPings()
    {
        const auto first = link::newKeyPair(), second = link::newKeyPair();
        LoopbackProcess device({first.publicKey, second.publicKey});
        TestEdge edge(device, first, {});
        TestEdge other(device, second, {});
        QVERIFY(bring(edge));
        QCOMPARE(edge.refusal(endlessRequest("0000")), std::string("mismatch"));
        QVERIFY(edge.accepted(endlessRequest(m_package.hash)));
        const auto asked = edge.lastId();
        QCOMPARE(other.refusal(endlessRequest(m_package.hash)), std::string("busy"));
        QCOMPARE(edge.refusal(endlessRun(m_package.hash)), std::string("busy"));
        const auto pong = edge.ask(wire::Hello{});
        QVERIFY(pong && std::holds_alternative<wire::Welcome>(*pong));
        // Another edge cannot end it; its own can, by the id that the profile was asked for with.
        QVERIFY(other.accepted(wire::ProfileCancel{asked}));
        QCOMPARE(other.refusal(endlessRequest(m_package.hash)), std::string("busy"));
        QVERIFY(edge.accepted(wire::ProfileCancel{asked}));
        QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(edge.failureOf(asked)), QString("cancelled"), kWaitMs);
    }

    void aRunIsNotDisturbed()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, {});
        QVERIFY(bring(edge));
        QVERIFY(edge.accepted(endlessRun(m_package.hash)));
        QCOMPARE(edge.refusal(endlessRequest(m_package.hash)), std::string("busy"));
        QVERIFY(edge.accepted(wire::StopRun{5}));
    }

    void aDaemonEndsWhileItMeasures()
    {
        const auto keys = link::newKeyPair();
        LoopbackProcess device({keys.publicKey});
        TestEdge edge(device, keys, {});
        QVERIFY(bring(edge));
        QVERIFY(edge.accepted(endlessRequest(m_package.hash)));
        device.closePipe();
        QVERIFY(device.endsWell());
    }

    void theCommandLineMeasuresADevice()
    {
        QProcess process;
        process.start(SPLITSCOPE_BIN "/splitscope-cli",
                      {"profile", "measure", "--device", "loopback", "--budget", "0.5", "--action-set", "bits:4", "--json"});
        QVERIFY(process.waitForFinished(kWaitMs));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto out = process.readAllStandardOutput();
        QVERIFY(profile::parseComputeProfile(out.toStdString(), "standard output").ok());
        QVERIFY(QJsonDocument::fromJson(out).object()["link"].toObject()["rtt_ms"].toDouble() > 0);
    }
};

QTEST_GUILESS_MAIN(TestDeviceProfile)
#include "tst_device_profile.moc"
