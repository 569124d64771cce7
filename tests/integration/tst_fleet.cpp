// SPDX-License-Identifier: GPL-3.0-or-later
// Several devices at once on one edge: real daemons, and stubs that send what was recorded. Sockets, protocol and books are real.
#include "core/base/clock.h"
#include "core/data/data_set.h"
#include "core/exec/row_coding.h"
#include "core/session/fleet.h"
#include "core/session/model_package.h"
#include "device_stub/device_stub.h"

#include <QTemporaryDir>
#include <QTest>
#include <sqlite3.h>

using namespace splitscope;
using session::Phase;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::size_t kStubs = 4;

/// Exact tensors: what the edge answers is what the whole network would.
const decision::Decision kExact{3, 6, {codec::CodingKind::Float32, 0}};

session::Scenario scenarioOf(std::uint64_t frames)
{
    session::Scenario scenario;
    scenario.strategy = "fixed";
    scenario.decision = kExact;
    scenario.costTable = "none";
    scenario.coder = codec::EntropyCoder::None;
    scenario.frames = frames;
    scenario.minFailoverMs = 60'000;  // whatever else this machine does
    return scenario;
}

/// Requests of the first frames, whose true labels are what the whole network says: an edge that answers right is never wrong.
std::shared_ptr<const stub::Recording> record(int count)
{
    const auto package = std::move(session::loadModelPackage(scenarioOf(1))).value();
    const auto& network = *package.executor;
    const auto images
        = std::move(data::openDataSet("patterns", model::frameSize(network.spec()), data::Split::Evaluation)).value();
    auto recording = std::make_shared<stub::Recording>();
    for (int i = 0; i < count; ++i) {
        const std::vector<data::Image> frame{*images->image(static_cast<std::size_t>(i))};
        const auto tensor = *network.run(kExact.exit, 0, kExact.partition, *model::toInput(network.spec(), frame));
        const auto coded = *exec::encodeRows(tensor, kExact.coding, codec::EntropyCoder::None);
        stub::RecordedRequest made;
        made.request.decision = made.record.decision = kExact;
        made.request.sizes = coded.sizes;
        made.payload = std::make_shared<const base::Bytes>(coded.payload);
        const int length = decision::onDevice(network.spec(), kExact.exit).partition;
        made.record.labels = exec::labelsOf(*network.run(kExact.exit, kExact.partition, length, tensor));
        made.record.truths = made.record.labels;
        recording->push_back(std::move(made));
    }
    return recording;
}

/// Stubs in this process, so that a test can take one away.
class Stubs {
public:
    explicit Stubs(const std::shared_ptr<const stub::Recording>& recording)
    {
        link::DeviceLinkOptions options;
        options.keys = m_keys;
        options.allowedKeys = {link::edgeKeys()->publicKey};
        for (std::size_t i = 0; i < kStubs; ++i)
            m_stubs.push_back(std::move(stub::DeviceStub::start(options, "stub", recording)).value());
    }
    void unplug(std::size_t stub) { m_stubs[stub].reset(); }
    [[nodiscard]] std::vector<session::FleetMember> members(const session::Scenario& scenario) const
    {
        std::vector<session::FleetMember> all;
        for (const auto& each : m_stubs) {
            auto own = scenario;
            own.device = "tcp://127.0.0.1:" + std::to_string(each->controlPort());
            own.deviceKey = m_keys.publicKey;
            all.push_back({"stub " + std::to_string(all.size() + 1), own});
        }
        return all;
    }

private:
    const link::KeyPair m_keys = link::newKeyPair();
    std::vector<std::unique_ptr<stub::DeviceStub>> m_stubs;
};

/// One number that a query over a database says; -1: it fails.
std::int64_t ask(const std::filesystem::path& file, const std::string& query)
{
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::int64_t value = -1;
    if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK
        && sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
}

}  // namespace

class TestFleet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        m_recording = record(32);
    }

    /// Two daemons, each with its own strategy, and stubs beside them: every frame has one outcome, answers are those of the
    /// whole network although requests of many devices were computed together, and all runs are in one database.
    void daemonsAndStubsAreServedAtOnce()
    {
        const QTemporaryDir out;
        const std::filesystem::path folder = out.path().toStdString();
        const Stubs stubs(m_recording);
        auto scenario = scenarioOf(300);
        scenario.depth = 4;
        auto members = stubs.members(scenario);
        members.push_back({"daemon 1", scenarioOf(60)});
        auto cycling = scenarioOf(60);
        cycling.strategy = "cycle";
        cycling.actionSet = "verification";
        cycling.dwell = 2;
        members.push_back({"daemon 2", cycling});
        for (auto& member : members) {
            member.options.outFolder = folder;
            member.options.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
        }
        const auto started = session::Fleet::start(members);
        QVERIFY2(started.ok(), started ? "" : started.error().message().c_str());
        auto& fleet = **started;
        QVERIFY(fleet.waitUntilEnded(kPatienceMs));
        const auto end = fleet.statistics();
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            const auto status = fleet.experiment(i).status();
            QVERIFY2(end.devices[i].phase == Phase::Finished, (end.devices[i].name + ": " + status.text).c_str());
            const auto summary = fleet.experiment(i).summary();
            QCOMPARE(summary.frames(), members[i].scenario.frames);
            QCOMPARE(summary.done() + summary.fallback(), members[i].scenario.frames);
            if (i < kStubs)
                QCOMPARE(summary.accuracy(), 1.0);
            const auto ofRun = " where run = " + std::to_string(fleet.experiment(i).run());
            QTRY_COMPARE_WITH_TIMEOUT(ask(folder / "records.sqlite", "select count(distinct id) from frames" + ofRun),
                                      static_cast<std::int64_t>(members[i].scenario.frames), kPatienceMs);
            QTRY_COMPARE_WITH_TIMEOUT(
                ask(folder / "records.sqlite", "select count(*) from runs" + ofRun + " and state = 'finished'"), 1, kPatienceMs);
        }
        QCOMPARE(end.frames, 4 * 300U + 2 * 60U);
        QCOMPARE(end.lost, 0U);
        for (const auto& device : end.devices)  // a rate is of a second at least: a burst of frames is none
            QVERIFY2(device.framesPerSecond <= static_cast<double>(device.frames), device.name.c_str());
        QVERIFY(end.edge.rows >= 4 * 300U);
        QVERIFY(end.p99Ms >= end.p50Ms && end.p50Ms > 0);
        double shares = 0;
        for (const auto& device : end.devices)
            shares += device.share;
        QVERIFY(qAbs(shares - 1) < 1e-9);
        QCOMPARE(end.shareMaxOverMin, 5.0);
    }

    /// A device goes for good while all work: its run waits for it, the others neither stop nor lose a frame, and its frames that
    /// the edge had heard of have an outcome when everything is stopped.
    void oneIsUnpluggedWhileTheOthersGoOn()
    {
        Stubs stubs(m_recording);
        const auto started = session::Fleet::start(stubs.members(scenarioOf(wire::kMaxFrames)));
        QVERIFY2(started.ok(), started ? "" : started.error().message().c_str());
        auto& fleet = **started;
        const auto frames = [&](std::size_t device) { return fleet.experiment(device).summary().frames(); };
        for (std::size_t i = 0; i < kStubs; ++i)
            QTRY_VERIFY_WITH_TIMEOUT(frames(i) > 20, kPatienceMs);
        stubs.unplug(0);
        QTRY_VERIFY_WITH_TIMEOUT(fleet.experiment(0).status().phase == Phase::Reconnecting, kPatienceMs);
        for (std::size_t i = 1; i < kStubs; ++i) {
            const auto before = frames(i);
            QTRY_VERIFY_WITH_TIMEOUT(frames(i) > before + 50, kPatienceMs);
            QVERIFY(fleet.experiment(i).status().phase == Phase::Running);
        }
        QVERIFY(fleet.statistics().devices[0].link == link::LinkState::Silent);
        fleet.stop();
        QVERIFY(fleet.waitUntilEnded(kPatienceMs));
        for (std::size_t i = 1; i < kStubs; ++i) {
            QCOMPARE(fleet.experiment(i).summary().lost(), 0U);
            QCOMPARE(frames(i), fleet.experiment(i).status().device.nextFrame);
            QCOMPARE(fleet.experiment(i).summary().accuracy(), 1.0);
        }
        QVERIFY(frames(0) >= fleet.experiment(0).status().device.nextFrame);
    }

    /// One is stopped, and begins another run while the others work; only one that has ended may.
    void oneIsStoppedAloneAndBeginsAgain()
    {
        const Stubs stubs(m_recording);
        const auto started = session::Fleet::start(stubs.members(scenarioOf(wire::kMaxFrames)));
        QVERIFY2(started.ok(), started ? "" : started.error().message().c_str());
        auto& fleet = **started;
        const auto frames = [&](std::size_t device) { return fleet.statistics().devices[device].frames; };
        for (std::size_t i = 0; i < kStubs; ++i)
            QTRY_VERIFY_WITH_TIMEOUT(frames(i) > 20, kPatienceMs);
        const auto refused = fleet.startAgain(0);
        QVERIFY(!refused.ok() && refused.error().code == base::ErrorCode::Busy);
        const auto firstRun = fleet.experiment(0).run();
        fleet.stop(0);
        QVERIFY(fleet.experiment(0).waitUntilEnded(kPatienceMs));
        QVERIFY(!fleet.ended());
        const auto done = frames(0);
        QCOMPARE(done, fleet.experiment(0).summary().frames());
        const auto again = fleet.startAgain(0);
        QVERIFY2(again.ok(), again ? "" : again.error().message().c_str());
        QVERIFY(fleet.experiment(0).run() != firstRun);
        for (std::size_t i = 0; i < kStubs; ++i) {
            const auto before = frames(i);
            QTRY_VERIFY_WITH_TIMEOUT(frames(i) > before + 50, kPatienceMs);
        }
        fleet.stop();
        QVERIFY(fleet.waitUntilEnded(kPatienceMs));
        QCOMPARE(frames(0), done + fleet.experiment(0).summary().frames());
        for (std::size_t i = 0; i < kStubs; ++i)
            QCOMPARE(fleet.experiment(i).summary().lost(), 0U);
    }

    /// One that cannot even begin says so, and the others run to their end.
    void oneThatFailsLeavesTheOthersAlone()
    {
        const Stubs stubs(m_recording);
        auto members = stubs.members(scenarioOf(100));
        members[1].scenario.slowdown = 4;  // which a stub refuses
        const auto started = session::Fleet::start(members);
        QVERIFY(started.ok());
        auto& fleet = **started;
        QVERIFY(fleet.waitUntilEnded(kPatienceMs));
        for (std::size_t i = 0; i < kStubs; ++i)
            QVERIFY(fleet.experiment(i).status().phase == (i == 1 ? Phase::Failed : Phase::Finished));
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<int>("members");
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("nobody") << 0 << "loopback"
                                << "names no device";
        QTest::newRow("twice") << 2 << "tcp://127.0.0.1:47610"
                               << "named twice";
        QTest::newRow("no address") << 1 << "nowhere"
                                    << "a device";
    }
    void nonsenseIsRefused()
    {
        QFETCH(int, members);
        QFETCH(QString, device);
        QFETCH(QString, complaint);
        auto scenario = scenarioOf(1);
        scenario.device = device.toStdString();
        const auto started = session::Fleet::start(
            std::vector<session::FleetMember>(static_cast<std::size_t>(members), session::FleetMember{"a device", scenario}));
        QVERIFY(!started.ok());
        QVERIFY2(QString::fromStdString(started.error().message()).contains(complaint), started.error().message().c_str());
    }

private:
    const QTemporaryDir m_home;
    std::shared_ptr<const stub::Recording> m_recording;
};

QTEST_GUILESS_MAIN(TestFleet)
#include "tst_fleet.moc"
