// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/codec/codebook.h"
#include "core/codec/feature_codec.h"
#include "tests/core/codec/level_samples.h"

#include <QTemporaryDir>
#include <QTest>
#include <zstd.h>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

std::shared_ptr<const HuffmanBook> huffmanBook(Kind kind, int bits)
{
    const Levels levels = levelsOf(kind, bits, 20'000, 1);
    const std::vector<std::span<const std::uint16_t>> frames{levels};
    return std::make_shared<const HuffmanBook>(*HuffmanBook::train(frames, bits));
}

CodebookContents someContents()
{
    CodebookContents contents{"tiny", "0123abcd", "patterns", 7, {}, {}};
    contents.books[{"pool1", 4}] = {huffmanBook(ReluLike, 4), {}};
    contents.books[{"pool1", 8}] = {huffmanBook(ReluLike, 8), {}};
    contents.books[{"exit1/conv1", 12}] = {huffmanBook(Bell, 12), {}};
    return contents;
}

/// The file with its checksum made right again.
base::Bytes sealed(base::Bytes bytes)
{
    bytes.resize(bytes.size() - 32);
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

/// Where the body's length stands: behind the magic, three texts and the number of images.
std::size_t bodyLengthAt(const CodebookContents& contents)
{
    return 4 + 2 + contents.network.size() + 2 + contents.modelHash.size() + 2 + contents.data.size() + 4;
}

}  // namespace

class TestCodebook : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void codebooksComeBackFromTheirBytes()
    {
        const Codebook book(someContents());
        QCOMPARE(book.hash().size(), std::size_t{64});
        QCOMPARE(book.hash(), base::sha256(base::ByteView(book.bytes()).first(book.bytes().size() - 32)));
        const auto read = Codebook::parse(book.bytes(), "test");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text.c_str());
        QCOMPARE(read->hash(), book.hash());
        QCOMPARE(read->bytes(), book.bytes());
        QCOMPARE(read->contents().network, "tiny");
        QCOMPARE(read->contents().modelHash, "0123abcd");
        QCOMPARE(read->contents().data, "patterns");
        QCOMPARE(read->contents().images, 7U);
        QCOMPARE(read->contents().books.size(), std::size_t{3});
        QVERIFY(read->contents().frames == nullptr);
        QVERIFY(read->find("pool1", 8) != nullptr);
        QVERIFY(read->find("pool1", 12) == nullptr);
        QVERIFY(read->find("pool2", 8) == nullptr);
        QCOMPARE(Codebook(someContents()).hash(), book.hash());  // the same contents, the same identity
        QCOMPARE(Codebook(read->contents()).bytes(), book.bytes());
    }

    void filesAreReadAndMissingOnesSayWhatToDo()
    {
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "a.codebook";
        const Codebook book(someContents());
        QVERIFY(base::writeFileAtomically(file, book.bytes()).ok());
        const auto read = loadCodebook(file);
        QVERIFY(read.ok());
        QCOMPARE((*read)->hash(), book.hash());
        QVERIFY(!loadCodebook(file.string() + "x").ok());
        const auto shipped = loadShippedCodebook("no-such-network", "patterns");
        QVERIFY(!shipped.ok());
        QVERIFY(shipped.error().code == base::ErrorCode::NotFound);
        QVERIFY(shipped.error().text.find("codebook train") != std::string::npos);
    }

    void damageIsFound()
    {
        const auto bytes = Codebook(someContents()).bytes();
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(!Codebook::parse(base::Bytes(bytes.begin(), bytes.begin() + std::ptrdiff_t(size)), "test").ok());
        for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 3) {
            auto flipped = bytes;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            QVERIFY(!Codebook::parse(std::move(flipped), "test").ok());
        }
        auto longer = bytes;
        longer.push_back(0);
        QVERIFY(!Codebook::parse(std::move(longer), "test").ok());
    }

    void lengthsAreNotBelievedEvenUnderARightChecksum()
    {
        const auto contents = someContents();
        const auto bytes = Codebook(contents).bytes();
        for (std::size_t bit = 4 * 8; bit < (bytes.size() - 32) * 8; ++bit) {  // each length, and much else
            auto flipped = bytes;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            static_cast<void>(Codebook::parse(sealed(std::move(flipped)), "test"));  // an Error or not: never harm
        }
        auto huge = bytes;
        const std::uint32_t length = 0xFFFFFFFF;
        std::memcpy(huge.data() + bodyLengthAt(contents), &length, sizeof length);
        const auto read = Codebook::parse(sealed(std::move(huge)), "test");
        QVERIFY(!read.ok());
    }

    void aBodyOfAnySortIsRefusedOrSafe()
    {
        const auto contents = someContents();
        const auto file = Codebook(contents).bytes();
        const std::size_t head = bodyLengthAt(contents);
        const auto bodySize = base::readAt<std::uint32_t>(file, head);
        base::Bytes body(bodySize);
        QCOMPARE(ZSTD_decompress(body.data(), body.size(), file.data() + head + 4, file.size() - head - 36), body.size());
        for (std::size_t i = 0; i < body.size(); ++i) {
            for (const std::uint8_t change : {0x01, 0x80, 0xFF}) {
                auto changed = body;
                changed[i] ^= change;
                base::Bytes made(file.begin(), file.begin() + std::ptrdiff_t(head + 4));
                base::Bytes packed(ZSTD_compressBound(changed.size()));
                packed.resize(ZSTD_compress(packed.data(), packed.size(), changed.data(), changed.size(), 1));
                made.insert(made.end(), packed.begin(), packed.end());
                made.resize(made.size() + 32);
                const auto read = Codebook::parse(sealed(std::move(made)), "test");
                if (read)
                    for (const auto& [key, book] : read->contents().books)
                        QCOMPARE(book.huffman->bits(), key.second);
            }
        }
    }

    void codersFindTheirBooks()
    {
        const auto codebook = std::make_shared<const Codebook>(someContents());
        const BookedCoder coder(EntropyCoder::Huffman, codebook);
        const Coding eight{CodingKind::Quantized, 8};
        QVERIFY(checkBook(coder, "pool1", eight).ok());
        QVERIFY(checkBook(coder, "pool9", {CodingKind::Float32, 0}).ok());
        QVERIFY(checkBook(BookedCoder(EntropyCoder::Zstd), "pool9", eight).ok());
        const auto missing = checkBook(coder, "pool9", eight);
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().text.find("codebook train") != std::string::npos);
        QVERIFY(missing.error().where.find("pool9") != std::string::npos);
        QVERIFY(!checkBook(BookedCoder(EntropyCoder::Huffman), "pool1", eight).ok());
        QVERIFY(!checkBook(BookedCoder(EntropyCoder::Context, codebook), "pool1", eight).ok());

        std::vector<float> values(1000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i % 3 == 0 ? static_cast<float>(i) : 0.0F;
        base::Bytes record;
        QVERIFY(!encodeFeatures(values, eight, EntropyCoder::Huffman, record).ok());
        QVERIFY(record.empty());
        QVERIFY(encodeFeatures(values, eight, coder.forTensor("pool1", eight), record).ok());
        base::Bytes packed;
        QVERIFY(encodeFeatures(values, eight, EntropyCoder::None, packed).ok());
        QVERIFY(record.size() < packed.size());
        std::vector<float> back(values.size()), expected(values.size());
        QVERIFY(decodeFeatures(record, eight, coder.forTensor("pool1", eight), back).ok());
        QVERIFY(decodeFeatures(packed, eight, EntropyCoder::None, expected).ok());
        QCOMPARE(back, expected);
        QVERIFY(!decodeFeatures(record, eight, EntropyCoder::Huffman, back).ok());
        QVERIFY(!encodeFeatures(values, {CodingKind::Quantized, 4}, coder.forTensor("pool1", eight), record).ok());
    }
};

QTEST_APPLESS_MAIN(TestCodebook)
#include "tst_codebook.moc"
