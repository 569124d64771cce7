// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/patterns.h"

#include <QTest>

#include <set>
#include <thread>

using namespace splitscope;
using namespace splitscope::data;

namespace {

std::unique_ptr<DataSet> open(int pixels, Split split)
{
    auto set = openDataSet("patterns", {3, pixels, pixels}, split);
    return set.ok() ? *std::move(set) : nullptr;
}

std::string hashOf(const DataSet& set, std::size_t first, std::size_t count)
{
    base::Bytes all;
    for (std::size_t i = first; i < first + count; ++i) {
        const auto image = set.image(i);
        if (!image.ok())
            return image.error().message();
        all.push_back(static_cast<std::uint8_t>(set.label(i)));
        all.insert(all.end(), image->pixels.begin(), image->pixels.end());
    }
    return base::sha256(all);
}

}  // namespace

class TestPatterns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// The shipped weights were trained on exactly these pixels.
    void pixelsNeverChange_data()
    {
        QTest::addColumn<int>("pixels");
        QTest::addColumn<int>("split");
        QTest::addColumn<QString>("expected");
        QTest::newRow("train, 32") << 32 << 0 << "0fd3299f9f8adbe215546dab5deff46043e52f86b26f86d340440af110e41339";
        QTest::newRow("evaluation, 32") << 32 << 3 << "8f1aa652a3ef80b8a8f14fd2618a73201b24d7cd76facc15f8b043765299993d";
        QTest::newRow("table, 128") << 128 << 2 << "1e95738bd5f0b78e78437b874de9004cf012e1baac986286885f2072218a699f";
        QTest::newRow("holdout, 16") << 16 << 1 << "6effcddc197f8779258c581ae9b6c30e0557a9c5b06fa267498872d759ee287a";
    }
    void pixelsNeverChange()
    {
        QFETCH(int, pixels);
        QFETCH(int, split);
        QFETCH(QString, expected);
        const auto set = open(pixels, static_cast<Split>(split));
        QVERIFY(set);
        QCOMPARE(QString::fromStdString(hashOf(*set, 100, 40)), expected);
    }

    void splitsHaveTheirSizesAndEqualClasses()
    {
        for (const Split split : {Split::Train, Split::Holdout, Split::Table, Split::Evaluation}) {
            const auto set = open(32, split);
            QVERIFY(set);
            QCOMPARE(set->size(), split == Split::Train ? std::size_t{20000} : std::size_t{2000});
            QCOMPARE(set->classNames().size(), std::size_t{10});
            std::vector<std::size_t> counts(10);
            for (std::size_t i = 0; i < set->size(); ++i)
                ++counts[static_cast<std::size_t>(set->label(i))];
            QCOMPARE(counts, std::vector<std::size_t>(10, set->size() / 10));
        }
    }

    void labelsAreShuffled()
    {
        const auto set = open(32, Split::Evaluation);
        std::set<int> seen;
        int repeats = 0;
        for (std::size_t i = 0; i < 100; ++i) {
            seen.insert(set->label(i));
            repeats += set->label(i) == set->label(i + 10);
        }
        QCOMPARE(seen.size(), std::size_t{10});
        QVERIFY(repeats > 0 && repeats < 50);
    }

    void noPictureIsInTwoSplitsOrTwiceInOne()
    {
        std::set<std::string> seen;
        for (const Split split : {Split::Train, Split::Holdout, Split::Table, Split::Evaluation}) {
            const auto set = open(16, split);
            for (std::size_t i = 0; i < 1000; ++i)
                QVERIFY(seen.insert(hashOf(*set, i, 1)).second);
        }
    }

    void largerSizesShowTheSameScene()
    {
        const auto small = open(32, Split::Train);
        const auto large = open(128, Split::Train);
        for (std::size_t i = 0; i < 20; ++i) {
            QCOMPARE(small->label(i), large->label(i));
            const auto a = *small->image(i);
            const auto b = *large->image(i);
            long difference = 0;
            for (std::size_t c = 0; c < 3; ++c)
                for (std::size_t y = 0; y < 32; ++y)
                    for (std::size_t x = 0; x < 32; ++x) {
                        long sum = 0;
                        for (std::size_t k = 0; k < 16; ++k)
                            sum += b.pixels[(c * 128 + 4 * y + k / 4) * 128 + 4 * x + k % 4];
                        difference += std::abs(sum / 16 - a.pixels[(c * 32 + y) * 32 + x]);
                    }
            QVERIFY2(difference / 3072 < 20, qPrintable(QString::number(double(difference) / 3072)));
        }
    }

    void threadsSeeTheSamePictures()
    {
        const auto set = open(32, Split::Table);
        const auto expected = hashOf(*set, 0, 100);
        std::array<std::string, 4> found;
        {
            std::vector<std::jthread> threads;
            for (auto& hash : found)
                threads.emplace_back([&] { hash = hashOf(*set, 0, 100); });
        }
        for (const auto& hash : found)
            QCOMPARE(hash, expected);
    }

    void sizesThatCannotBeDrawnAreRefused()
    {
        for (const ImageSize size : {ImageSize{3, 8, 8}, ImageSize{1, 32, 32}, ImageSize{3, 32, 100000}, ImageSize{3, 0, 0}}) {
            const auto set = openPatterns(size, Split::Train);
            QVERIFY(!set.ok());
            QCOMPARE(set.error().code, base::ErrorCode::Unsupported);
        }
        const auto set = open(32, Split::Train);
        QVERIFY(!set->image(20000).ok());
    }

    void splitNamesAreReadBack()
    {
        for (const Split split : {Split::Train, Split::Holdout, Split::Table, Split::Evaluation})
            QVERIFY(parseSplit(toString(split)).value() == split);
        QVERIFY(!parseSplit("test").ok());
    }
};

QTEST_APPLESS_MAIN(TestPatterns)
#include "tst_patterns.moc"
