// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/compute_profile.h"
#include "tests/core/model/model_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::profile;

namespace {

const codec::Coding kEightBits{codec::CodingKind::Quantized, 8};
const codec::Coding kJpeg{codec::CodingKind::Jpeg, 60};

Measurement took(double ms) { return {ms + 0.125, ms, 1.5 * ms, 0.1, 0.9 * ms, 1.1 * ms, 12, 3}; }

ComputeProfile sample()
{
    ComputeProfile p;
    p.network = "tiny";
    p.modelHash = "0123abcd";
    p.date = "2026-01-02T03:04:05Z";
    p.machine = {"Board", "Processor", "aarch64", "Debian, Linux 6.1", 4, 4e9, "splitscope 0.1.0"};
    p.before = {"performance", 1.5e9, 48.25, false};
    p.after.temperatureC = -3;
    p.backend = "onednn";
    p.threads = 2;
    p.coder = codec::EntropyCoder::HuffmanAdaptive;
    p.layers = {{"conv1", 1, took(2)}, {"exit1/fc1", 1, took(1.0 / 3)}};
    p.segments = {
        {1, 0, 4, 1, took(4)}, {1, 0, 3, 2, took(6)}, {1, 0, 3, 4, took(10)}, {1, 0, 3, 16, took(22)}, {2, 3, 7, 1, took(0.1)}};
    p.codings = {{"pool1", kEightBits, 1, took(0.2), took(0.3)}, {"input", kJpeg, 1, took(0.4), took(0.5)}};
    p.capture = {{"read", 1, took(0.01)}, {"input", 1, took(0.02)}};
    p.fusedWithNext = {"conv1", "conv2"};
    return p;
}

QJsonObject sampleObject() { return QJsonDocument::fromJson(QByteArray::fromStdString(toJson(sample()))).object(); }

base::Result<ComputeProfile> parse(const QJsonObject& object)
{
    return parseComputeProfile(QJsonDocument(object).toJson().toStdString(), "device.json");
}

using Change = void (*)(QJsonObject&);

}  // namespace
Q_DECLARE_METATYPE(Change)

class TestComputeProfile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsReadBack()
    {
        const auto back = parseComputeProfile(toJson(sample()), "device.json");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
        QVERIFY(*back == sample());
        QCOMPARE(toJson(*back), toJson(sample()));
    }

    void aFileIsWrittenAndLoaded()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("deep/profile.json").toStdString();
        QVERIFY(save(sample(), file).ok());
        const auto back = loadComputeProfile(file);
        QVERIFY(back.ok());
        QVERIFY(*back == sample());
        const auto missing = loadComputeProfile(file.string() + "x");
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
    }

    void rubbishIsRefusedAndNamed_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("says");
        QTest::newRow("another format") << Change([](QJsonObject& o) { o["format"] = "trace"; }) << "no profile";
        QTest::newRow("a later version") << Change([](QJsonObject& o) { o["version"] = 2; }) << "newer program";
        QTest::newRow("no hash") << Change([](QJsonObject& o) { o.remove("model_hash"); }) << "'model_hash' is missing";
        QTest::newRow("no layers") << Change([](QJsonObject& o) { o.remove("layers"); }) << "'layers' is missing";
        QTest::newRow("no threads") << Change([](QJsonObject& o) { o["threads"] = 0; }) << "'threads' must be a whole number";
        QTest::newRow("coder") << Change([](QJsonObject& o) { o["coder"] = "zip"; }) << "'coder' 'zip' is no entropy coder";
        QTest::newRow("energy") << Change([](QJsonObject& o) { o["energy"] = 7; }) << "energy";
        QTest::newRow("machine") << Change([](QJsonObject& o) {
            auto machine = o["machine"].toObject();
            machine["cores"] = 2.5;
            o["machine"] = machine;
        }) << "'machine.cores' must be a whole number";
        QTest::newRow("deep inside") << Change([](QJsonObject& o) {
            auto segments = o["segments"].toArray();
            auto segment = segments[3].toObject();
            auto time = segment["time"].toObject();
            time["p50_ms"] = -1;
            segment["time"] = time;
            segments[3] = segment;
            o["segments"] = segments;
        }) << "'segments[3].time.p50_ms' must be a number that is not negative";
        QTest::newRow("backwards") << Change([](QJsonObject& o) {
            auto segments = o["segments"].toArray();
            auto segment = segments[0].toObject();
            segment["first"] = 4;
            segments[0] = segment;
            o["segments"] = segments;
        }) << "'segments[0].first' must be below";
        QTest::newRow("coding") << Change([](QJsonObject& o) {
            auto codings = o["codings"].toArray();
            auto coding = codings[1].toObject();
            coding["coding"] = "jpeg:101";
            codings[1] = coding;
            o["codings"] = codings;
        }) << "codings[1].coding";
        QTest::newRow("fused numbers") << Change([](QJsonObject& o) { o["fused_with_next"] = QJsonArray{1}; })
                                       << "'fused_with_next' must be a list of texts";
        QTest::newRow("no objects") << Change([](QJsonObject& o) { o["capture"] = QJsonArray{1}; }) << "list of objects";
    }
    void rubbishIsRefusedAndNamed()
    {
        QFETCH(Change, change);
        QFETCH(QString, says);
        auto object = sampleObject();
        change(object);
        const auto back = parse(object);
        QVERIFY(!back.ok());
        QVERIFY2(back.error().message().find(says.toStdString()) != std::string::npos, back.error().message().c_str());
        QVERIFY(back.error().where.starts_with("device.json"));
    }

    void textThatIsNoJsonIsRefused()
    {
        const auto cut = toJson(sample());
        for (std::size_t length : {std::size_t{0}, std::size_t{1}, cut.size() / 2, cut.size() - 1})
            QVERIFY(!parseComputeProfile(std::string_view(cut).substr(0, length), "half").ok());
    }

    void betweenBatchesTimesLieOnALine_data()
    {
        QTest::addColumn<int>("batch");
        QTest::addColumn<double>("ms");
        QTest::newRow("measured") << 4 << 10.0;
        QTest::newRow("between") << 3 << 8.0;
        QTest::newRow("between others") << 7 << 13.0;
        QTest::newRow("below: in proportion") << 1 << 3.0;
        QTest::newRow("above: in proportion") << 32 << 44.0;
    }
    void betweenBatchesTimesLieOnALine()
    {
        QFETCH(int, batch);
        const auto ms = sample().segmentMs(1, 0, 3, batch);
        QVERIFY(ms.ok());
        QTEST(*ms, "ms");
    }

    void medianTimesAreLookedUp()
    {
        const auto p = sample();
        QCOMPARE(*p.segmentMs(2, 3, 7, 1), 0.1);
        QCOMPARE(*p.segmentMs(2, 7, 7, 1), 0.0);
        QCOMPARE(*p.encodeMs("pool1", kEightBits, 1), 0.2);
        QCOMPARE(*p.decodeMs("pool1", kEightBits, 1), 0.3);
        QCOMPARE(*p.decodeMs("input", kJpeg, 3), 1.5);
        QCOMPARE(*p.encodeMs("fc3", {codec::CodingKind::LabelOnly, 0}, 1), 0.0);
        QCOMPARE(*p.captureMs("input", 1), 0.02);
    }

    void whatIsNotThereIsNamed()
    {
        const auto p = sample();
        const auto says = [](const base::Result<double>& result, const char* text) {
            return !result.ok() && result.error().message().find(text) != std::string::npos;
        };
        QVERIFY(says(p.segmentMs(2, 0, 7, 1), "between cut 0 and cut 7 of exit 2 was not measured"));
        QVERIFY(says(p.segmentMs(2, 0, 7, 1), "profile of tiny on Board"));
        QVERIFY(says(p.segmentMs(1, 0, 3, 0), "one frame at least"));
        QVERIFY(says(p.encodeMs("pool1", kJpeg, 1), "'pool1' as jpeg:60"));
        QVERIFY(says(p.captureMs("develop", 1), "'develop'"));
    }

    void aProfileOfAnotherNetworkIsTold()
    {
        const auto spec = model::samples::tinySpec();
        QVERIFY(checkFits(spec, sample()).ok());
        const auto says = [&](const ComputeProfile& p, const char* text) {
            const auto status = checkFits(spec, p);
            return !status.ok() && status.error().message().find(text) != std::string::npos;
        };
        auto p = sample();
        p.network = "huge";
        QVERIFY(says(p, "'huge'"));
        p = sample();
        p.layers.push_back({"conv9", 1, took(1)});
        QVERIFY(says(p, "no layer 'conv9'"));
        p = sample();
        p.segments.push_back({1, 0, 5, 1, took(1)});
        QVERIFY(says(p, "layers 1 to 5 of exit 1"));
        p = sample();
        p.codings.push_back({"pool9", kEightBits, 1, took(1), took(1)});
        QVERIFY(says(p, "'pool9'"));
    }
};

QTEST_APPLESS_MAIN(TestComputeProfile)
#include "tst_compute_profile.moc"
