// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/edge_runtime.h"
#include "tests/core/exec/exec_samples.h"

#include <QTest>
#include <condition_variable>

using namespace splitscope;
using namespace splitscope::exec;
using namespace splitscope::exec::samples;
using codec::CodingKind;

namespace {

constexpr int kPatienceMs = 60'000;
const decision::Decision kEightBits{2, 3, {CodingKind::Quantized, 8}};

/// An edge half whose answers are collected.
struct Rig {
    explicit Rig(EdgeRuntimeOptions options = {}, EdgeRuntime::Decide decide = {}, EdgeRuntime::Observe observe = {})
        : edge(
            executor(), options, std::move(decide),
            [this](const wire::Message& message) {
                const std::lock_guard lock(m_mutex);
                m_answers.push_back(message);
            },
            std::move(observe))
    {
    }
    std::vector<wire::Message> answers() const
    {
        const std::lock_guard lock(m_mutex);
        return m_answers;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<wire::Message> m_answers;

public:
    EdgeRuntime edge;  // last: its thread uses all of the above
};

}  // namespace

Q_DECLARE_METATYPE(splitscope::link::ArrivedRequest)
Q_DECLARE_METATYPE(splitscope::decision::Decision)

class TestEdgeRuntime : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestsAreAnsweredWithTheUnsplitLabels_data()
    {
        QTest::addColumn<decision::Decision>("decision");
        QTest::newRow("raw") << decision::Decision{2, 0, {CodingKind::Raw, 0}};
        QTest::newRow("lossless") << decision::Decision{1, 0, {CodingKind::Lossless, 0}};
        QTest::newRow("input") << decision::Decision{2, 0, {CodingKind::Float32, 0}};
        QTest::newRow("tensor") << kExactMiddle;
        QTest::newRow("label") << decision::onDevice(spec(), 2);
    }
    void requestsAreAnsweredWithTheUnsplitLabels()
    {
        QFETCH(decision::Decision, decision);
        EdgeRuntimeOptions options;
        options.replyLogits = true;
        std::size_t observed = 0;
        const auto next = kEightBits;
        Rig rig(
            options, [next] { return next; },
            [&](const wire::Request&, const base::Tensor& logits) { observed += static_cast<std::size_t>(logits.batch); });
        rig.edge.submit(request(decision, 0, 3));
        QTRY_COMPARE_WITH_TIMEOUT(rig.answers().size(), 1U, kPatienceMs);
        const auto reply = std::get<wire::Reply>(rig.answers().front().body);
        wire::FrameRecord record;
        record.count = 3;
        record.decision = decision;
        QCOMPARE(reply.labels, unsplitLabels(startRun(3, decision), record));
        QCOMPARE(reply.run, 77U);
        QVERIFY(reply.next == next);
        const bool computed = decision.coding.kind != CodingKind::LabelOnly;
        QCOMPARE(reply.logits.size(), computed ? 6U : 0U);
        QCOMPARE(observed, computed ? 3U : 0U);
        QVERIFY(reply.edgeQueueMs >= 0 && reply.decodeMs >= 0 && reply.edgeSegmentMs >= 0 && reply.replyMs >= 0);
        QCOMPARE(rig.edge.counters().served, 1U);
    }

    void nonsenseIsRefusedAndServingGoesOn_data()
    {
        QTest::addColumn<link::ArrivedRequest>("arrived");
        const auto row
            = [](const char* name, link::ArrivedRequest arrived, const std::function<void(link::ArrivedRequest&)>& spoil) {
                  spoil(arrived);
                  QTest::newRow(name) << arrived;
              };
        const auto good = request(kEightBits);
        row("no frames", good, [](auto& r) { r.request.count = 0; });
        row("too many frames", good, [](auto& r) { r.request.count = 65; });
        row("negative frames", good, [](auto& r) { r.request.count = -1; });
        row("fewer sizes", good, [](auto& r) { r.request.sizes.pop_back(); });
        row("no sizes", good, [](auto& r) { r.request.sizes.clear(); });
        row("sizes beyond the payload", good, [](auto& r) { r.request.sizes[0] = 0xffffffff; });
        row("sizes shifted", good, [](auto& r) { ++r.request.sizes[0], --r.request.sizes[1]; });
        row("cut short", good, [](auto& r) { r.payload.pop_back(); });
        row("no payload", good, [](auto& r) { r.payload.clear(); });
        row("no such exit", good, [](auto& r) { r.request.decision.exit = 7; });
        row("no such cut", good, [](auto& r) { r.request.decision.partition = 70; });
        row("another cut", good, [](auto& r) { r.request.decision.partition = 5; });
        row("more bits", good, [](auto& r) { r.request.decision.coding.parameter = 9; });
        row("frames at a cut", good, [](auto& r) { r.request.decision.coding = {CodingKind::Raw, 0}; });
        row("no Huffman code", good, [](auto& r) { r.request.coder = codec::EntropyCoder::HuffmanAdaptive; });
        row("no JPEG", request({1, 0, {CodingKind::Raw, 0}}), [](auto& r) {
            r.request.decision.coding = {CodingKind::Jpeg, 80};
        });
        row("no WebP", request({1, 0, {CodingKind::Raw, 0}}), [](auto& r) {
            r.request.decision.coding = {CodingKind::Lossless, 0};
        });
        const auto labels = request(decision::onDevice(spec(), 1));
        row("labels missing", labels, [](auto& r) { r.request.labels.pop_back(); });
        row("labels with a payload", labels, [](auto& r) { r.payload.push_back(1); });
    }
    void nonsenseIsRefusedAndServingGoesOn()
    {
        QFETCH(link::ArrivedRequest, arrived);
        Rig rig;
        rig.edge.submit(arrived);
        rig.edge.submit(request(kEightBits));
        QTRY_COMPARE_WITH_TIMEOUT(rig.answers().size(), 2U, kPatienceMs);
        const auto answers = rig.answers();
        const auto* failed = std::get_if<wire::RequestFailed>(&answers[0].body);
        QVERIFY(failed);
        QCOMPARE(failed->run, 77U);
        QVERIFY(!failed->failure.text.empty());
        QVERIFY(std::holds_alternative<wire::Reply>(answers[1].body));
        QCOMPARE(rig.edge.counters().failed, 1U);
        QCOMPARE(rig.edge.counters().served, 1U);
    }

    void theOldestIsRefusedWhenTooManyWait()
    {
        std::mutex gate;
        std::unique_lock closed(gate);
        EdgeRuntimeOptions options;
        options.maxQueued = 2;
        std::atomic<int> begun = 0;
        Rig rig(options, [&]() -> std::optional<decision::Decision> {
            ++begun;
            const std::lock_guard pass(gate);
            return std::nullopt;
        });
        const auto submit = [&](std::uint64_t frame) {
            auto arrived = request(kEightBits, 0, 1);
            arrived.request.firstFrame = frame;
            rig.edge.submit(std::move(arrived));
        };
        submit(0);
        QTRY_COMPARE_WITH_TIMEOUT(begun.load(), 1, kPatienceMs);
        for (std::uint64_t frame = 1; frame < 5; ++frame)
            submit(frame);
        closed.unlock();
        QTRY_COMPARE_WITH_TIMEOUT(rig.answers().size(), 5U, kPatienceMs);
        std::vector<std::uint64_t> refused;
        const auto answers = rig.answers();
        for (const auto& message : answers)
            if (const auto* failed = std::get_if<wire::RequestFailed>(&message.body))
                refused.push_back(failed->firstFrame);
        QCOMPARE(refused, (std::vector<std::uint64_t>{1, 2}));
    }

    void batchMatesDoNotChangeAFramesBytes()
    {
        FrameSource source(std::make_shared<Noise>(), 5);
        const auto rowsOf = [&](std::span<const data::Image> frames) {
            const auto input = *model::toInput(spec(), frames);
            return *encodeRows(*executor()->run(2, 0, 3, input), kEightBits.coding, codec::EntropyCoder::None);
        };
        auto frames = *source.read(0, 6);
        const auto inOrder = rowsOf(frames);
        std::reverse(frames.begin(), frames.end());
        const auto reversed = rowsOf(frames);
        const auto size = inOrder.sizes.front();
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(std::ranges::equal(base::ByteView(inOrder.payload).subspan(i * size, size),
                                       base::ByteView(reversed.payload).subspan((5 - i) * size, size)));
    }

    void endsWhileBusy()
    {
        for (int i = 0; i < 20; ++i) {
            Rig rig;
            for (int k = 0; k < 10; ++k)
                rig.edge.submit(request(kEightBits));
        }
    }
};

QTEST_GUILESS_MAIN(TestEdgeRuntime)
#include "tst_edge_runtime.moc"
