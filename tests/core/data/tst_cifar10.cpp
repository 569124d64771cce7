// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/data/cifar10.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::data;

namespace {

constexpr ImageSize kSize{3, 32, 32};

/// Overwrites one record: its label, and every pixel with `value`.
bool writeRecord(const QString& path, qint64 record, char label, char value)
{
    QFile file(path);
    return file.open(QIODevice::ReadWrite) && file.seek(record * 3073)
        && file.write(QByteArray(1, label) + QByteArray(3072, value)) == 3073;
}

}  // namespace

class TestCifar10 : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString path(const char* name) const { return m_folder->filePath(name); }

    [[nodiscard]] base::Result<std::unique_ptr<DataSet>> open(Split split, ImageSize size = kSize) const
    {
        return openDataSet(m_folder->path().toStdString(), size, split);
    }

private Q_SLOTS:
    /// Full-length files that are one hole each: all labels and pixels 0, no room on the disk.
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        for (const auto& name : cifar10FileNames()) {
            QFile file(path(name.c_str()));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(file.resize(30'730'000));
        }
    }

    void everySplitHoldsItsOwnRecords_data()
    {
        QTest::addColumn<int>("split");
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("record");
        QTest::addColumn<int>("index");
        QTest::addColumn<int>("size");
        QTest::newRow("first of all") << int(Split::Train) << "data_batch_1.bin" << 0 << 0 << 45000;
        QTest::newRow("across files") << int(Split::Train) << "data_batch_3.bin" << 7 << 20007 << 45000;
        QTest::newRow("last of train") << int(Split::Train) << "data_batch_5.bin" << 4999 << 44999 << 45000;
        QTest::newRow("first held out") << int(Split::Holdout) << "data_batch_5.bin" << 5000 << 0 << 5000;
        QTest::newRow("last held out") << int(Split::Holdout) << "data_batch_5.bin" << 9999 << 4999 << 5000;
        QTest::newRow("last of table") << int(Split::Table) << "test_batch.bin" << 4999 << 4999 << 5000;
        QTest::newRow("first of evaluation") << int(Split::Evaluation) << "test_batch.bin" << 5000 << 0 << 5000;
    }
    void everySplitHoldsItsOwnRecords()
    {
        QFETCH(int, split);
        QFETCH(QString, file);
        QFETCH(int, record);
        QFETCH(int, index);
        QFETCH(int, size);
        QVERIFY(writeRecord(path(qPrintable(file)), record, 7, 99));
        for (const Split each : {Split::Train, Split::Holdout, Split::Table, Split::Evaluation}) {
            const auto set = open(each);
            QVERIFY(set.ok());
            std::size_t found = 0;
            for (std::size_t i = 0; i < (*set)->size(); ++i)
                found += (*set)->label(i) == 7;
            QCOMPARE(found, each == static_cast<Split>(split) ? std::size_t{1} : std::size_t{0});
        }
        const auto set = open(static_cast<Split>(split));
        QCOMPARE((*set)->size(), static_cast<std::size_t>(size));
        QCOMPARE((*set)->label(static_cast<std::size_t>(index)), 7);
        QCOMPARE((*set)->image(static_cast<std::size_t>(index))->pixels, base::Bytes(3072, 99));
    }

    void cutOffFilesAreNamedWithTheRecord()
    {
        QVERIFY(QFile::resize(path("data_batch_2.bin"), 3073 * 41 + 5));
        const auto set = open(Split::Train);
        QVERIFY(!set.ok());
        QVERIFY(QString::fromStdString(set.error().where).endsWith("data_batch_2.bin"));
        QVERIFY(QString::fromStdString(set.error().text).contains("record 41"));
        QVERIFY(open(Split::Evaluation).ok());
        QVERIFY(!checkCifar10Files(m_folder->path().toStdString()).ok());
    }

    void missingFilesAreNamedWithWhatToDo()
    {
        QVERIFY(checkCifar10Files(m_folder->path().toStdString()).ok());
        QVERIFY(QFile::remove(path("test_batch.bin")));
        const auto set = open(Split::Table);
        QVERIFY(!set.ok());
        QCOMPARE(set.error().code, base::ErrorCode::NotFound);
        QVERIFY(QString::fromStdString(set.error().message()).contains("test_batch.bin"));
        QVERIFY(QString::fromStdString(set.error().message()).contains("data fetch cifar10"));
    }

    void labelsOverNineAreNamedWithTheRecord()
    {
        QVERIFY(writeRecord(path("test_batch.bin"), 6123, 10, 0));
        const auto set = open(Split::Evaluation);
        QVERIFY(!set.ok());
        QVERIFY(QString::fromStdString(set.error().where).endsWith("test_batch.bin, record 6123"));
        QVERIFY(open(Split::Table).ok());
    }

    void sizesBeyondThePicturesAreRefusedWithBoth()
    {
        const auto set = open(Split::Table, {3, 128, 128});
        QVERIFY(!set.ok());
        QVERIFY(QString::fromStdString(set.error().text).contains("32 x 32"));
        QVERIFY(QString::fromStdString(set.error().text).contains("128 x 128"));
        const auto cropped = open(Split::Table, {3, 28, 28});
        QVERIFY(cropped.ok());
        QCOMPARE((*cropped)->image(0)->pixels.size(), std::size_t{3 * 28 * 28});
    }

    void theOfficialSetIsBalanced()
    {
        if (!base::dataFolder().ok() || !QFile::exists(QString::fromStdString((*base::dataFolder() / kCifar10Folder).string())))
            QSKIP("SPLITSCOPE_DATA names no folder with cifar-10-batches-bin");
        std::vector<int> counts(10);
        for (const Split split : {Split::Train, Split::Holdout}) {
            const auto set = openDataSet("cifar10", kSize, split);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().message().c_str());
            for (std::size_t i = 0; i < (*set)->size(); ++i)
                ++counts[static_cast<std::size_t>((*set)->label(i))];
            QVERIFY((*set)->image((*set)->size() - 1).ok());
        }
        QCOMPARE(counts, std::vector<int>(10, 5000));
    }
};

QTEST_APPLESS_MAIN(TestCifar10)
#include "tst_cifar10.moc"
