// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_set.h"
#include "tests/core/session/figure_inputs.h"

#include <QtTest>

using namespace splitscope;
using namespace splitscope::session;

namespace {

Figure sampleFigure(const QString& which)
{
    auto inputs = inputsOf(profile::sampleAccuracy(network(), {}));
    inputs.edge = layeredProfile(2, 0.5);
    RegionOptions options;
    options.rates = 4;
    options.slowdowns = 3;
    return which == "3" ? *layerLatencyFigure(inputs)
        : which == "5a" ? *dataSizeFigure(inputs)
        : which == "5b" ? *accuracyLossFigure(inputs)
                        : *regionsFigure({profile::sampleTable(network())}, options);
}

}  // namespace

/// Figures as JSON, CSV and text.
class TestFigureFiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void jsonGivesTheFigureBack_data();
    void jsonGivesTheFigureBack();
    void damagedJsonIsAnError_data();
    void damagedJsonIsAnError();
    void csvHasOneRowPerCategoryOrCell();
    void textSaysVerdictsWithinItsWidth();
};

void TestFigureFiles::jsonGivesTheFigureBack_data()
{
    QTest::addColumn<QString>("which");
    for (const char* which : {"3", "5a", "5b", "regions"})
        QTest::newRow(which) << which;
}

void TestFigureFiles::jsonGivesTheFigureBack()
{
    QFETCH(QString, which);
    const auto figure = sampleFigure(which);
    const auto json = toJson(figure);
    const auto back = parseFigure(json, "test");
    QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
    QCOMPARE(toJson(*back), json);
    QCOMPARE(toCsv(*back), toCsv(figure));
    QCOMPARE(toText(*back), toText(figure));
    QCOMPARE(QString::fromStdString(back->key), which);
}

void TestFigureFiles::damagedJsonIsAnError_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::newRow("not JSON") << "{"
                              << "";
    QTest::newRow("another format") << "splitscope-figure"
                                    << "splitscope-profile";
    QTest::newRow("another version") << "\"version\":1"
                                     << "\"version\":2";
    QTest::newRow("unknown kind") << "\"kind\":\"points\""
                                  << "\"kind\":\"pie\"";
    QTest::newRow("unknown verdict") << "does_not_hold"
                                     << "perhaps";
    QTest::newRow("a value too few") << "\"values\":["
                                     << "\"values\":[],\"rest\":[";
}

void TestFigureFiles::damagedJsonIsAnError()
{
    QFETCH(QString, what);
    QFETCH(QString, with);
    auto figure = sampleFigure("5b");
    figure.statements.front().verdict = Verdict::DoesNotHold;
    auto json = QString::fromStdString(toJson(figure));
    const auto at = json.indexOf(what);
    QVERIFY(at >= 0);
    json.replace(at, what.size(), with);
    const auto parsed = parseFigure(json.toStdString(), "test.json");
    QVERIFY(!parsed.ok());
    QVERIFY(parsed.error().message().find("test.json") != std::string::npos);
}

void TestFigureFiles::csvHasOneRowPerCategoryOrCell()
{
    const auto sizes = sampleFigure("5a");
    const auto lines = QString::fromStdString(toCsv(sizes)).split("\r\n", Qt::SkipEmptyParts);
    QCOMPARE(static_cast<std::size_t>(lines.size()), sizes.categories.size() + 1);
    QVERIFY(lines.front().startsWith("category,kind,group,float32_kb"));
    for (const auto& line : lines)
        QCOMPARE(line.count(','), lines.front().count(','));
    const auto maps = QString::fromStdString(toCsv(sampleFigure("regions"))).split("\r\n", Qt::SkipEmptyParts);
    QCOMPARE(maps.size(), qsizetype(3 * 4 * 3 + 1));
}

void TestFigureFiles::textSaysVerdictsWithinItsWidth()
{
    const auto figure = sampleFigure("5b");
    const auto text = QString::fromStdString(toText(figure));
    for (const auto& line : text.split('\n'))
        QVERIFY2(line.size() <= 110, qPrintable(line));
    for (const auto& statement : figure.statements)
        QVERIFY(text.contains(QString::fromStdString(std::string(name(statement.verdict)) + ":")));
}

QTEST_APPLESS_MAIN(TestFigureFiles)
#include "tst_figure_files.moc"
