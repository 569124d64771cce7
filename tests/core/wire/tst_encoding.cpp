// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "tests/core/wire/random_message.h"
#include "wire_examples.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace splitscope;
using namespace splitscope::wire;

namespace {

base::Bytes fromHex(const char* hex)
{
    const auto bytes = QByteArray::fromHex(hex);
    return {bytes.begin(), bytes.end()};
}

QByteArray toHex(const base::Bytes& bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex();
}

}  // namespace

class TestEncoding : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyMessageComesBackTheSame_data()
    {
        QTest::addColumn<int>("type");
        const auto examples = testing::examples();
        for (std::size_t i = 0; i < examples.size(); ++i)
            QTest::newRow(std::string(typeName(examples[i].body)).c_str()) << static_cast<int>(i);
    }
    void everyMessageComesBackTheSame()
    {
        QFETCH(int, type);
        std::mt19937_64 random(static_cast<std::uint64_t>(type) + 1);
        const auto example = testing::examples()[static_cast<std::size_t>(type)];
        QCOMPARE(example.body.index(), static_cast<std::size_t>(type));
        for (int round = 0; round < 200; ++round) {
            const auto message = randomOf(example, random);
            const auto bytes = encode(message);
            const auto back = decode(bytes);
            QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
            QCOMPARE(back->id, message.id);
            QCOMPARE(back->body.index(), message.body.index());
            QCOMPARE(toHex(encode(*back)), toHex(bytes));
        }
    }

    // Equal bytes would not show a field that is missing from the list.
    void noFieldOfARunIsForgotten()
    {
        const auto message = testing::exampleOf<StartRun>();
        const auto& sent = std::get<StartRun>(message.body);
        const auto back = decode(encode(message));
        QVERIFY(back.ok());
        const auto& got = std::get<StartRun>(back->body);
        QCOMPARE(got.run, sent.run);
        QCOMPARE(got.modelHash, sent.modelHash);
        QCOMPARE(got.data, sent.data);
        QCOMPARE(got.split, sent.split);
        QCOMPARE(got.frames, sent.frames);
        QCOMPARE(got.batch, sent.batch);
        QCOMPARE(got.depth, sent.depth);
        QVERIFY(got.coder == sent.coder);
        QVERIFY(got.decision == sent.decision);
        QCOMPARE(got.slowdown, sent.slowdown);
        QVERIFY(got.shaping == sent.shaping);
        QCOMPARE(got.minFailoverMs, sent.minFailoverMs);
        QCOMPARE(got.threads, sent.threads);
    }
    void noFieldOfARecordIsForgotten()
    {
        const auto message = testing::exampleOf<Journal>();
        const auto& sent = std::get<Journal>(message.body).records.front();
        const auto back = decode(encode(message));
        QVERIFY(back.ok());
        const auto& got = std::get<Journal>(back->body).records.front();
        QCOMPARE(got.firstFrame, sent.firstFrame);
        QCOMPARE(got.count, sent.count);
        QVERIFY(got.outcome == sent.outcome);
        QCOMPARE(got.reason, sent.reason);
        QVERIFY(got.decision == sent.decision);
        QCOMPARE(got.decisionAge, sent.decisionAge);
        QCOMPARE(got.stages.capture, sent.stages.capture);
        QCOMPARE(got.stages.deviceSegment, sent.stages.deviceSegment);
        QCOMPARE(got.stages.fallback, sent.stages.fallback);
        QCOMPARE(got.stages.total, sent.stages.total);
        QCOMPARE(got.capturedAtMs, sent.capturedAtMs);
        QCOMPARE(got.payloadBytes, sent.payloadBytes);
        QCOMPARE(got.wireBytes, sent.wireBytes);
        QCOMPARE(got.setBytesPerSecond, sent.setBytesPerSecond);
        QCOMPARE(got.labels, sent.labels);
        QCOMPARE(got.truths, sent.truths);
    }

    void theLastFrameOfTheLargestBatchMayBeAnsweredEarly()
    {
        auto message = testing::exampleOf<Journal>();
        auto& record = std::get<Journal>(message.body).records.front();
        record.count = kMaxBatch;
        record.labels.assign(kMaxBatch, 1);
        record.truths.clear();
        record.answeredEarly = 0x8000000000000001ULL;
        const auto back = decode(encode(message));
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
        const auto& got = std::get<Journal>(back->body).records.front();
        QCOMPARE(got.answeredEarly.value_or(0), 0x8000000000000001ULL);
        QCOMPARE(got.goingOn(), 62);
        QVERIFY(!got.goesOn(0) && got.goesOn(1) && !got.goesOn(63));
    }

    void whatADeviceDoesNotTellStaysUntold()
    {
        Pong pong{17, {}, Health{}};
        pong.health->busy = 0;
        const auto told = decode(encode({0, pong}));
        QVERIFY(told.ok());
        QVERIFY(std::get<Pong>(told->body).health == pong.health);
        QVERIFY(!std::get<Pong>(told->body).health->temperatureC);
        // As devices of the first release say it.
        const auto old = decode(encode({0, Pong{17, {}, {}}}));
        QVERIFY(old.ok() && !std::get<Pong>(old->body).health);
        const auto welcome
            = decode(encode({1, Welcome{kProtocolVersion, "splitscoped 0.1.0", "pi", "aarch64", 5, {}, {}, {}, {}, {}, {}, {}}}));
        QVERIFY(welcome.ok());
        QVERIFY(std::get<Welcome>(welcome->body).board.empty() && !std::get<Welcome>(welcome->body).cores);
        QVERIFY(!std::get<Welcome>(welcome->body).gates && !std::get<Welcome>(welcome->body).edgeGates);
        QVERIFY(std::get<Welcome>(welcome->body).meter.empty());
        pong.health->powerWatts = 4.25;
        const auto metered = decode(encode({0, pong}));
        QVERIFY(metered.ok() && std::get<Pong>(metered->body).health->powerWatts == 4.25);
        pong.health->temperatureC = 1000;
        QVERIFY(!decode(encode({0, pong})).ok());
    }

    void damageIsAnErrorNeverACrash()
    {
        std::mt19937_64 random(5);
        for (const auto& example : testing::allExamples()) {
            const auto bytes = encode(example);
            for (std::size_t length = 0; length < bytes.size(); ++length)
                QVERIFY(!decode(base::ByteView(bytes).first(length)).ok());
            for (int round = 0; round < 2000; ++round) {
                auto damaged = bytes;
                for (auto n = 1 + random() % 4; n > 0; --n)
                    damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
                const auto result = decode(damaged);
                QVERIFY(result.ok() || !result.error().text.empty());
                static_cast<void>(originOf(damaged));
            }
        }
        for (int round = 0; round < 20'000; ++round) {
            base::Bytes noise(random() % 64);
            for (auto& byte : noise)
                byte = static_cast<std::uint8_t>(random());
            QVERIFY(!decode(noise).ok());
        }
    }

    void whatIsOutsideItsLimitsIsNamed_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<std::function<void(Body&)>>("spoil");
        const auto row = [](const char* name, const char* where, std::function<void(Body&)> spoil) {
            QTest::newRow(name) << QString(where) << std::move(spoil);
        };
        const auto start = [](auto change) { return [change](Body& body) { change(std::get<StartRun>(body)); }; };
        const auto request = [](auto change) { return [change](Body& body) { change(std::get<Request>(body)); }; };
        const auto record = [](auto change) { return [change](Body& body) { change(std::get<Journal>(body).records[0]); }; };
        row("batch over 64", "start-run.batch", start([](auto& m) { m.batch = 65; }));
        row("batch 0", "start-run.batch", start([](auto& m) { m.batch = 0; }));
        row("depth over 16", "start-run.depth", start([](auto& m) { m.depth = 17; }));
        row("negative threads", "start-run.threads", start([](auto& m) { m.threads = -1; }));
        row("NaN slowdown", "start-run.slowdown", start([](auto& m) { m.slowdown = std::nan(""); }));
        row("infinite rate", "start-run.rate", start([](auto& m) { m.shaping.bytesPerSecond = INFINITY; }));
        row("negative delay", "start-run.delay", start([](auto& m) { m.shaping.delayMs = -1; }));
        row("unknown coder", "start-run.coder", start([](auto& m) { m.coder = static_cast<codec::EntropyCoder>(9); }));
        row("unknown slowdown", "start-run.slowdown-by", start([](auto& m) { m.slowdownBy = static_cast<SlowdownBy>(2); }));
        row("too many frames", "start-run.frames", start([](auto& m) { m.frames = kMaxFrames + 1; }));
        row("first frame behind the end", "start-run.first", start([](auto& m) { m.firstFrame = m.frames; }));
        row("bit width 17", "start-run.decision", start([](auto& m) { m.decision.coding.parameter = 17; }));
        row("unknown coding", "start-run.decision",
            start([](auto& m) { m.decision.coding.kind = static_cast<codec::CodingKind>(6); }));
        row("exit 0", "start-run.decision", start([](auto& m) { m.decision.exit = 0; }));
        row("sizes of another count", "request.sizes", request([](auto& m) { m.sizes.pop_back(); }));
        row("bytes that are not the sum", "request.bytes", request([](auto& m) { ++m.payloadBytes; }));
        row("labels beside a payload", "request.labels", request([](auto& m) { m.labels = {1, 2}; }));
        row("payload over the limit", "request.bytes", request([](auto& m) { m.payloadBytes = kMaxPayloadBytes + 1; }));
        row("65 sizes", "request.sizes", request([](auto& m) { m.sizes.assign(65, 1); }));
        row("fewer than none wait", "request.queued", request([](auto& m) { m.queuedRequests = -1; }));
        row("waited for ever", "request.waited", request([](auto& m) { m.waitedMs = INFINITY; }));
        row("rows without a gate", "request.rows", request([](auto& m) { m.rows = {0, 1}; }));
        row("rows behind the end", "request.rows", request([](auto& m) { m.rows = {0, 2}, m.decision.gate = decision::Gate(); }));
        row("a row twice", "request.rows", request([](auto& m) { m.rows = {1, 1}, m.decision.gate = decision::Gate(); }));
        row("sizes of frames that do not go on", "request.sizes",
            request([](auto& m) { m.rows = {1}, m.decision.gate = decision::Gate(); }));
        row("rows beside labels", "request.rows", request([](auto& m) {
                m.rows = {1};
                m.labels = {1, 2};
                m.decision.gate = decision::Gate();
            }));
        row("gate at exit 0", "start-run.decision", start([](auto& m) { m.decision.gate = decision::Gate{0, 0.5}; }));
        row("gate above every entropy", "start-run.decision", start([](auto& m) { m.decision.gate = decision::Gate{1, 101}; }));
        row("answered early behind the end", "journal.records.early", record([](auto& m) { m.answeredEarly = 4; }));
        row("answered early behind the reply's end", "reply.early",
            [](Body& body) { std::get<Reply>(body).answeredEarly = std::uint64_t{1} << std::get<Reply>(body).labels.size(); });
        row("unknown outcome", "journal.outcome", record([](auto& m) { m.outcome = static_cast<Outcome>(3); }));
        row("infinite stage", "journal.stages", record([](auto& m) { m.stages.total = INFINITY; }));
        row("labels of another count", "journal.records.labels", record([](auto& m) { m.labels.push_back(1); }));
        row("33 records", "journal.records", [](Body& body) {
            auto& records = std::get<Journal>(body).records;
            records.resize(33, records.front());
        });
        row("rates of another count", "schedule.rate", [](Body& body) { std::get<Schedule>(body).bytesPerSecond.pop_back(); });
        row("negative rate", "schedule.rate", [](Body& body) { std::get<Schedule>(body).bytesPerSecond[0] = -1; });
        row("points behind the end", "schedule.offset", [](Body& body) { std::get<Schedule>(body).offset = 1; });
        row("filler behind the end", "filler.offset", [](Body& body) { std::get<Filler>(body).offset = 65536; });
        row("probe over the limit", "probe.bytes", [](Body& body) { std::get<Probe>(body).bytes = kMaxProbeBytes + 1; });
        row("no batch", "profile.batches", [](Body& body) { std::get<Profile>(body).batches.clear(); });
        row("17 batches", "profile.batches", [](Body& body) { std::get<Profile>(body).batches.assign(17, 1); });
        row("no time", "profile.budget", [](Body& body) { std::get<Profile>(body).budgetSeconds = 0; });
        row("more than all", "profile-progress.done", [](Body& body) { std::get<ProfileProgress>(body).done = 401; });
        row("piece behind the end", "profile-result.offset", [](Body& body) { std::get<ProfileResult>(body).offset = 99'999; });
        row("no piece", "profile-result.piece", [](Body& body) { std::get<ProfileResult>(body).piece.clear(); });
        row("a spec longer than all", "model-push.spec", [](Body& body) {
            auto& push = std::get<ModelPush>(body);
            push.specBytes = push.totalBytes + 1;
        });
        row("no labels", "reply.labels", [](Body& body) { std::get<Reply>(body).labels.clear(); });
        row("logits of part of a frame", "reply.logits", [](Body& body) {
            auto& reply = std::get<Reply>(body);
            reply.labels = {1, 2}, reply.logits = {1, 2, 3};
        });
        row("recorded logits of part of a frame", "journal.records.logits",
            record([](auto& m) { m.logits.assign(static_cast<std::size_t>(m.count) + 1, 0.5F); }));
        row("offset behind the model", "model-push.offset", [](Body& body) { std::get<ModelPush>(body).offset = 7000000; });
    }
    void whatIsOutsideItsLimitsIsNamed()
    {
        QFETCH(QString, where);
        QFETCH(std::function<void(Body&)>, spoil);
        auto message = testing::exampleNamed(where.section('.', 0, 0).toStdString());
        spoil(message.body);
        const auto back = decode(encode(message));
        QVERIFY(!back.ok());
        QCOMPARE(QString::fromStdString(back.error().where), where);
    }

    void malformedHeadersAreExplained_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* hex, const char* message) {
            QTest::newRow(name) << QByteArray(hex) << QString(message);
        };
        row("empty", "", "header: is not a map");
        row("an array", "83010203", "header: is not a map");
        row("no envelope", "a0", "header: a header begins with v, t and i");
        row("envelope out of order", "bf6174 6470696e67 617601 ff", "header.v: is missing: a header begins with v, t and i");
        row("unknown type", "bf 617601 617463666f6f 616900 ff", "header.t: there is no message type 'foo'");
        row("other version", "bf 617602 61746470696e67 616900 6373657101 ff",
            "header.v: this side speaks protocol version 1, not 2: install the same Splitscope on both");
        row("missing field", "bf 617601 61746470696e67 616900 ff", "ping.seq: is missing");
        row("field twice", "bf 617601 61746470696e67 616900 6373657101 6373657102 ff", "ping.seq: is given twice");
        row("ill-typed field", "bf 617601 61746470696e67 616900 63736571 6131 ff", "ping.seq: is not an integer of 0 or more");
        row("bytes behind the header", "bf 617601 61746470696e67 616900 6373657101 ff 00", "ping: bytes follow the header");
        row("a key that is no text", "bf 617601 61746470696e67 616900 01 01 ff", "ping: a key that is not a text");
        row("text that is not UTF-8", "bf 617601 61746568656c6c6f 616900 6770726f6772616d 62c328 ff",
            "hello.program: is not UTF-8");
        row("an array that claims 2^62 items",
            "bf 617601 61746b6a6f75726e616c2d61636b 616900 6372756e01 656669727374 9b4000000000000000 ff",
            "journal-ack.first: is not an array");
    }
    void malformedHeadersAreExplained()
    {
        QFETCH(QByteArray, hex);
        QFETCH(QString, message);
        const auto back = decode(fromHex(hex.constData()));
        QVERIFY(!back.ok());
        QCOMPARE(QString::fromStdString(back.error().message()), message);
    }

    void unknownFieldsAreIgnored()
    {
        const auto back = decode(fromHex("bf 617601 61746470696e67 616905 636e6577 83016161a0 6373657107 ff"));
        QVERIFY(back.ok());
        QCOMPARE(back->id, std::uint64_t{5});
        QCOMPARE(std::get<Ping>(back->body).sequence, std::uint64_t{7});
    }

    void deepNestingIsRefused()
    {
        auto bytes = fromHex("bf 617601 61746470696e67 616900 636e6577");
        bytes.insert(bytes.end(), 60'000, 0x81);
        QVERIFY(!decode(bytes).ok());
    }

    void oversizedHeadersAreRefused()
    {
        const auto back = decode(base::Bytes(kMaxHeaderBytes + 1));
        QVERIFY(!back.ok());
        QVERIFY(back.error().code == base::ErrorCode::TooLarge);
    }

    // A daemon of another version must be able to say so.
    void greetingsCrossVersions()
    {
        const auto hello = decode(encode({1, Hello{99, "future"}}));
        QVERIFY(hello.ok());
        QCOMPARE(std::get<Hello>(hello->body).version, 99);
        Welcome welcome;
        welcome.version = 2;
        const auto back = decode(encode({1, welcome}));
        QVERIFY(back.ok());
        QCOMPARE(std::get<Welcome>(back->body).version, 2);
    }

    void errorsArriveWhateverTheirTextHolds()
    {
        const Failure failure{"io", std::string(1, '\xff') + std::string(10'000, 'x'), "/\xe4\xf6"};
        const auto back = decode(encode({3, failure}));
        QVERIFY(back.ok());
        const auto& got = std::get<Failure>(back->body);
        QCOMPARE(got.text.size(), kMaxErrorText);
        QCOMPARE(got.code, std::string("io"));
    }

    void refusedHeadersStillTellWhomToAnswer()
    {
        auto message = testing::exampleOf<Request>();
        message.id = 77;
        ++std::get<Request>(message.body).payloadBytes;
        const auto bytes = encode(message);
        QVERIFY(!decode(bytes).ok());
        const auto origin = originOf(bytes);
        QCOMPARE(origin.id, std::uint64_t{77});
        QVERIFY(origin.namesRequest);
        QCOMPARE(origin.run, std::uint64_t{7});
        QCOMPARE(origin.firstFrame, std::uint64_t{64});
    }

    // PROTOCOL.md is the norm: its examples are these messages, byte for byte.
    void theDocumentsExamplesAreRight()
    {
        QFile file(SPLITSCOPE_SOURCE "/core/wire/PROTOCOL.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = QString::fromUtf8(file.readAll());
        static const QRegularExpression kExample("```hex ([a-z-]+)\n([0-9a-f\\s]+)```");
        auto found = kExample.globalMatch(text);
        for (const auto& example : testing::allExamples()) {
            QVERIFY2(found.hasNext(), typeName(example.body).data());
            const auto match = found.next();
            QCOMPARE(match.captured(1).toStdString(), std::string(typeName(example.body)));
            const auto bytes = fromHex(match.captured(2).toLatin1().constData());
            QCOMPARE(toHex(bytes), toHex(encode(example)));
            const auto back = decode(bytes);
            QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
            QCOMPARE(toHex(encode(*back)), toHex(bytes));
        }
        QVERIFY(!found.hasNext());
    }
};

QTEST_APPLESS_MAIN(TestEncoding)
#include "tst_encoding.moc"
