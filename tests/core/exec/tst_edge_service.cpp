// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of several devices through one service: merged, split again, refused; each device's answers its own.
#include "core/exec/edge_runtime.h"
#include "tests/core/exec/exec_samples.h"

#include <QTest>
#include <latch>
#include <set>
#include <thread>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using codec::CodingKind;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr double kTolerance = 1e-4;

/// A device's end, whose answers are collected.
class Device {
public:
    explicit Device(std::shared_ptr<EdgeService> service, EdgeRuntime::Decide decide = {}, std::size_t maxQueued = 64)
    {
        EdgeRuntimeOptions options;
        options.replyLogits = true;
        options.maxQueued = maxQueued;
        options.service = std::move(service);
        m_edge = std::make_unique<EdgeRuntime>(executor(), options, std::move(decide), [this](const wire::Message& message) {
            const std::lock_guard lock(m_mutex);
            m_answers.push_back(message);
        });
    }
    EdgeRuntime& edge() { return *m_edge; }
    void unplug() { m_edge.reset(); }
    std::size_t answered() const
    {
        const std::lock_guard lock(m_mutex);
        return m_answers.size();
    }
    template <typename Body>
    std::vector<Body> answers() const
    {
        const std::lock_guard lock(m_mutex);
        std::vector<Body> found;
        for (const auto& message : m_answers)
            if (const auto* body = std::get_if<Body>(&message.body))
                found.push_back(*body);
        return found;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<wire::Message> m_answers;
    std::unique_ptr<EdgeRuntime> m_edge;  // last: its service calls the above
};

/// Holds the service at one device's answer, so that what comes meanwhile waits together.
class Gate {
public:
    explicit Gate(const std::shared_ptr<EdgeService>& service)
        : m_device(service, [this]() -> std::optional<decision::Decision> {
              m_reached.count_down();
              const std::lock_guard pass(m_mutex);
              return std::nullopt;
          })
    {
        m_device.edge().submit(request(decision::onDevice(spec(), 1), 0, 1));
        m_reached.wait();
    }
    ~Gate()
    {
        if (m_closed.owns_lock())
            open();
    }
    void open() { m_closed.unlock(); }

private:
    std::mutex m_mutex;
    std::unique_lock<std::mutex> m_closed{m_mutex};
    std::latch m_reached{1};
    Device m_device;
};

bool near(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::ranges::equal(a, b, [](float x, float y) { return std::abs(x - y) <= kTolerance; });
}

}  // namespace

Q_DECLARE_METATYPE(splitscope::decision::Decision)

class TestEdgeService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Requests that were merged are answered as each would have been alone, on its own device's link.
    void mergedRequestsAreAnsweredAsAlone_data()
    {
        QTest::addColumn<decision::Decision>("one");
        QTest::addColumn<decision::Decision>("other");
        const decision::Decision eight{2, 3, {CodingKind::Quantized, 8}};
        QTest::newRow("same coding") << eight << eight;
        QTest::newRow("other bits") << eight << decision::Decision{2, 3, {CodingKind::Quantized, 4}};
        QTest::newRow("exact") << eight << kExactMiddle;
        QTest::newRow("frames") << decision::Decision{2, 0, {CodingKind::Raw, 0}}
                                << decision::Decision{2, 0, {CodingKind::Lossless, 0}};
    }
    void mergedRequestsAreAnsweredAsAlone()
    {
        QFETCH(decision::Decision, one);
        QFETCH(decision::Decision, other);
        const auto service = std::make_shared<EdgeService>();
        std::vector<std::unique_ptr<Device>> devices;
        for (int i = 0; i < 6; ++i)
            devices.push_back(std::make_unique<Device>(service));
        const auto of = [&](std::size_t i) { return request(i % 2 ? other : one, 3 * i, 1 + static_cast<int>(i) % 3); };
        std::vector<wire::Reply> alone;
        for (std::size_t i = 0; i < devices.size(); ++i) {
            Device single(nullptr);
            single.edge().submit(of(i));
            QTRY_COMPARE_WITH_TIMEOUT(single.answered(), 1U, kPatienceMs);
            alone.push_back(single.answers<wire::Reply>().at(0));
        }
        Gate gate(service);
        for (std::size_t i = 0; i < devices.size(); ++i)
            devices[i]->edge().submit(of(i));
        gate.open();
        for (std::size_t i = 0; i < devices.size(); ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(devices[i]->answered(), 1U, kPatienceMs);
            const auto reply = devices[i]->answers<wire::Reply>().at(0);
            QCOMPARE(reply.firstFrame, 3 * i);
            QCOMPARE(reply.labels, alone[i].labels);
            QVERIFY(near(reply.logits, alone[i].logits));
            QCOMPARE(reply.logits.size(), alone[i].logits.size());
            QVERIFY(reply.edgeQueueMs >= 0 && reply.decodeMs >= 0 && reply.edgeSegmentMs >= 0 && reply.replyMs >= 0);
        }
        // The gate's request had nothing to compute; all others were one batch.
        QTRY_COMPARE_WITH_TIMEOUT(service->statistics().requests, 7U, kPatienceMs);
        const auto told = service->statistics();
        QCOMPARE(told.rows, 12U);
        QCOMPARE(told.batchesOfRows.at(12), 1U);
        QCOMPARE(devices[0]->edge().statistics().meanBatchRows, 12.0);
        QVERIFY(devices[0]->edge().statistics().computeMs > 0);
    }

    /// A request in a shared batch tells of its own work alone, and of the others' as waiting: its times add up to all that it
    /// took, and nobody takes the whole batch's time for its own.
    void timesInASharedBatchAreItsOwn()
    {
        const auto service = std::make_shared<EdgeService>();
        Device one(service), three(service);
        Gate gate(service);
        one.edge().submit(request(kExactMiddle, 0, 1));
        three.edge().submit(request(kExactMiddle, 1, 3));
        const auto beganNs = base::nowNs();
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(one.answered() + three.answered(), 2U, kPatienceMs);
        const auto a = one.answers<wire::Reply>().at(0), b = three.answers<wire::Reply>().at(0);
        constexpr double kRounding = 1e-9;
        QVERIFY(a.edgeSegmentMs > 0 && a.decodeMs > 0 && b.decodeMs > 0);
        QVERIFY(std::abs(b.edgeSegmentMs - 3 * a.edgeSegmentMs) <= kRounding * b.edgeSegmentMs);
        const double worked = a.decodeMs + b.decodeMs + a.edgeSegmentMs + b.edgeSegmentMs;
        for (const auto& reply : {a, b}) {
            const double sum = reply.edgeQueueMs + reply.decodeMs + reply.edgeSegmentMs;
            QVERIFY(sum >= worked * (1 - kRounding));  // it waited for all of its batch
        }
        QVERIFY(worked <= base::toMs(base::nowNs() - beganNs));
        QTRY_COMPARE_WITH_TIMEOUT(one.edge().statistics().recentBatchRows, 4.0, kPatienceMs);
    }

    /// What makes no sense is refused alone: who was merged with it gets its answer.
    void onesNonsenseIsNotTheOthersHarm()
    {
        const auto service = std::make_shared<EdgeService>();
        Device honest(service), broken(service);
        Gate gate(service);
        auto spoilt = request(kExactMiddle, 0, 2);
        spoilt.payload.pop_back();
        broken.edge().submit(std::move(spoilt));
        honest.edge().submit(request(kExactMiddle, 2, 2));
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(honest.answered() + broken.answered(), 2U, kPatienceMs);
        QCOMPARE(honest.answers<wire::Reply>().size(), 1U);
        QCOMPARE(honest.answers<wire::Reply>().at(0).labels.size(), 2U);
        QCOMPARE(broken.answers<wire::RequestFailed>().size(), 1U);
    }

    /// A device that asks for more than is computed for it hears so about its oldest requests; nothing is lost without a word,
    /// and the others do not feel it.
    void whoAsksForTooMuchIsTold()
    {
        const auto service = std::make_shared<EdgeService>();
        Device greedy(service, {}, 3), modest(service, {}, 3);
        Gate gate(service);
        for (std::uint64_t frame = 0; frame < 10; ++frame)
            greedy.edge().submit(request(kExactMiddle, frame, 1));
        modest.edge().submit(request(kExactMiddle, 0, 1));
        QCOMPARE(greedy.edge().statistics().waiting, 3U);
        QCOMPARE(greedy.edge().statistics().crowdedOut, 7U);
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(greedy.answered() + modest.answered(), 11U, kPatienceMs);
        std::set<std::uint64_t> refused;
        for (const auto& failed : greedy.answers<wire::RequestFailed>()) {
            QCOMPARE(failed.failure.code, std::string("busy"));
            refused.insert(failed.firstFrame);
        }
        QCOMPARE(refused, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
        QCOMPARE(modest.answers<wire::Reply>().size(), 1U);
    }

    /// Devices leave while their requests wait or are computed: nothing of them is called any more, the others are served.
    void unpluggedWhileServed()
    {
        const auto service = std::make_shared<EdgeService>();
        Device staying(service);
        for (std::uint64_t round = 0; round < 50; ++round) {
            Device leaving(service);
            for (std::uint64_t frame = 0; frame < 4; ++frame)
                leaving.edge().submit(request(kExactMiddle, frame, 1));
            staying.edge().submit(request(kExactMiddle, round % 40, 1));
            leaving.unplug();
            const auto heard = leaving.answered();
            QTRY_COMPARE_WITH_TIMEOUT(staying.answered(), round + 1, kPatienceMs);
            QCOMPARE(leaving.answered(), heard);
        }
        QCOMPARE(staying.answers<wire::Reply>().size(), 50U);
    }

    /// Many threads submit at once, as links do; every request gets exactly one answer.
    void everyRequestGetsOneAnswer()
    {
        constexpr std::size_t kDevices = 8, kRequests = 40;
        const auto service = std::make_shared<EdgeService>();
        std::vector<std::unique_ptr<Device>> devices;
        for (std::size_t i = 0; i < kDevices; ++i)
            devices.push_back(std::make_unique<Device>(service, EdgeRuntime::Decide(), 4));
        {
            std::vector<std::jthread> links;
            for (auto& device : devices)
                links.emplace_back([&device] {
                    for (std::uint64_t frame = 0; frame < kRequests; ++frame)
                        device->edge().submit(request(kExactMiddle, frame, 1));
                });
        }
        for (auto& device : devices) {
            QTRY_COMPARE_WITH_TIMEOUT(device->answered(), kRequests, kPatienceMs);
            std::set<std::uint64_t> frames;
            for (const auto& reply : device->answers<wire::Reply>())
                frames.insert(reply.firstFrame);
            for (const auto& failed : device->answers<wire::RequestFailed>())
                frames.insert(failed.firstFrame);
            QCOMPARE(frames.size(), kRequests);
        }
    }
};

QTEST_GUILESS_MAIN(TestEdgeService)
#include "tst_edge_service.moc"
