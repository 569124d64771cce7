// SPDX-License-Identifier: GPL-3.0-or-later
#include "accuracy_samples.h"
#include "core/base/files.h"
#include "core/codec/feature_codec.h"
#include "core/profile/accuracy_builder.h"
#include "core/profile/codebook_builder.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::profile;
using codec::CodingKind;
using codec::EntropyCoder;
using model::samples::HalvesDataSet;

namespace {

constexpr std::size_t kImages = 45;

/// What one decision makes of one image when the halves do it as in a run: an activation, a record, its decoding.
struct Alone {
    std::vector<float> logits;
    std::map<EntropyCoder, std::size_t> bytes;
};

Alone runAlone(const model::Executor& executor, const decision::Decision& decision, const data::Image& image)
{
    Alone alone;
    const auto& spec = executor.spec();
    auto tensor = *model::toInput(spec, std::span(&image, 1));
    const int length = spec.exits[static_cast<std::size_t>(decision.exit - 1)].layerCount();
    const auto kind = decision.coding.kind;
    if (kind == CodingKind::Quantized || kind == CodingKind::Float32) {
        tensor = *executor.run(decision.exit, 0, decision.partition, tensor);
        for (auto coder : {EntropyCoder::None, EntropyCoder::HuffmanAdaptive}) {
            base::Bytes record;
            if (!codec::encodeFeatures(tensor.row(0), decision.coding, coder, record).ok())
                return {};
            alone.bytes[coder] = record.size();
            base::Tensor decoded(1, tensor.shape);
            if (!codec::decodeFeatures(record, decision.coding, coder, decoded.row(0)).ok())
                return {};
            alone.logits = executor.run(decision.exit, decision.partition, length, decoded)->values;
        }
        return alone;
    }
    alone.bytes[EntropyCoder::None] = 0;
    if (kind != CodingKind::LabelOnly) {
        base::Bytes record;
        if (!codec::encodeImage(image, decision.coding, record).ok())
            return {};
        alone.bytes[EntropyCoder::None] = record.size();
        const auto decoded = *codec::decodeImage(record, decision.coding, image.size);
        tensor = *model::toInput(spec, std::span(&decoded, 1));
    }
    alone.bytes[EntropyCoder::HuffmanAdaptive] = alone.bytes[EntropyCoder::None];
    alone.logits = executor.run(decision.exit, 0, length, tensor)->values;
    return alone;
}

double entropyOf(const std::vector<float>& logits)
{
    double sum = 0, entropy = 0;
    for (float one : logits)
        sum += std::exp(one);
    for (float one : logits)
        entropy -= std::exp(one) / sum * std::log(std::exp(one) / sum);
    return entropy;
}

/// Equal but for when they were made, and in which order their columns came.
bool sameAnswers(const AccuracyTable& a, const AccuracyTable& b)
{
    if (a.images != b.images || a.labels != b.labels || a.columns.size() != b.columns.size())
        return false;
    return std::all_of(a.columns.begin(), a.columns.end(), [&](const AccuracyColumn& column) {
        const auto* other = b.find(column.exit, column.tensor, column.coding);
        return other != nullptr && *other == column;
    });
}

/// Cannot be read from some image on.
class BrokenDataSet : public HalvesDataSet {
public:
    using HalvesDataSet::HalvesDataSet;
    base::Result<data::Image> image(std::size_t index) const override
    {
        if (index >= 30)
            return base::Error{base::ErrorCode::Io, "cannot be read", "image " + std::to_string(index)};
        return HalvesDataSet::image(index);
    }
};

}  // namespace

class TestAccuracyBuilder : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = samples::threeExits();
    const model::Weights m_weights = model::samples::randomWeights(m_spec, 3);
    const std::string m_hash = model::modelHash(m_spec, m_weights);
    const std::unique_ptr<model::Executor> m_executor = std::move(*model::Executor::create(m_spec, m_weights));
    const HalvesDataSet m_images{60, 5};
    QTemporaryDir m_folder;

    [[nodiscard]] std::filesystem::path file(const char* name) const { return m_folder.filePath(name).toStdString(); }
    [[nodiscard]] AccuracyBuilderOptions options(std::size_t images, const std::filesystem::path& path = {}) const
    {
        AccuracyBuilderOptions options;
        options.images = images;
        options.batch = 7;
        options.file = path;
        options.secondsBetweenWrites = 0;
        return options;
    }
    [[nodiscard]] base::Result<AccuracyTable> build(const AccuracyBuilderOptions& options, std::stop_token stop = {},
                                                    const AccuracyObserver& observer = {}) const
    {
        return buildAccuracyTable(*m_executor, m_hash, m_images, options, std::move(stop), observer);
    }

    /// Trained on so many images of another seed.
    [[nodiscard]] std::shared_ptr<const codec::Codebook> codebook(std::size_t images) const
    {
        CodebookBuilderOptions options;
        options.images = images;
        options.frames = 0;
        options.contextBits = {8};
        return std::make_shared<const codec::Codebook>(
            *trainCodebook(*m_executor, m_hash, HalvesDataSet(60, 9), options, std::stop_token()));
    }

private Q_SLOTS:
    void codersAreAddedToATableThatLacksThem()
    {
        const auto path = file("coders.table");
        QVERIFY(build(options(30, path)).ok());
        QVERIFY(loadAccuracyTable(path)->codebookHash.empty());
        auto more = options(kImages, path);  // more images as well
        more.codebook = codebook(20);
        const auto completed = build(more);
        QVERIFY2(completed.ok(), completed.ok() ? "" : completed.error().message().c_str());
        auto atOnce = options(kImages);
        atOnce.codebook = more.codebook;
        QVERIFY(sameAnswers(*completed, *build(atOnce)));
        QCOMPARE(completed->codebookHash, more.codebook->hash());
        QVERIFY(*loadAccuracyTable(path) == *completed);
        const auto* column = completed->find(3, "conv2", {CodingKind::Quantized, 8});
        for (const auto coder : codec::kEntropyCoders)
            QCOMPARE(column->bytesWith(coder).size() == 1 ? kImages : column->bytesWith(coder).size(), kImages);
        QVERIFY(completed->find(3, "conv2", {CodingKind::Quantized, 4})->bytesWith(EntropyCoder::Context).empty());

        const auto written = std::filesystem::last_write_time(path);
        QVERIFY(build(more).ok());  // nothing is missing
        QCOMPARE(std::filesystem::last_write_time(path), written);

        more.codebook = codebook(50);
        const auto other = build(more);
        atOnce.codebook = more.codebook;
        QVERIFY(sameAnswers(*other, *build(atOnce)));
    }

    void stoppingWhileCodersAreAddedKeepsWhatWasDone()
    {
        const auto path = file("stopped-coders.table");
        QVERIFY(build(options(kImages, path)).ok());
        auto more = options(kImages, path);
        more.codebook = codebook(20);
        more.threads = 1;
        std::stop_source source;
        const auto stopped = build(more, source.get_token(), [&](const AccuracyProgress&) { source.request_stop(); });
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        const auto half = loadAccuracyTable(path);
        QVERIFY2(half.ok(), half.ok() ? "" : half.error().message().c_str());
        const auto* column = half->find(3, "conv2", {CodingKind::Quantized, 8});
        QVERIFY(column->bytes.at(EntropyCoder::Huffman).size() > 1);
        QVERIFY(column->bytes.at(EntropyCoder::Huffman).size() < kImages);
        QVERIFY(column->bytesWith(EntropyCoder::Huffman).empty());  // nothing is told of a part
        std::size_t firstTold = 0;
        const auto completed = build(
            more, {}, [&](const AccuracyProgress& progress) { firstTold = firstTold == 0 ? progress.imagesDone : firstTold; });
        QVERIFY(firstTold > 20);  // it went on where it stopped
        auto atOnce = options(kImages);
        atOnce.codebook = more.codebook;
        QVERIFY(sameAnswers(*completed, *build(atOnce)));
    }

    void everyDecisionAnswersAsItDoesAlone_data()
    {
        QTest::addColumn<QString>("actions");
        for (const char* actions : {"standard", "paper", "verification", "bits:2,7"})
            QTest::newRow(actions) << actions;
    }
    void everyDecisionAnswersAsItDoesAlone()
    {
        QFETCH(QString, actions);
        auto wanted = options(kImages);
        wanted.actions = *decision::parseSpaceOptions(actions.toStdString());
        const auto table = build(wanted);
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        QCOMPARE(table->images, kImages);
        const decision::DecisionSpace space(m_spec, wanted.actions);
        QCOMPARE(table->columns.size(), space.decisions().size());
        for (const auto& decision : space.decisions()) {
            const auto* column = table->find(decision.exit, space.cutName(decision), decision.coding);
            QVERIFY2(column != nullptr, toString(decision).c_str());
            QCOMPARE(column->correct.size(), kImages);
            QCOMPARE(column->entropy.size(), kImages);
            for (std::size_t i = 0; i < kImages; i += 4) {
                const auto alone = runAlone(*m_executor, decision, *m_images.image(i));
                QVERIFY(!alone.logits.empty());
                const bool close = std::abs(alone.logits[0] - alone.logits[1]) < 1e-4;
                QVERIFY2(close || column->correct[i] == (base::argmax(alone.logits) == m_images.label(i)),
                         toString(decision).c_str());
                QVERIFY(std::abs(column->entropy[i] - entropyOf(alone.logits)) < 1e-3);
                for (const auto& [coder, bytes] : alone.bytes) {
                    const auto sizes = column->bytesWith(coder);
                    QVERIFY(sizes.size() == 1 || sizes.size() == kImages);
                    QCOMPARE(std::size_t{sizes.size() == 1 ? sizes[0] : sizes[i]}, bytes);
                }
            }
        }
    }

    void howItWasComputedDoesNotShow_data()
    {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("threads");
        QTest::newRow("one by one") << 1 << 1;
        QTest::newRow("all at once") << 100 << 1;
        QTest::newRow("many threads") << 3 << 5;
    }
    void howItWasComputedDoesNotShow()
    {
        QFETCH(int, batch);
        QFETCH(int, threads);
        auto wanted = options(kImages);
        const auto usual = build(wanted);
        wanted.batch = batch;
        wanted.threads = threads;
        QVERIFY(sameAnswers(*build(wanted), *usual));
    }

    void aFileGrowsByImagesAndColumns()
    {
        const auto path = file("grows.table");
        auto few = options(20, path);
        few.actions = *decision::parseSpaceOptions("bits:4");
        QVERIFY(build(few).ok());
        QVERIFY(build(options(13, path)).ok());  // more columns, for fewer images than the others have
        QCOMPARE(loadAccuracyTable(path)->images, std::size_t{13});
        QVERIFY(loadAccuracyTable(path)->find(3, "conv2", {CodingKind::Quantized, 4})->correct.size() == 20);
        const auto grown = build(options(kImages, path));
        QVERIFY2(grown.ok(), grown.ok() ? "" : grown.error().message().c_str());
        QVERIFY(sameAnswers(*grown, *build(options(kImages))));
        QVERIFY(*loadAccuracyTable(path) == *grown);
    }

    void whatTheFileHoldsIsNotComputedAgain()
    {
        const auto path = file("done.table");
        QVERIFY(build(options(kImages, path)).ok());
        const auto written = std::filesystem::last_write_time(path);
        int calls = 0;
        const auto again = build(options(20, path), {}, [&](const AccuracyProgress&) { ++calls; });
        QVERIFY(again.ok());
        QCOMPARE(again->images, kImages);
        QCOMPARE(calls, 0);
        QVERIFY(std::filesystem::last_write_time(path) == written);
    }

    void aCancelledTableGoesOnWhereItStopped()
    {
        const auto path = file("cancelled.table");
        std::stop_source stop;
        const auto cancelled = build(options(kImages, path), stop.get_token(), [&](const AccuracyProgress& progress) {
            if (progress.imagesDone >= 14)
                stop.request_stop();
        });
        QVERIFY(!cancelled.ok());
        QCOMPARE(cancelled.error().code, base::ErrorCode::Cancelled);
        const auto part = loadAccuracyTable(path);
        QVERIFY2(part.ok(), part.ok() ? "" : part.error().message().c_str());
        QVERIFY(part->images >= 14 && part->images < kImages);
        std::size_t first = kImages;
        const auto whole = build(options(kImages, path), {},
                                 [&](const AccuracyProgress& progress) { first = std::min(first, progress.imagesDone); });
        QVERIFY(whole.ok());
        QVERIFY(first > part->images);
        QVERIFY(sameAnswers(*whole, *build(options(kImages))));
    }

    void progressTellsWhatIsLeft()
    {
        std::vector<AccuracyProgress> seen;
        auto wanted = options(kImages);
        wanted.threads = 1;
        QVERIFY(build(wanted, {}, [&](const AccuracyProgress& progress) { seen.push_back(progress); }).ok());
        QCOMPARE(seen.size(), (kImages + 6) / 7);
        QCOMPARE(seen.front().imagesDone, std::size_t{7});
        QCOMPARE(seen.front().columns, decision::DecisionSpace(m_spec, {}).decisions().size());
        QCOMPARE(seen.back().imagesDone, kImages);
        QCOMPARE(seen.back().images, kImages);
        QVERIFY(seen.back().secondsLeft == 0 && seen.front().secondsLeft > 0);
        QVERIFY(seen.back().leastSecondsPerImage > 0 && seen.back().leastSecondsPerImage < seen.back().secondsPerImage);
    }

    void anImageThatCannotBeReadEndsTheTableButKeepsWhatWasDone()
    {
        const BrokenDataSet broken(60, 5);
        const auto path = file("broken.table");
        const auto table = buildAccuracyTable(*m_executor, m_hash, broken, options(kImages, path), {});
        QVERIFY(!table.ok());
        QVERIFY(table.error().message().find("image 30") != std::string::npos
                || table.error().message().find("image 35") != std::string::npos);
        const auto kept = loadAccuracyTable(path);
        QVERIFY(kept.ok());
        QVERIFY(kept->images > 0 && kept->images <= 30);
    }

    void aFileOfSomethingElseStaysAsItIs_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("other weights") << "weights"
                                       << "other weights";
        QTest::newRow("other data") << "data"
                                    << "not of 'other'";
        QTest::newRow("other split") << "split"
                                     << "evaluation";
        QTest::newRow("other images") << "images"
                                      << "labelled differently";
        QTest::newRow("damaged") << "damaged"
                                 << "damaged";
        QTest::newRow("half") << "half"
                              << "damaged";
        QTest::newRow("foreign") << "foreign"
                                 << "no accuracy table";
        QTest::newRow("empty") << "empty"
                               << "no accuracy table";
    }
    void aFileOfSomethingElseStaysAsItIs()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        const auto path = file(qPrintable(what + ".table"));
        QVERIFY(build(options(20, path)).ok());
        auto bytes = *base::readFile(path);
        if (what == "damaged")
            bytes[bytes.size() / 2] ^= 1;
        else if (what == "half")
            bytes.resize(bytes.size() / 2);
        else if (what == "foreign")
            bytes = {'h', 'e', 'l', 'l', 'o'};
        else if (what == "empty")
            bytes.clear();
        QVERIFY(base::writeFileAtomically(path, bytes).ok());
        auto wanted = options(30, path);
        wanted.data = what == "data" ? "other" : "";
        wanted.split = what == "split" ? "evaluation" : "table";
        const HalvesDataSet others(60, 6);
        const auto table = buildAccuracyTable(*m_executor, what == "weights" ? std::string(64, '0') : m_hash,
                                              what == "images" ? others : m_images, wanted, {});
        QVERIFY(!table.ok());
        QVERIFY2(table.error().text.find(says.toStdString()) != std::string::npos, table.error().message().c_str());
        QVERIFY(table.error().where.find(path.string()) != std::string::npos);
        QVERIFY(*base::readFile(path) == bytes);
    }

    void aFileThatCannotBeWrittenIsAnError()
    {
        const auto blocked = file("a file");
        QVERIFY(base::writeFileAtomically(blocked, {}).ok());
        const auto table = build(options(20, blocked / "t.table"));
        QVERIFY(!table.ok());
        QVERIFY(table.error().where.find("a file") != std::string::npos);
    }

    void moreImagesThanThereAreIsAnError()
    {
        const auto table = build(options(61));
        QVERIFY(!table.ok());
        QVERIFY(table.error().text.find("has 60 images") != std::string::npos);
        QVERIFY(!buildAccuracyTable(*m_executor, m_hash, HalvesDataSet(0, 1), options(0), {}).ok());
    }
};

QTEST_APPLESS_MAIN(TestAccuracyBuilder)
#include "tst_accuracy_builder.moc"
