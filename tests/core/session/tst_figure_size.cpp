// SPDX-License-Identifier: GPL-3.0-or-later
// Size against accuracy: which decisions are on the front, and what is said of them.
#include "core/session/figure_size_accuracy_p.h"
#include "tests/core/session/figure_inputs.h"

#include <QtTest>

using namespace splitscope;
using namespace splitscope::session;
using codec::CodingKind;
using codec::EntropyCoder;

namespace {

constexpr int kExit = 3;

double floatBytes(const std::string& tensor)
{
    const model::Path path(network(), kExit);
    for (const int cut : path.distinctCuts())
        if (path.cutName(cut) == tensor)
            return 4.0 * static_cast<double>(base::elementCount(path.cutShape(cut)));
    return 0;
}

/// A share of float32 by coder and bits; 0: the table has no such bytes.
using Share = std::function<double(EntropyCoder coder, int bits)>;

/// All answer alike but the exits, and JPEG, which loses; frames send 3,072 bytes, JPEG `jpegBytes`.
profile::AccuracyTable tableOf(const Share& share, std::uint32_t jpegBytes = 500)
{
    auto table = profile::sampleAccuracy(network(), {});
    for (auto& column : table.columns) {
        const auto right = static_cast<std::size_t>(75 + 5 * column.exit - (column.coding.kind == CodingKind::Jpeg ? 4 : 0));
        for (std::size_t i = 0; i < table.images; ++i)
            column.correct[i] = i < right;
        if (column.coding.kind == CodingKind::Jpeg)
            column.bytes[EntropyCoder::None] = {jpegBytes + static_cast<std::uint32_t>(column.coding.parameter)};
        if (column.coding.kind != CodingKind::Quantized)
            continue;
        column.bytes.clear();
        for (const auto coder : codec::kEntropyCoders)
            if (const double part = share(coder, column.coding.parameter); part > 0)
                column.bytes[coder] = {static_cast<std::uint32_t>(8 + part * floatBytes(column.tensor))};
    }
    return table;
}

double contextBest(EntropyCoder coder, int bits)
{
    const double packed = bits / 32.0;
    switch (coder) {
    case EntropyCoder::None: return packed;
    case EntropyCoder::Context: return 0.4 * packed;
    default: return 0.7 * packed;
    }
}

profile::AccuracyColumn& columnOf(profile::AccuracyTable& table, const std::string& tensor, const codec::Coding& coding)
{
    for (auto& column : table.columns)
        if (column.exit == kExit && column.tensor == tensor && column.coding == coding)
            return column;
    qFatal("no such column");
}

const SizedDecision* find(const std::vector<SizedDecision>& decisions, const std::string& name)
{
    for (const auto& sized : decisions)
        if (nameOf(sized) == name)
            return &sized;
    return nullptr;
}

const Statement& statementWith(const Figure& figure, const std::string& words)
{
    static const Statement missing{"no such statement", Verdict::Unknown, {}};
    for (const auto& statement : figure.statements)
        if (statement.claim.find(words) != std::string::npos)
            return statement;
    return missing;
}

const PlotSeries* seriesOf(const Figure& figure, const std::string& key)
{
    for (const auto& series : figure.plots.front().series)
        if (series.key == key)
            return &series;
    return nullptr;
}

}  // namespace

class TestFigureSize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCoderIsASeriesWithItsBytes()
    {
        const auto figure = sizeAccuracyFigure(inputsOf(tableOf(contextBest)));
        QVERIFY(figure.ok());
        QCOMPARE(figure->key, std::string("size"));
        QVERIFY(figure->subtitle.find("exit 3") != std::string::npos);  // the best one
        for (const auto coder : codec::kEntropyCoders) {
            const auto* series = seriesOf(*figure, codec::toString(coder));
            QVERIFY2(series, codec::toString(coder).c_str());
            QCOMPARE(series->xs.size(), series->labels.size());
        }
        const auto* frames = seriesOf(*figure, "frames");
        QVERIFY(frames && frames->xs.size() == 2);
        QCOMPARE(seriesOf(*figure, "jpeg")->xs.size(), std::size_t(3));
        QCOMPARE(seriesOf(*figure, "jpeg")->ys.front(), 86.0);
    }

    void codersThatTheTableLacksAreNamed()
    {
        const auto figure = sizeAccuracyFigure(
            inputsOf(tableOf([](EntropyCoder coder, int bits) { return coder == EntropyCoder::None ? bits / 32.0 : 0.0; })));
        QVERIFY(figure.ok());
        QVERIFY(!seriesOf(*figure, "context"));
        QVERIFY(toText(*figure).find("no bytes of huffman-adaptive, huffman, context and zstd") != std::string::npos);
        QCOMPARE(statementWith(*figure, "1/10").verdict, Verdict::Unknown);
        QCOMPARE(statementWith(*figure, "context alone").verdict, Verdict::Unknown);
    }

    void theFrontHoldsFewestBytesForTheAccuracy()
    {
        auto table = tableOf(contextBest);
        for (const char* tensor : {"fc7", "relu7"})  // the smallest of all answer one image less
            columnOf(table, tensor, {CodingKind::Quantized, 4}).correct[0] = false;
        const auto decisions = sizedDecisions(inputsOf(table), kExit);
        const auto* smallest = find(decisions, "fc7, 4 bits, context");
        const auto* next = find(decisions, "fc6, 4 bits, context");
        QVERIFY(smallest && next);
        QVERIFY(smallest->onFront && next->onFront);
        QVERIFY(!find(decisions, "relu7, 4 bits, context")->onFront);  // the same, deeper
        for (const auto& sized : decisions)
            QVERIFY2(!sized.onFront || sized.undominated, nameOf(sized).c_str());
        QVERIFY(!find(decisions, "fc7, 4 bits, huffman")->onFront);
        QVERIFY(!find(decisions, "JPEG 30")->onFront);
    }

    void whatAsksLessOfTheDeviceIsNamedToo()
    {
        const auto decisions = sizedDecisions(inputsOf(tableOf(contextBest)), kExit);
        QVERIFY(find(decisions, "JPEG 30")->undominated);  // no frame is smaller
        QVERIFY(!find(decisions, "JPEG 60")->undominated);  // larger, and no better
        QVERIFY(find(decisions, "raw frame")->undominated);
        QVERIFY(find(decisions, "pool5, 4 bits, context")->undominated);
        QVERIFY(!find(decisions, "conv1, 4 bits, context")->undominated);  // more than the raw frame
    }

    /// One more right answer of a quantized network must not put large tensors on the front.
    void luckCountsAsTheExitsOwnAccuracy()
    {
        auto table = tableOf(contextBest);
        auto& lucky = columnOf(table, "conv1", {CodingKind::Quantized, 16});
        lucky.correct[95] = true;
        const auto decisions = sizedDecisions(inputsOf(table), kExit);
        const auto* sized = find(decisions, "conv1, 16 bits, none");
        QCOMPARE(sized->accuracy.accuracy, 0.91);
        QVERIFY(!sized->onFront && !sized->undominated);
    }

    void theTenthIsJudgedByTheMedianCut()
    {
        const auto verdict = [](double share) {
            const auto figure
                = sizeAccuracyFigure(inputsOf(tableOf([share](EntropyCoder, int bits) { return share * bits / 4.0; })));
            return statementWith(*figure, "1/10").verdict;
        };
        QCOMPARE(verdict(0.06), Verdict::Holds);
        QCOMPARE(verdict(0.12), Verdict::DoesNotHold);
    }

    void anotherCoderOnTheFrontIsSaid()
    {
        const auto alone = sizeAccuracyFigure(inputsOf(tableOf(contextBest)));
        QCOMPARE(statementWith(*alone, "context alone").verdict, Verdict::Holds);
        QVERIFY(statementWith(*alone, "context alone").evidence.find("context × 4 bits") != std::string::npos);
        const auto beaten = sizeAccuracyFigure(inputsOf(
            tableOf([](EntropyCoder coder, int bits) { return (coder == EntropyCoder::Huffman ? 0.3 : 0.5) * bits / 32.0; })));
        QCOMPARE(statementWith(*beaten, "context alone").verdict, Verdict::DoesNotHold);
        QVERIFY(statementWith(*beaten, "context alone").evidence.find("huffman × 4 bits") != std::string::npos);
    }

    void jpegFramesAreHeldAgainstCuts()
    {
        const auto beaten = sizeAccuracyFigure(inputsOf(tableOf(contextBest, 500)));
        QCOMPARE(statementWith(*beaten, "JPEG").verdict, Verdict::Holds);
        const auto unbeaten = sizeAccuracyFigure(inputsOf(tableOf(contextBest, 1)));
        QCOMPARE(statementWith(*unbeaten, "JPEG").verdict, Verdict::DoesNotHold);
    }

    void exitsHaveTheirOwnPoints()
    {
        const auto figure = sizeAccuracyFigure(inputsOf(tableOf(contextBest)), 1);
        QVERIFY(figure.ok());
        QVERIFY(figure->subtitle.find("exit 1") != std::string::npos);
        QVERIFY(!sizeAccuracyFigure(inputsOf(tableOf(contextBest)), 9).ok());
    }

    void csvAndJsonHoldEveryPoint()
    {
        const auto figure = sizeAccuracyFigure(inputsOf(tableOf(contextBest)));
        const auto csv = QString::fromStdString(toCsv(*figure));
        std::size_t points = 0;
        for (const auto& series : figure->plots.front().series)
            points += series.xs.size();
        QCOMPARE(csv.count(QLatin1String("\r\n")), static_cast<qsizetype>(points + 1));
        QVERIFY(csv.contains(QLatin1String("\"pool5, 4 bits, context\"")));
        const auto again = parseFigure(toJson(*figure), "test");
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
        QCOMPARE(again->kind, FigureKind::Front);
        QCOMPARE(toJson(*again), toJson(*figure));
    }
};

QTEST_APPLESS_MAIN(TestFigureSize)
#include "tst_figure_size.moc"
