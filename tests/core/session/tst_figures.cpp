// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_set.h"
#include "tests/core/session/figure_inputs.h"
#include "tests/core/session/figure_samples.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::session;

namespace {

/// Points lost of 100 images by kind of layer and bit width.
profile::AccuracyTable tableThatLoses(const std::function<int(bool product, int bits)>& lost)
{
    const auto spec = network();
    auto table = profile::sampleAccuracy(spec, {});
    const model::Path path(spec, 3);
    for (auto& column : table.columns) {
        if (column.coding.kind != codec::CodingKind::Quantized || column.exit != 3)
            continue;
        for (const int cut : path.distinctCuts())
            if (cut > 0 && cut < path.length() && path.cutName(cut) == column.tensor) {
                const int wrong = 10 + lost(isHeavy(path.layer(cut).spec.type), column.coding.parameter);
                for (int i = 0; i < 100; ++i)
                    column.correct[static_cast<std::size_t>(i)] = i < 100 - wrong;
            }
    }
    return table;
}

const FigureSeries& seriesWith(const Figure& figure, const std::string& key)
{
    static const FigureSeries missing;
    for (const auto& series : figure.series)
        if (series.key == key)
            return series;
    return missing;
}

std::size_t categoryOf(const Figure& figure, const std::string& name)
{
    for (std::size_t i = 0; i < figure.categories.size(); ++i)
        if (figure.categories[i].name == name)
            return i;
    return figure.categories.size();
}

}  // namespace

class TestFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layersOfTrunkAndHeadsStandInOrder();
    void layerStatementsFollowTheTimes();
    void spreadOfRepeatsIsJudged();
    void profileWithoutLayersIsAnError();
    void sizesAreMeansOfTheTable();
    void reductionIsJudgedAtThePapersBits();
    void lossIsPairedAgainstTheExitUnquantized();
    void lossStatementsFollowTheTable();
    void moreBitsThatLoseMoreBreakTheTrend();
    void cutsAreJudgedByWhatIsEverTheFastest();
    void exitOutOfRangeIsAnError();
    void regionsHoldTheFastestAccurateDecision();
    void regionStatementsFollowTheMap();
    void aLuckyQuantizedDecisionRulesNobodyOut();
    void smallPayloadsWaitForTheRateToo();
    void cancelledRegionsAreAnError();
    void costTableAloneMakesItsFigures();
    void unknownFigureIsAnError();
};

void TestFigures::layersOfTrunkAndHeadsStandInOrder()
{
    FigureInputs inputs;
    inputs.spec = network();
    inputs.edge = layeredProfile(2, 0.5);
    inputs.device = layeredProfile(20, 5);
    const auto figure = layerLatencyFigure(inputs);
    QVERIFY(figure.ok());
    QCOMPARE(figure->categories.front().name, std::string("conv1"));
    QCOMPARE(figure->categories.front().group, std::string("trunk"));
    QCOMPARE(figure->categories.back().group, std::string("head of exit2"));
    for (const auto& category : figure->categories)
        QVERIFY2(category.kind != "dropout", "dropout does nothing at inference");
    QCOMPARE(seriesWith(*figure, "device").values.front(), 20.0);
    QCOMPARE(seriesWith(*figure, "edge").values[categoryOf(*figure, "relu1")], 0.5);
}

void TestFigures::layerStatementsFollowTheTimes()
{
    FigureInputs inputs;
    inputs.spec = network();
    inputs.edge = layeredProfile(2, 0.5);
    auto figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "most of the computing time").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "accumulation").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "exit point moves backward").verdict, Verdict::Holds);
    inputs.edge = layeredProfile(0.5, 2);
    figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "most of the computing time").verdict, Verdict::DoesNotHold);
    QCOMPARE(statementWith(figure, "accumulation").verdict, Verdict::DoesNotHold);
    inputs.edge = layeredProfile(2, 0.001);
    figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "accumulation").verdict, Verdict::DoesNotHold);
}

void TestFigures::spreadOfRepeatsIsJudged()
{
    FigureInputs inputs;
    inputs.spec = network();
    inputs.edge = layeredProfile(2, 0.5, 0.2);
    auto figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "fluctuates").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "stable latency").verdict, Verdict::Holds);
    inputs.edge = layeredProfile(2, 0.5, 0.01);
    for (auto& layer : inputs.edge->layers)
        layer.time.highMs = 2 * layer.time.p50Ms;
    figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "fluctuates").verdict, Verdict::DoesNotHold);
    QCOMPARE(statementWith(figure, "stable latency").verdict, Verdict::DoesNotHold);
    inputs.edge->source = "emulated: a test";
    figure = *layerLatencyFigure(inputs);
    QCOMPARE(statementWith(figure, "fluctuates").verdict, Verdict::Unknown);
    QVERIFY(QString::fromStdString(figure.series.front().name).contains("emulated"));
}

void TestFigures::profileWithoutLayersIsAnError()
{
    FigureInputs inputs;
    inputs.spec = network();
    QVERIFY(!layerLatencyFigure(inputs).ok());
    inputs.edge = profile::sampleProfile(inputs.spec, {}, 4, 0.4);
    QVERIFY(!layerLatencyFigure(inputs).ok());
}

void TestFigures::sizesAreMeansOfTheTable()
{
    const auto inputs = inputsOf(profile::sampleAccuracy(network(), {}));
    const auto figure = dataSizeFigure(inputs);
    QVERIFY(figure.ok());
    const auto input = categoryOf(*figure, "input"), pool1 = categoryOf(*figure, "pool1");
    QCOMPARE(figure->categories[pool1].kind, std::string("maxpool"));
    QCOMPARE(seriesWith(*figure, "float32").values[input], 4 * 3 * 32 * 32 / 1000.0);
    QCOMPARE(seriesWith(*figure, "bits8").values[pool1], 8.0);
    QCOMPARE(seriesWith(*figure, "raw").values[input], 3.072);
    QVERIFY(std::isnan(seriesWith(*figure, "raw").values[pool1]));
    QVERIFY(std::isnan(seriesWith(*figure, "bits8").values[input]));
    for (const auto& category : figure->categories)
        QVERIFY2(category.kind != "dropout", "a cut behind dropout is the cut before it");
}

void TestFigures::reductionIsJudgedAtThePapersBits()
{
    auto table = profile::sampleAccuracy(network(), {});
    const auto spec = network();
    const model::Path path(spec, 3);
    const auto setBytes = [&](double share) {
        for (auto& column : table.columns)
            for (const int cut : path.distinctCuts())
                if (cut > 0 && path.cutName(cut) == column.tensor && column.coding.kind == codec::CodingKind::Quantized)
                    column.bytes[codec::EntropyCoder::None]
                        = {static_cast<std::uint32_t>(share * 4.0 * static_cast<double>(base::elementCount(path.cutShape(cut))))};
    };
    setBytes(0.3);
    QCOMPARE(dataSizeFigure(inputsOf(table))->statements.front().verdict, Verdict::Holds);
    setBytes(0.9);
    QCOMPARE(dataSizeFigure(inputsOf(table))->statements.front().verdict, Verdict::DoesNotHold);
}

void TestFigures::lossIsPairedAgainstTheExitUnquantized()
{
    const auto inputs = inputsOf(tableThatLoses([](bool, int bits) { return bits == 4 ? 10 : 0; }));
    const auto figure = accuracyLossFigure(inputs);
    QVERIFY(figure.ok());
    const auto pool1 = categoryOf(*figure, "pool1");
    const auto& coarse = seriesWith(*figure, "bits4");
    QVERIFY(std::abs(coarse.values[pool1] - 10) < 1e-9);
    // Ten lost, none won of 100: ±1.96·√(0.1 − 0.01)/10.
    QVERIFY(std::abs(coarse.low[pool1] - (10 - 1.96 * 3)) < 1e-6);
    QVERIFY(std::abs(coarse.high[pool1] - (10 + 1.96 * 3)) < 1e-6);
    QCOMPARE(seriesWith(*figure, "bits8").values[pool1], 0.0);
    QCOMPARE(seriesWith(*figure, "bits8").low[pool1], 0.0);
    QCOMPARE(categoryOf(*figure, "input"), figure->categories.size());
}

void TestFigures::lossStatementsFollowTheTable()
{
    const auto product = [](bool isProduct, int bits) { return isProduct && bits == 4 ? 5 : 0; };
    auto figure = *accuracyLossFigure(inputsOf(tableThatLoses(product)));
    QCOMPARE(statementWith(figure, "cannot be ignored").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "same trend").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "serious accuracy drop").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "not obvious").verdict, Verdict::Holds);
    QVERIFY(statementWith(figure, "serious accuracy drop").evidence.find("5.00 points") != std::string::npos);

    const auto other = [](bool isProduct, int bits) { return !isProduct && bits == 4 ? 5 : 0; };
    figure = *accuracyLossFigure(inputsOf(tableThatLoses(other)));
    QCOMPARE(statementWith(figure, "serious accuracy drop").verdict, Verdict::DoesNotHold);
    QCOMPARE(statementWith(figure, "not obvious").verdict, Verdict::DoesNotHold);

    figure = *accuracyLossFigure(inputsOf(tableThatLoses([](bool, int) { return 0; })));
    QCOMPARE(statementWith(figure, "cannot be ignored").verdict, Verdict::DoesNotHold);
}

void TestFigures::moreBitsThatLoseMoreBreakTheTrend()
{
    const auto figure = *accuracyLossFigure(inputsOf(tableThatLoses([](bool, int bits) { return bits == 12 ? 8 : 0; })));
    QCOMPARE(statementWith(figure, "same trend").verdict, Verdict::DoesNotHold);
    const auto chance = *accuracyLossFigure(inputsOf(tableThatLoses([](bool, int bits) { return bits == 12 ? 1 : 0; })));
    QVERIFY2(statementWith(chance, "same trend").evidence.find("no cut loses") != std::string::npos,
             "one image of 100 is chance");
}

void TestFigures::cutsAreJudgedByWhatIsEverTheFastest()
{
    auto inputs = inputsOf(profile::sampleAccuracy(network(), {}));
    QCOMPARE(statementWith(*accuracyLossFigure(inputs), "should generally").verdict, Verdict::Unknown);
    inputs.costs = profile::sampleTable(network());
    const auto statement = statementWith(*accuracyLossFigure(inputs), "should generally");
    QVERIFY(statement.evidence.find("ever") != std::string::npos);
    QVERIFY(statement.evidence.find("needs a profile") == std::string::npos);
}

void TestFigures::exitOutOfRangeIsAnError()
{
    const auto inputs = inputsOf(profile::sampleAccuracy(network(), {}));
    QVERIFY(!dataSizeFigure(inputs, 4).ok());
    QVERIFY(!accuracyLossFigure(inputs, -1).ok());
    QVERIFY(dataSizeFigure(inputs, 1).ok());
}

void TestFigures::regionsHoldTheFastestAccurateDecision()
{
    const auto table = onSustainedLink(profile::sampleTable(network()));
    RegionOptions options;
    options.rttsMs = {2, 40};
    options.rates = 5;
    options.slowdowns = 3;
    const auto figure = regionsFigure({table}, options);
    QVERIFY(figure.ok());
    QCOMPARE(figure->maps.size(), std::size_t(2));
    const auto& map = figure->maps.back();
    QCOMPARE(map.rttMs, 40.0);
    QCOMPARE(map.cells.size(), std::size_t(15));
    QCOMPARE(map.slowdowns.back(), 32.0);
    QVERIFY(std::abs(map.bytesPerSecond.back() - 20e6) < 1);
    double best = 0;
    for (const auto& row : table.rows())
        best = std::max(best, row.accuracy.accuracy);
    for (std::size_t row = 0; row < map.slowdowns.size(); ++row)
        for (std::size_t column = 0; column < map.bytesPerSecond.size(); ++column) {
            const auto& cell = map.at(row, column);
            QVERIFY(cell.accuracy >= best - options.accuracyLoss);
            const profile::Conditions conditions{map.bytesPerSecond[column], 40, map.slowdowns[row], 1, false};
            for (std::size_t i = 0; i < table.rows().size(); ++i)
                if (table.rows()[i].accuracy.accuracy >= best - options.accuracyLoss)
                    QVERIFY(table.predict(i, 1, conditions).totalMs >= cell.totalMs - 1e-9);
        }
}

void TestFigures::regionStatementsFollowTheMap()
{
    const auto spec = network();
    RegionOptions options;
    options.rates = 9;
    options.slowdowns = 3;
    const auto figureWhereALayerTakes = [&](double deviceMs) {
        const auto device = profile::sampleProfile(spec, {}, deviceMs, 0.4);
        const auto edge = profile::sampleProfile(spec, {}, 0.001, 0.1);
        const auto table
            = profile::CostTable::make(spec, {}, device, edge, profile::kSampleLink, profile::sampleAccuracy(spec, {}));
        return *regionsFigure({*table}, options);
    };
    const auto quick = figureWhereALayerTakes(0.001);
    QCOMPARE(statementWith(quick, "0–0.1 MB/s").verdict, Verdict::Holds);
    QCOMPARE(quick.maps.front().at(0, 0).kind, DecisionKind::OnDevice);
    const auto slow = figureWhereALayerTakes(1000);
    QCOMPARE(statementWith(slow, "0–0.1 MB/s").verdict, Verdict::DoesNotHold);
    QVERIFY(slow.maps.front().at(0, 0).kind != DecisionKind::OnDevice);
    QCOMPARE(statementWith(slow, "moves forward").verdict, Verdict::Holds);
}

void TestFigures::aLuckyQuantizedDecisionRulesNobodyOut()
{
    const auto spec = network();
    auto accuracy = profile::sampleAccuracy(spec, {});
    for (auto& column : accuracy.columns)
        if (column.tensor == "conv1" && column.exit == 3 && column.coding.parameter == 16)
            column.correct.assign(column.correct.size(), true);
    const auto quick = profile::sampleProfile(spec, {}, 0.001, 0.1);
    const auto table = profile::CostTable::make(spec, {}, quick, quick, profile::kSampleLink, accuracy);
    RegionOptions options;
    options.rates = 3;
    options.slowdowns = 2;
    const auto figure = *regionsFigure({*table}, options);
    for (const auto& cell : figure.maps.front().cells)
        QCOMPARE(cell.kind, DecisionKind::OnDevice);
}

void TestFigures::smallPayloadsWaitForTheRateToo()
{
    const auto spec = network();
    auto accuracy = profile::sampleAccuracy(spec, {});
    for (auto& column : accuracy.columns)
        if (column.coding.kind == codec::CodingKind::Jpeg)
            column.bytes[codec::EntropyCoder::None] = {500};  // within a bucket's burst
    const auto slow = profile::sampleProfile(spec, {}, 10, 0.1);
    const auto table
        = profile::CostTable::make(spec, {}, slow, profile::sampleProfile(spec, {}, 0.001, 0.1), profile::kSampleLink, accuracy);
    RegionOptions options;
    options.rates = 2;
    options.slowdowns = 2;
    const auto figure = *regionsFigure({*table}, options);
    const auto& map = figure.maps.front();
    QCOMPARE(map.at(1, 0).kind, DecisionKind::JpegFrame);
    QVERIFY2(map.at(1, 0).totalMs > 500 / options.lowBytesPerSecond * 1000, "500 bytes at 10 KB/s");
}

void TestFigures::cancelledRegionsAreAnError()
{
    std::stop_source stop;
    stop.request_stop();
    const auto figure = regionsFigure({profile::sampleTable(network())}, {}, stop.get_token());
    QVERIFY(!figure.ok());
    QCOMPARE(figure.error().code, base::ErrorCode::Cancelled);
    QVERIFY(!regionsFigure({}).ok());
}

void TestFigures::costTableAloneMakesItsFigures()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("table.json").toStdString();
    QVERIFY(profile::sampleTable(network()).save(file).ok());
    FigureRequest request;
    request.table = file;
    request.regions.rates = 4;
    request.regions.slowdowns = 3;
    std::vector<std::string> told;
    const auto set = makeFigures(request, {}, [&](const FigureProgress& progress) { told.push_back(progress.what); });
    QVERIFY2(set.ok(), set.ok() ? "" : set.error().message().c_str());
    QVERIFY(set->find("5a") && set->find("5b") && set->find("regions"));
    QVERIFY2(!set->find("3"), "its profiles have no single layers");
    QCOMPARE(set->problems.size(), std::size_t(1));
    QVERIFY(!told.empty());
    request.table = folder.filePath("missing.json").toStdString();
    QVERIFY(!makeFigures(request, {}).ok());
}

void TestFigures::unknownFigureIsAnError()
{
    FigureRequest request;
    request.figures = {"4"};
    const auto set = makeFigures(request, {});
    QVERIFY(!set.ok());
    QVERIFY(set.error().message().find("5a") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestFigures)
#include "tst_figures.moc"
