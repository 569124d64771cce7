// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/data/image_codec.h"
#include "core/data/image_fit.h"
#include "core/data/image_folder.h"

#include "picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>
#include <thread>

using namespace splitscope;
using namespace splitscope::data;
using namespace splitscope::data::testing;

namespace fs = std::filesystem;

namespace {

constexpr ImageSize kSize{3, 32, 32};
constexpr std::array kSplits{Split::Train, Split::Holdout, Split::Table, Split::Evaluation};

/// `count` pictures of one colour per class, class/00.png ...; the red sample is the picture's number.
Files manyPictures(const std::string& prefix, int classes, int count)
{
    Files files;
    for (int c = 0; c < classes; ++c)
        for (int i = 0; i < count; ++i) {
            const auto red = static_cast<std::uint8_t>(i);
            const auto green = static_cast<std::uint8_t>(c);
            files[prefix + "class" + std::to_string(c) + "/" + (i < 10 ? "0" : "") + std::to_string(i) + ".png"]
                = png(PNG_FORMAT_RGB, 32, 32, {red, green, 0});
        }
    return files;
}

Files joined(Files a, const Files& b)
{
    a.insert(b.begin(), b.end());
    return a;
}

/// The red samples (the picture's number) and labels of a split.
std::multiset<std::pair<int, int>> contents(const std::string& source, Split split)
{
    std::multiset<std::pair<int, int>> found;
    const auto set = openDataSet(source, kSize, split);
    if (!set.ok())
        return {{-1, -1}};
    for (std::size_t i = 0; i < (*set)->size(); ++i) {
        const auto image = (*set)->image(i);
        found.insert(image.ok() ? std::pair<int, int>{image->pixels[0], (*set)->label(i)} : std::pair{-2, -2});
    }
    return found;
}

}  // namespace

class TestImageFolder : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] fs::path root() const { return m_folder->path().toStdString(); }

    void checkDivided(const std::string& source)
    {
        // 20 pictures per class in train: number 9 and 19 are held out. 3 per class in val: 0..5 over both classes.
        const auto train = contents(source, Split::Train);
        QCOMPARE(train.size(), std::size_t{36});
        QCOMPARE(train.count({9, 0}) + train.count({19, 1}), std::size_t{0});
        QCOMPARE(contents(source, Split::Holdout), (std::multiset<std::pair<int, int>>{{9, 0}, {19, 0}, {9, 1}, {19, 1}}));
        QCOMPARE(contents(source, Split::Table), (std::multiset<std::pair<int, int>>{{0, 0}, {2, 0}, {1, 1}}));
        QCOMPARE(contents(source, Split::Evaluation), (std::multiset<std::pair<int, int>>{{1, 0}, {0, 1}, {2, 1}}));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        base::setLogSink([](auto...) {});
    }
    void cleanup() { base::setLogSink({}); }

    void trainAndValidationFoldersAreDivided_data()
    {
        QTest::addColumn<QString>("train");
        QTest::addColumn<QString>("val");
        QTest::newRow("train and val") << "train/"
                                       << "val/";
        QTest::newRow("train and validation") << "train/"
                                              << "validation/";
        QTest::newRow("train and test") << "train/"
                                        << "test/";
        QTest::newRow("below another folder") << "photos/train/"
                                              << "photos/val/";
    }
    void trainAndValidationFoldersAreDivided()
    {
        QFETCH(QString, train);
        QFETCH(QString, val);
        const auto files = joined(manyPictures(train.toStdString(), 2, 20), manyPictures(val.toStdString(), 2, 3));
        writeFiles(root() / "folder", files);
        checkDivided((root() / "folder").string());
        writeZip(root() / "stored.zip", files, false);
        checkDivided((root() / "stored.zip").string());
        writeZip(root() / "deflated.zip", files, true);
        checkDivided((root() / "deflated.zip").string());
    }

    void aFolderOfTrainAndValArchivesIsDivided()
    {
        writeZip(root() / "train.zip", manyPictures("train/", 2, 20), false);
        writeZip(root() / "val.zip", manyPictures("val/", 2, 3), true);
        checkDivided(root().string());
    }

    void oneTreeIsSplitByPlaceInTheClass()
    {
        writeFiles(root(), manyPictures("", 2, 20));
        const std::map<Split, std::size_t> expected{
            {Split::Train, 20}, {Split::Holdout, 4}, {Split::Table, 8}, {Split::Evaluation, 8}};
        std::set<std::pair<int, int>> all;
        for (const Split split : kSplits) {
            const auto found = contents(root().string(), split);
            QCOMPARE(found.size(), expected.at(split));
            all.insert(found.begin(), found.end());
        }
        QCOMPARE(all.size(), std::size_t{40});
    }

    void picturesOfASplitAreMixedInAFixedOrder()
    {
        writeFiles(root(), manyPictures("", 4, 20));
        const auto a = openDataSet(root().string(), kSize, Split::Train);
        const auto b = openDataSet(root().string(), kSize, Split::Train);
        QVERIFY(a.ok() && b.ok());
        std::set<int> firstLabels;
        for (std::size_t i = 0; i < (*a)->size(); ++i) {
            QCOMPARE((*a)->label(i), (*b)->label(i));
            QCOMPARE((*a)->image(i)->pixels, (*b)->image(i)->pixels);
            if (i < 12)
                firstLabels.insert((*a)->label(i));
        }
        QVERIFY(firstLabels.size() > 1);
    }

    void everyKindOfPictureBecomesRgb_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("rgb png") << toQt(png(PNG_FORMAT_RGB, 32, 32, {10, 20, 30})) << QByteArray("\x0a\x14\x1e");
        QTest::newRow("grey png") << toQt(png(PNG_FORMAT_GRAY, 32, 32, {77})) << QByteArray("\x4d\x4d\x4d");
        QTest::newRow("opaque rgba") << toQt(png(PNG_FORMAT_RGBA, 32, 32, {10, 20, 30, 255})) << QByteArray("\x0a\x14\x1e");
        QTest::newRow("transparent") << toQt(png(PNG_FORMAT_RGBA, 32, 32, {10, 20, 30, 0})) << QByteArray("\xff\xff\xff");
        QTest::newRow("grey jpeg") << toQt(jpeg(32, 32, {90})) << QByteArray("\x5a\x5a\x5a");
        QTest::newRow("rgb jpeg") << toQt(jpeg(32, 32, {90, 90, 90})) << QByteArray("\x5a\x5a\x5a");
        QTest::newRow("cmyk jpeg") << toQt(jpeg(32, 32, {255, 255, 255, 255})) << QByteArray("\xff\xff\xff");
    }
    void everyKindOfPictureBecomesRgb()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, expected);
        const auto image = decodeImage(fromQt(file), "file");
        QVERIFY2(image.ok(), image.ok() ? "" : image.error().message().c_str());
        QVERIFY(image->size == kSize);
        for (std::size_t c = 0; c < 3; ++c)
            QCOMPARE(int(image->pixels[c * 1024 + 500]), int(static_cast<std::uint8_t>(expected[int(c)])));
    }

    void damagedPicturesAreErrorsThatNameThem_data()
    {
        QTest::addColumn<QByteArray>("file");
        const auto goodJpeg = toQt(jpeg(32, 32, {90, 10, 40}));
        const auto goodPng = toQt(png(PNG_FORMAT_RGB, 32, 32, {1, 2, 3}));
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("class,path\n");
        QTest::newRow("jpeg cut in its data") << goodJpeg.left(goodJpeg.size() - 20);
        QTest::newRow("jpeg cut in its header") << goodJpeg.left(40);
        QTest::newRow("png cut") << goodPng.left(goodPng.size() - 30);
        QTest::newRow("png of absurd size") << QByteArray(goodPng).replace(16, 8,
                                                                           QByteArray("\x00\x7f\xff\xff\x00\x7f\xff\xff", 8));
    }
    void damagedPicturesAreErrorsThatNameThem()
    {
        QFETCH(QByteArray, file);
        auto files = manyPictures("", 1, 10);
        for (auto& [name, bytes] : files)
            bytes = fromQt(file);
        writeFiles(root() / "folder", files);
        writeZip(root() / "archive.zip", files, true);
        for (const auto* source : {"folder", "archive.zip"}) {
            const auto set = openDataSet((root() / source).string(), kSize, Split::Holdout);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().message().c_str());
            const auto image = (*set)->image(0);
            QVERIFY(!image.ok());
            QVERIFY(image.error().where.find(source) != std::string::npos);
            QVERIFY(image.error().where.find("class0/05.png") != std::string::npos);
        }
    }

    void damagedArchivesAreErrors_data()
    {
        QTest::addColumn<bool>("deflated");
        QTest::newRow("stored") << false;
        QTest::newRow("deflated") << true;
    }
    void damagedArchivesAreErrors()
    {
        QFETCH(bool, deflated);
        const auto path = root() / "a.zip";
        writeZip(path, manyPictures("", 1, 10), deflated);
        const auto good = *base::readFile(path);

        auto cut = good;
        QVERIFY(cut.size() > 40);
        cut.erase(cut.end() - 40, cut.end());
        QVERIFY(base::writeFileAtomically(path, cut).ok());
        QVERIFY(!openDataSet(path.string(), kSize, Split::Train).ok());

        // A wrong checksum in the table of contents: the entry's data no longer match it.
        auto wrong = good;
        const std::string signature = "PK\x01\x02";
        for (auto at = std::search(wrong.begin(), wrong.end(), signature.begin(), signature.end()); at != wrong.end();
             at = std::search(at + 1, wrong.end(), signature.begin(), signature.end()))
            at[16] ^= 1;
        QVERIFY(base::writeFileAtomically(path, wrong).ok());
        const auto set = openDataSet(path.string(), kSize, Split::Train);
        QVERIFY(set.ok());
        QVERIFY(!(*set)->image(0).ok());

        // An entry that claims to unpack to almost 4 GB.
        auto bomb = good;
        auto at = std::search(bomb.begin(), bomb.end(), signature.begin(), signature.end());
        at[10] = 8;
        at[27] = 0xf0;
        QVERIFY(base::writeFileAtomically(path, bomb).ok());
        const auto bombed = openDataSet(path.string(), kSize, Split::Train);
        QVERIFY(bombed.ok());
        int refused = 0;
        for (std::size_t i = 0; i < (*bombed)->size(); ++i)
            if (const auto image = (*bombed)->image(i); !image.ok() && image.error().code == base::ErrorCode::TooLarge)
                ++refused;
        QCOMPARE(refused, 1);
    }

    void otherFilesAreSkippedAndCounted()
    {
        auto files = manyPictures("", 2, 10);
        for (const char* name : {"readme.txt", "class0/notes.csv", "class0/.hidden.png", "__MACOSX/class0/._00.png", "loose.png"})
            files[name] = {1, 2, 3};
        writeFiles(root(), files);
        std::vector<std::string> lines;
        base::setLogSink([&](auto, auto, const std::string& text) { lines.push_back(text); });
        QCOMPARE(contents(root().string(), Split::Train).size(), std::size_t{10});
        QCOMPARE(lines.size(), std::size_t{1});
        QVERIFY(lines[0].find("5 files were skipped") != std::string::npos);
    }

    void emptyAndMissingSourcesSayWhatIsExpected()
    {
        const auto empty = openDataSet(root().string(), kSize, Split::Train);
        QVERIFY(!empty.ok());
        QVERIFY(empty.error().text.find("one folder per class") != std::string::npos);
        const auto missing = openDataSet((root() / "none").string(), kSize, Split::Train);
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
        writeFiles(root(), manyPictures("", 2, 3));
        const auto few = openDataSet(root().string(), kSize, Split::Evaluation);
        QVERIFY(!few.ok());
        QVERIFY(few.error().text.find("at least 10") != std::string::npos);
    }

    void sizesAreFittedAsDocumented_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("left");  // of the part of the picture that is kept
        QTest::addColumn<int>("right");
        QTest::newRow("equal") << 32 << 32 << 0 << 32;
        QTest::newRow("up to 1.25 times is cropped") << 40 << 40 << 4 << 36;
        QTest::newRow("one long side is cropped") << 100 << 38 << 34 << 66;
        QTest::newRow("more is scaled") << 64 << 64 << 0 << 64;
        QTest::newRow("scaled and cropped") << 192 << 96 << 48 << 144;
    }
    void sizesAreFittedAsDocumented()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, left);
        QFETCH(int, right);
        // Red is the column, so the result tells where it was taken from.
        Image image{{3, height, width}, {}};
        for (int i = 0; i < 3 * width * height; ++i)
            image.pixels.push_back(static_cast<std::uint8_t>(i % width));
        const auto fitted = fitImage(image, kSize, "picture");
        QVERIFY(fitted.ok());
        QVERIFY(fitted->size == kSize);
        const double scale = double(right - left) / 32;
        for (int x = 0; x < 32; ++x)
            QVERIFY(std::abs(fitted->pixels[static_cast<std::size_t>(x)] - (left + (x + 0.5) * scale - 0.5)) <= 0.5);
    }

    void picturesThatAreTooSmallAreRefusedWithBothSizes()
    {
        writeFiles(root(), manyPictures("", 1, 10));
        const auto set = openDataSet(root().string(), {3, 128, 128}, Split::Train);
        QVERIFY(set.ok());
        const auto image = (*set)->image(0);
        QVERIFY(!image.ok());
        QVERIFY(image.error().text.find("32 x 32") != std::string::npos);
        QVERIFY(image.error().text.find("128 x 128") != std::string::npos);
    }

    void manyThreadsReadOneArchive()
    {
        const auto path = root() / "a.zip";
        writeZip(path, manyPictures("", 4, 20), true);
        const auto set = openDataSet(path.string(), kSize, Split::Train);
        QVERIFY(set.ok());
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&] {
                    for (std::size_t i = 0; i < (*set)->size(); ++i) {
                        const auto image = (*set)->image(i);
                        wrong += !image.ok() || image->pixels[1024] != (*set)->label(i);
                    }
                });
        }
        QCOMPARE(wrong.load(), 0);
    }

    void imagenetteOpens()
    {
        const auto folder = base::dataFolder();
        if (!folder.ok() || !fs::exists(*folder / "imagenette-160"))
            QSKIP("SPLITSCOPE_DATA names no folder with imagenette-160");
        std::size_t total = 0;
        for (const Split split : kSplits) {
            const auto set = openDataSet("imagenette", {3, 128, 128}, split);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().message().c_str());
            QCOMPARE((*set)->classNames().size(), std::size_t{10});
            for (std::size_t i = 0; i < 100; ++i) {
                const auto image = (*set)->image(i);
                QVERIFY2(image.ok(), image.ok() ? "" : image.error().message().c_str());
            }
            total += (*set)->size();
        }
        QVERIFY(total > 10000);
    }
};

QTEST_APPLESS_MAIN(TestImageFolder)
#include "tst_image_folder.moc"
