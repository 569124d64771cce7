// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/model_store.h"

#include "core/base/files.h"
#include "tests/core/model/model_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using exec::ModelStore;

namespace {

struct Model {
    explicit Model(unsigned seed)
    {
        const auto spec = model::samples::tinySpec();
        const auto weights = model::samples::randomWeights(spec, seed);
        hash = model::modelHash(spec, weights);
        const auto json = model::toJson(spec);
        specBytes = json.size();
        bytes.assign(json.begin(), json.end());
        const auto archive = model::serialize(weights);
        bytes.insert(bytes.end(), archive.begin(), archive.end());
    }
    wire::ModelPush push(std::uint64_t offset) const { return {hash, bytes.size(), specBytes, offset}; }
    base::ByteView piece(std::uint64_t offset, std::size_t size) const
    {
        return base::ByteView(bytes).subspan(offset, std::min(size, bytes.size() - offset));
    }

    std::string hash;
    std::uint64_t specBytes = 0;
    base::Bytes bytes;
};

constexpr std::size_t kPiece = 700;

void pushAll(ModelStore& store, const Model& model)
{
    for (std::uint64_t offset = 0; offset < model.bytes.size(); offset += kPiece) {
        const auto state = store.add(model.push(offset), model.piece(offset, kPiece));
        QVERIFY2(state.ok(), state.ok() ? "" : state.error().message().c_str());
        QCOMPARE(state->receivedBytes, std::min<std::uint64_t>(offset + kPiece, model.bytes.size()));
    }
}

}  // namespace

class TestModelStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aModelInPiecesRuns()
    {
        ModelStore store;
        const Model model(1);
        QVERIFY(!store.state(model.hash).ready);
        QCOMPARE(store.find(model.hash).error().code, base::ErrorCode::NotFound);
        pushAll(store, model);
        QVERIFY(store.state(model.hash).ready);
        const auto executor = store.find(model.hash);
        QVERIFY(executor.ok());
        QCOMPARE((*executor)->spec().name, std::string("tiny"));
    }

    void aPieceOutOfOrderSaysWhereToGoOn()
    {
        ModelStore store;
        const Model model(1);
        QCOMPARE(store.add(model.push(500), model.piece(500, 100))->receivedBytes, 0U);
        QCOMPARE(store.add(model.push(0), model.piece(0, 300))->receivedBytes, 300U);
        QCOMPARE(store.add(model.push(0), model.piece(0, 300))->receivedBytes, 300U);
        QCOMPARE(store.add(model.push(900), model.piece(900, 300))->receivedBytes, 300U);
        QCOMPARE(store.state(model.hash).receivedBytes, 300U);
        QCOMPARE(store.add(model.push(300), model.piece(300, 1U << 30))->ready, true);
    }

    void spoiltBytesAreRefusedAndForgotten_data()
    {
        QTest::addColumn<int>("at");
        QTest::newRow("in the spec") << 2;
        QTest::newRow("in the weights") << -100;
    }
    void spoiltBytesAreRefusedAndForgotten()
    {
        QFETCH(int, at);
        ModelStore store;
        Model model(1);
        const Model good(1);
        model.bytes[static_cast<std::size_t>(at < 0 ? static_cast<int>(model.bytes.size()) + at : at)] ^= 0x40;
        QVERIFY(!store.add(model.push(0), model.bytes).ok());
        QVERIFY(!store.state(model.hash).ready);
        QCOMPARE(store.state(model.hash).receivedBytes, 0U);
        pushAll(store, good);
        QVERIFY(store.state(good.hash).ready);
    }

    void anotherModelUnderThisHashIsRefused()
    {
        ModelStore store;
        Model model(1);
        model.hash = Model(2).hash;
        const auto state = store.add(model.push(0), model.bytes);
        QVERIFY(!state.ok());
        QCOMPARE(state.error().code, base::ErrorCode::Mismatch);
    }

    void impossiblePiecesAreRefused_data()
    {
        QTest::addColumn<QString>("hash");
        QTest::addColumn<quint64>("total");
        QTest::addColumn<quint64>("spec");
        QTest::addColumn<quint64>("offset");
        const quint64 huge = ~quint64{0};
        QTest::newRow("path as hash") << "../../etc/passwd" << quint64{1000} << quint64{100} << quint64{0};
        QTest::newRow("no hash") << "" << quint64{1000} << quint64{100} << quint64{0};
        QTest::newRow("too large") << "ab" << huge << quint64{100} << quint64{0};
        QTest::newRow("spec beyond the end") << "ab" << quint64{1000} << quint64{1000} << quint64{0};
        QTest::newRow("codebook too large") << "ab" << quint64{codec::kMaxCodebookBytes + 1} << quint64{0} << quint64{0};
        QTest::newRow("offset beyond the end") << "ab" << quint64{1000} << quint64{100} << huge;
        QTest::newRow("piece beyond the end") << "ab" << quint64{1000} << quint64{100} << quint64{999};
    }
    void impossiblePiecesAreRefused()
    {
        QFETCH(QString, hash);
        QFETCH(quint64, total);
        QFETCH(quint64, spec);
        QFETCH(quint64, offset);
        ModelStore store;
        QVERIFY(!store.add({hash.toStdString(), total, spec, offset}, base::Bytes(10)).ok());
    }

    void codebooksArePushedAndCachedAsModelsAre()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        const std::vector<std::uint16_t> levels(1000, 3);
        const std::vector<std::span<const std::uint16_t>> frames{levels};
        codec::CodebookContents contents;
        contents.network = "tiny";
        contents.books[{"conv1", 8}].huffman = std::make_shared<const codec::HuffmanBook>(*codec::HuffmanBook::train(frames, 8));
        const codec::Codebook book(contents);
        const auto push = [&](std::uint64_t offset) { return wire::ModelPush{book.hash(), book.bytes().size(), 0, offset}; };
        const base::ByteView bytes(book.bytes());
        {
            ModelStore store(path);
            QCOMPARE(store.findCodebook(book.hash()).error().code, base::ErrorCode::NotFound);
            QCOMPARE(store.add(push(0), bytes.first(50))->receivedBytes, 50U);
            QVERIFY(!store.state(book.hash()).ready);
            QVERIFY(store.add(push(50), bytes.subspan(50))->ready);
            QVERIFY(store.state(book.hash()).ready);
            QCOMPARE((*store.findCodebook(book.hash()))->bytes(), book.bytes());
            QVERIFY(!store.find(book.hash()).ok());  // it is no model
        }
        ModelStore restarted(path);
        QVERIFY(restarted.state(book.hash()).ready);

        auto spoilt = book.bytes();
        spoilt[spoilt.size() / 2] ^= 1;
        ModelStore other;
        QVERIFY(!other.add(push(0), spoilt).ok());
        const wire::ModelPush wrongName{std::string(64, 'a'), book.bytes().size(), 0, 0};
        QCOMPARE(other.add(wrongName, bytes).error().code, base::ErrorCode::Mismatch);
        QVERIFY(!other.state(book.hash()).ready);
    }

    void twoEdgesPushAtATime()
    {
        ModelStore store;
        const Model one(1);
        const Model two(2);
        for (std::uint64_t offset = 0; offset < one.bytes.size(); offset += kPiece) {
            QVERIFY(store.add(one.push(offset), one.piece(offset, kPiece)).ok());
            QVERIFY(store.add(two.push(offset), two.piece(offset, kPiece)).ok());
        }
        QVERIFY(store.state(one.hash).ready);
        QVERIFY(store.state(two.hash).ready);
    }

    void theLastFourModelsStay()
    {
        ModelStore store;
        for (unsigned seed = 1; seed <= 4; ++seed)
            pushAll(store, Model(seed));
        QVERIFY(store.find(Model(1).hash).ok());  // used again: 2 is the oldest now
        pushAll(store, Model(5));
        QVERIFY(store.find(Model(1).hash).ok());
        QVERIFY(!store.find(Model(2).hash).ok());
    }

    void aRestartNeedsNoPush()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("cache").toStdString();
        const Model model(1);
        {
            ModelStore store(path);
            pushAll(store, model);
        }
        ModelStore restarted(path);
        const auto state = restarted.state(model.hash);
        QVERIFY(state.ready);
        QCOMPARE(state.receivedBytes, model.bytes.size());
    }

    void aSpoiltCacheIsRemovedAndPushedAgain()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        const Model model(1);
        {
            ModelStore store(path);
            pushAll(store, model);
        }
        const auto file = std::filesystem::directory_iterator(path)->path();
        auto bytes = *base::readFile(file);
        bytes[bytes.size() / 2] ^= 1;
        QVERIFY(base::writeFileAtomically(file, bytes).ok());
        ModelStore restarted(path);
        QVERIFY(!restarted.state(model.hash).ready);
        QVERIFY(!std::filesystem::exists(file));
        pushAll(restarted, model);
        QVERIFY(restarted.state(model.hash).ready);
    }
};

QTEST_GUILESS_MAIN(TestModelStore)
#include "tst_model_store.moc"
