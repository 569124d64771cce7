// SPDX-License-Identifier: GPL-3.0-or-later
#include "accuracy_samples.h"
#include "core/base/files.h"

#include <QByteArray>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::profile;
using codec::CodingKind;
using codec::EntropyCoder;

namespace {

constexpr std::size_t kHashSize = 32;

/// The file with a part of its header replaced by a text of the same length, and the hash that belongs to it.
base::Bytes forged(const AccuracyTable& table, const std::string& part, const std::string& replacement)
{
    auto bytes = serialize(table);
    const std::string text(bytes.begin(), bytes.end());
    const auto at = text.find(part);
    Q_ASSERT(at != std::string::npos && part.size() == replacement.size());
    std::copy(replacement.begin(), replacement.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    bytes.resize(bytes.size() - kHashSize);
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

}  // namespace

class TestAccuracyTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTableComesBackFromItsFile_data()
    {
        QTest::addColumn<int>("images");
        QTest::addColumn<bool>("small");
        for (int images : {0, 1, 7, 8, 500})
            for (bool small : {false, true})
                QTest::addRow("%d images, %s", images, small ? "small" : "fast") << images << small;
    }
    void aTableComesBackFromItsFile()
    {
        QFETCH(int, images);
        QFETCH(bool, small);
        auto table = samples::inventedTable(static_cast<std::size_t>(images));
        if (images == 0)
            table.columns.clear();
        table.coder = EntropyCoder::HuffmanAdaptive;
        const auto back = parseAccuracyTable(serialize(table, small ? Packing::Small : Packing::Fast), "file");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
        QVERIFY(*back == table);
    }

    void columnsThatAreAheadComeBackToo()
    {
        auto table = samples::inventedTable(60);
        table.images = 40;
        for (std::size_t i = 0; i < table.columns.size(); i += 3) {
            table.columns[i].correct.resize(40);
            table.columns[i].entropy.resize(40);
            for (auto& [coder, sizes] : table.columns[i].bytes)
                sizes.resize(std::min<std::size_t>(sizes.size(), 40));
        }
        const auto back = parseAccuracyTable(serialize(table), "file");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
        QVERIFY(*back == table);
    }

    /// What the exits share is not stored for each of them, and most columns answer nearly as the whole network.
    void answersThatHardlyDifferTakeLittleRoom()
    {
        auto table = samples::inventedTable(2000);
        const auto independent = serialize(table).size();
        for (auto& column : table.columns) {
            const auto* whole = &*std::find_if(table.columns.begin(), table.columns.end(),
                                               [&](const auto& one) { return one.exit == column.exit; });
            column.correct = whole->correct;
            column.entropy = whole->entropy;
        }
        QVERIFY(serialize(table).size() * 3 < independent);
    }

    void summariesAreOfTheColumnsImages()
    {
        AccuracyColumn column{1, "conv1", {CodingKind::Quantized, 8}, {}, {}, {}};
        for (int i = 0; i < 100; ++i) {
            column.correct.push_back(i < 80);
            column.entropy.push_back(i < 50 ? 0.5F : 1.0F);
            column.bytes[EntropyCoder::HuffmanAdaptive].push_back(static_cast<std::uint32_t>(100 + i));
        }
        column.bytes[EntropyCoder::None] = {300};
        const auto packed = summarise(column);
        QVERIFY(near(packed.accuracy, 0.8));
        QVERIFY(std::abs(packed.low - 0.711170) < 1e-5 && std::abs(packed.high - 0.866633) < 1e-5);  // Wilson, 95 %
        QVERIFY(near(packed.meanEntropy, 0.75));
        QCOMPARE(packed.images, std::size_t{100});
        QVERIFY(near(packed.meanBytes, 300) && near(packed.p95Bytes, 300));
        const auto huffman = summarise(column, EntropyCoder::HuffmanAdaptive);
        QVERIFY(near(huffman.meanBytes, 149.5));
        QVERIFY(near(huffman.p95Bytes, 194));  // the 95th of 100
        AccuracyTable table;
        table.coder = EntropyCoder::HuffmanAdaptive;
        QVERIFY(summarise(table, column) == huffman);
    }

    void framesCostTheSameWithEveryCoder()
    {
        const auto table = samples::inventedTable(3);
        const auto* raw = table.find(2, "input", {CodingKind::Raw, 0});
        if (raw == nullptr)
            QFAIL("no raw frames");
        QVERIFY(!raw->bytesWith(EntropyCoder::HuffmanAdaptive).empty());
        QCOMPARE(raw->bytesWith(EntropyCoder::HuffmanAdaptive).data(), raw->bytesWith(EntropyCoder::None).data());
    }

    void decisionsAreFoundByWhatTheyDo()
    {
        const auto table = samples::inventedTable(3);
        const decision::DecisionSpace space(samples::threeExits(), {});
        for (const auto& decision : space.decisions()) {
            const auto* column = table.find(decision.exit, space.cutName(decision), decision.coding);
            QVERIFY(column != nullptr);
            QCOMPARE(column->exit, decision.exit);
            QVERIFY(column->coding == decision.coding);
        }
        QVERIFY(table.find(1, "conv2", {CodingKind::Quantized, 8}) == nullptr);
        QVERIFY(table.find(3, "conv2", {CodingKind::Quantized, 7}) == nullptr);
    }

    void aFileThatIsDamagedAnywhereIsRefused()
    {
        const auto bytes = serialize(samples::inventedTable(20));
        for (std::size_t at = 0; at < bytes.size(); at += 1 + at / 40) {
            auto damaged = bytes;
            damaged[at] ^= 0x10;
            const auto table = parseAccuracyTable(damaged, "t.table");
            QVERIFY2(!table.ok(), qPrintable(QString("byte %1").arg(at)));
            QVERIFY(table.error().message().starts_with("t.table: "));
        }
    }

    void aFileThatIsCutOffIsRefused()
    {
        const auto bytes = serialize(samples::inventedTable(20));
        for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 40)
            QVERIFY(!parseAccuracyTable(base::ByteView(bytes).first(size), "t.table").ok());
    }

    /// A right hash says that nothing was damaged, not that a program wrote it that means well.
    void aHeaderThatMakesNoSenseIsRefused_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("replacement");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << "{\""
                                 << "{{"
                                 << "JSON";
        QTest::newRow("more images than labels") << "\"images\":20"
                                                 << "\"images\":99"
                                                 << "images";
        QTest::newRow("fewer labels") << "\"labels\":20"
                                      << "\"labels\":19"
                                      << "images";
        QTest::newRow("more labels") << "\"labels\":20"
                                     << "\"labels\":21"
                                     << "promises";
        QTest::newRow("fraction of images") << "\"images\":20"
                                            << "\"images\":.5"
                                            << "images";
        QTest::newRow("coder") << "\"coder\":\"none\""
                               << "\"coder\":\"nine\""
                               << "coder";
        QTest::newRow("column's coding") << "\"coding\":\"8\""
                                         << "\"coding\":\"1\""
                                         << "column";
        QTest::newRow("column's exit") << "\"exit\":1"
                                       << "\"exit\":0"
                                       << "column";
        QTest::newRow("column twice") << "\"coding\":\"12\""
                                      << "\"coding\":\"16\""
                                      << "twice";
        QTest::newRow("no network") << "\"three\""
                                    << "\"\"     "
                                    << "network";
    }
    void aHeaderThatMakesNoSenseIsRefused()
    {
        QFETCH(QString, part);
        QFETCH(QString, replacement);
        QFETCH(QString, says);
        const auto bytes = forged(samples::inventedTable(20), part.toStdString(), replacement.toStdString());
        const auto table = parseAccuracyTable(bytes, "t.table");
        QVERIFY(!table.ok());
        QVERIFY2(QString::fromStdString(table.error().text).contains(says), table.error().message().c_str());
    }

    void anotherProgramsFileIsToldApart()
    {
        const auto table = parseAccuracyTable(base::asBytes("{\"format\": \"splitscope-cost-table\"}"), "c.json");
        QVERIFY(!table.ok());
        QVERIFY(table.error().text.find("no accuracy table") != std::string::npos);
        QVERIFY(isAccuracyTable(serialize(samples::inventedTable(2))));
        QVERIFY(!isAccuracyTable(base::asBytes("SSW1")) && !isAccuracyTable({}));
    }

    void filesAreWrittenAndRead()
    {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "new" / "t.table";
        const auto table = samples::inventedTable(30);
        QVERIFY(save(table, path).ok());
        QVERIFY(*loadAccuracyTable(path) == table);
        QCOMPARE(loadAccuracyTable(path.parent_path() / "other").error().code, base::ErrorCode::NotFound);
        QVERIFY(!save(table, path.parent_path()).ok());  // a folder
    }

    void aTableThatDoesNotShipIsSaidToBeMissing()
    {
        const auto table = loadShippedAccuracyTable("alexnet3", "no such data");
        QVERIFY(!table.ok());
        QCOMPARE(table.error().code, base::ErrorCode::NotFound);
        QVERIFY(table.error().text.find("table accuracy") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestAccuracyTable)
#include "tst_accuracy_table.moc"
