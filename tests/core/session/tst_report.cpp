// SPDX-License-Identifier: GPL-3.0-or-later
// A run's report: whole, in figures that are the run's, harmless whatever texts it holds, and there for an empty run too.
#include "core/session/report.h"
#include "core/session/report_chart.h"
#include "core/session/run_columns_p.h"
#include "core/session/run_totals_p.h"
#include "tests/core/session/session_samples.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace splitscope;

namespace {

session::ReportInputs inputsOf(const std::vector<session::Sample>& samples)
{
    session::RunPart part;
    for (const auto& sample : samples)
        part.append(sample);
    session::ReportInputs inputs;
    session::TotalsBuilder totals(12);
    session::ColumnsBuilder columns;
    if (part.size() > 0) {
        totals.append(part);
        columns.append(part);
    }
    inputs.row.key = {"records.sqlite", 42};
    inputs.row.ending = session::RunEnding::Finished;
    inputs.row.model = "alexnet3";
    inputs.row.scenarioJson = R"({"seed": 7})";
    inputs.row.environment = R"({"host": "desk", "libtorch": "1.13.0"})";
    inputs.row.totals = totals.take();
    inputs.columns = columns.take();
    return inputs;
}

std::vector<session::Sample> someSamples()
{
    std::vector<session::Sample> samples;
    for (std::uint64_t frame = 0; frame < 900; ++frame)
        samples.push_back(makeSample(frame, 1, frame % 3 == 0 ? 15 : 10));
    samples.push_back(makeLost(900, 1));
    return samples;
}

/// HTML as this program writes it is XML, but for what stands alone in the head.
QString errorOf(const std::string& html)
{
    auto text = QString::fromStdString(html);
    text.remove(QStringLiteral("<!DOCTYPE html>")).remove(QStringLiteral("<meta charset=\"utf-8\">"));
    QXmlStreamReader reader(text);
    while (!reader.atEnd())
        reader.readNext();
    return reader.hasError() ? QStringLiteral("%1 in line %2").arg(reader.errorString()).arg(reader.lineNumber()) : QString();
}

}  // namespace

class TestReport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void figuresAndTablesAreTheRuns()
    {
        const auto html = session::reportHtml(inputsOf(someSamples()));
        QCOMPARE(errorOf(html), QString());
        const auto text = QString::fromStdString(html);
        QVERIFY(text.contains("901 in 901 requests"));
        QVERIFY(text.contains("900 done, 0 fallback (0 %), 1 lost"));
        QVERIFY(text.contains("missed by 300 requests (33.3 %)"));
        QVERIFY(text.contains("&quot;seed&quot;: 7"));
        QVERIFY(text.contains("1.13.0"));
        QVERIFY(text.contains("deadline 12.0 ms"));
        QCOMPARE(text.count("<figure>"), 6);
        // The reward was never priced: its chart says so.
        QCOMPARE(text.count("nothing was measured"), 1);
        QVERIFY(!text.contains("nan"));
    }

    void textsOfARunAreHarmless()
    {
        auto inputs = inputsOf(someSamples());
        const std::string nasty = "</pre><script>alert('x')</script> & \"quoted\"";
        inputs.row.scenarioName = inputs.row.notes = inputs.row.device = inputs.row.bandwidth = nasty;
        inputs.row.tags = {nasty};
        inputs.row.scenarioJson = nasty;
        inputs.events = {{1, 2, nasty, nasty, nasty}};
        const auto html = session::reportHtml(inputs);
        QCOMPARE(errorOf(html), QString());
        QVERIFY(html.find("<script") == std::string::npos);
    }

    void aRunWithoutRequestsHasAReport()
    {
        const auto html = session::reportHtml(inputsOf({}));
        QCOMPARE(errorOf(html), QString());
        QVERIFY(html.find("no request was recorded") != std::string::npos);
        const auto one = session::reportHtml(inputsOf({makeSample(0, 1)}));
        QCOMPARE(errorOf(one), QString());
        QVERIFY(!QString::fromStdString(one).contains("nan"));
    }

    void chartsHoldTheirValues()
    {
        session::ReportChart chart{"T", "ms", "", {0, 1, 2, 3}};
        chart.series = {{"a", "#000000", "", {1, std::nan(""), 3, 2}}};
        chart.reference = 2.5;
        chart.referenceName = "deadline";
        const auto html = QString::fromStdString(toHtml(chart));
        // A gap where nothing was measured: two strokes.
        const QRegularExpression path("stroke=\"#000000\" stroke-width=\"1.4\" d=\"([^\"]*)\"");
        const auto strokes = path.match(html).captured(1);
        QCOMPARE(strokes.count('M'), 2);
        QCOMPARE(strokes.count('L'), 1);
        QVERIFY(html.contains("deadline"));
        chart.series[0].values = {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
        QVERIFY(toHtml(chart).find("nothing was measured") != std::string::npos);
    }

    void numbersHaveThreeDigits_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("thousands") << 12345.6 << "12346";
        QTest::newRow("tens") << 12.345 << "12.3";
        QTest::newRow("ones") << 1.2345 << "1.23";
        QTest::newRow("small") << 0.01234 << "0.0123";
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("nothing") << std::nan("") << QString::fromUtf8("–");
    }
    void numbersHaveThreeDigits()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(session::threeDigits(value)), text);
    }
};

QTEST_GUILESS_MAIN(TestReport)
#include "tst_report.moc"
