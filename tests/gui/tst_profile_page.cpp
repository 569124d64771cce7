// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/profile/cost_samples.h"
#include "ui/charts/figure_chart.h"
#include "ui/pages/profile_page.h"
#include "ui/style/theme.h"
#include "ui/widgets/statement_list.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QImageReader>
#include <QPushButton>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;

/// A cost table whose profiles have layers, so that every figure can be made of it.
QString tableFile(const QTemporaryDir& folder)
{
    const auto spec = *model::loadNetworkSpec("alexnet3");
    const auto withLayers = [&](double layerMs, double codingMs) {
        auto profile = profile::sampleProfile(spec, {}, layerMs, codingMs);
        for (const auto& layer : spec.trunk)
            profile.layers.push_back({layer.name, 8, profile::sampleTime(8 * layerMs)});
        return profile;
    };
    const auto table = profile::CostTable::make(spec, {}, withLayers(4, 0.4), withLayers(1, 0.1), profile::kSampleLink,
                                                profile::sampleAccuracy(spec, {}));
    const QString file = folder.filePath(QStringLiteral("table.json"));
    return table && table->save(file.toStdString()) ? file : QString();
}

struct Fixture {
    QTemporaryDir folder;
    ProfilePage page;
    QSignalSpy troubles{&page, &ProfilePage::troubleArose};

    Fixture()
    {
        page.resize(1100, 640);
        page.network()->setCurrentText(QStringLiteral("alexnet3"));
        page.data()->setCurrentText(QStringLiteral("patterns"));
        page.budget()->setValue(1);
        page.show();
    }
    void openTable()
    {
        page.open(tableFile(folder));
        QTRY_VERIFY_WITH_TIMEOUT(!page.busy(), kPatienceMs);
        QCOMPARE(troubles.size(), 0);
        page.showFigure(QStringLiteral("3"));
    }
};

}  // namespace

class TestProfilePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyFiguresSayWhatFillsThem();
    void anOpenedTableFillsEveryFigure();
    void measuringFillsLayersAndCanBeSaved();
    void cancelStopsAndKeepsWhatWasShown();
    void closingWhileMeasuringIsClean();
    void togglesHideSeriesAndChangeTheScale();
    void hoveringTellsValues_data();
    void hoveringTellsValues();
    void statementsStandBesideThePlot();
    void exportedFilesDecode_data();
    void exportedFilesDecode();
    void foreignFilesAreRefused();
    void everyTabIsPaintedInBothThemes();
    void anEmptyFigureOffersToMeasure();
};

void TestProfilePage::emptyFiguresSayWhatFillsThem()
{
    Fixture f;
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(!f.page.chart(QStringLiteral("3"))->figure());
    QVERIFY(!f.page.chart(QStringLiteral("3"))->isVisible()
            && f.page.chart(QStringLiteral("5a"))->isVisible());  // one that is there
    f.page.showFigure(QStringLiteral("3"));
    QVERIFY(f.page.chart(QStringLiteral("3"))->accessibleDescription().contains(QLatin1String("Measure")));
    QVERIFY(!f.page.exportTo(f.folder.filePath(QStringLiteral("x.png"))).ok());
    QVERIFY(!f.page.save(f.folder.filePath(QStringLiteral("x.json"))).ok());
}

void TestProfilePage::anOpenedTableFillsEveryFigure()
{
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    for (const char* key : {"3", "5a", "5b", "size", "regions"}) {
        const auto* figure = f.page.chart(QLatin1String(key))->figure();
        QVERIFY2(figure, key);
        QVERIFY2(!figure->series.empty() || !figure->maps.empty() || !figure->plots.empty(), key);
    }
    QCOMPARE(f.troubles.size(), 0);
}

void TestProfilePage::measuringFillsLayersAndCanBeSaved()
{
    Fixture f;
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QTest::mouseClick(f.page.measureButton(), Qt::LeftButton);
    QVERIFY(f.page.busy());
    QVERIFY(f.page.cancelButton()->isVisible());
    QVERIFY(!f.page.measureButton()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QCOMPARE(f.troubles.size(), 0);
    const auto* figure = f.page.chart(QStringLiteral("3"))->figure();
    QVERIFY(figure);
    QCOMPARE(figure->series.size(), std::size_t(2));
    const QString file = f.folder.filePath(QStringLiteral("profile.json"));
    const auto saved = f.page.save(file);
    QVERIFY2(saved.ok(), saved.ok() ? "" : saved.error().message().c_str());
    ProfilePage other;
    other.open(file);
    QTRY_VERIFY_WITH_TIMEOUT(!other.busy(), kPatienceMs);
    QVERIFY(other.chart(QStringLiteral("3"))->figure());
}

void TestProfilePage::cancelStopsAndKeepsWhatWasShown()
{
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    f.page.budget()->setValue(600);
    f.page.measure();
    QTRY_VERIFY_WITH_TIMEOUT(f.page.statusText().contains(QLatin1String("measuring")), kPatienceMs);
    QTest::mouseClick(f.page.cancelButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    QVERIFY(f.page.statusText().contains(QLatin1String("stopped")));
    QVERIFY(f.page.chart(QStringLiteral("3"))->figure());
    QVERIFY(f.page.measureButton()->isVisible());
    QCOMPARE(f.troubles.size(), 0);
}

void TestProfilePage::closingWhileMeasuringIsClean()
{
    QElapsedTimer watch;
    {
        Fixture f;
        f.page.budget()->setValue(600);
        f.page.measure();
        QTRY_VERIFY_WITH_TIMEOUT(f.page.statusText().contains(QLatin1String("measuring")), kPatienceMs);
        watch.start();
    }
    QVERIFY(watch.elapsed() < kPatienceMs);
}

void TestProfilePage::togglesHideSeriesAndChangeTheScale()
{
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    FigureChart* chart = f.page.chart(QStringLiteral("3"));
    QVERIFY(f.page.deviceShown()->isVisible());
    f.page.deviceShown()->setChecked(false);
    QVERIFY(chart->view().hidden.contains(QStringLiteral("device")));
    f.page.deviceShown()->setChecked(true);
    f.page.edgeShown()->setChecked(false);
    QCOMPARE(chart->view().hidden, QSet<QString>{QStringLiteral("edge")});
    QVERIFY(!chart->logarithmic());
    QTest::mouseClick(f.page.logarithmic(), Qt::LeftButton, {}, QPoint(8, f.page.logarithmic()->height() / 2));
    QVERIFY(chart->logarithmic());
    f.page.showFigure(QStringLiteral("5a"));
    QVERIFY(!f.page.deviceShown()->isVisible());
    QVERIFY2(f.page.logarithmic()->isChecked(), "sizes begin on a logarithmic scale");
    f.page.showFigure(QStringLiteral("5b"));
    QVERIFY(!f.page.logarithmic()->isChecked());
}

void TestProfilePage::hoveringTellsValues_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("layers") << "3" << QStringList{"device", "ms"};
    QTest::newRow("sizes") << "5a" << QStringList{"float32", "KB"};
    QTest::newRow("losses") << "5b" << QStringList{"4 bits", "points"};
    QTest::newRow("regions") << "regions" << QStringList{"rate", "slowdown", "fastest", "capture to label", "accuracy"};
}

void TestProfilePage::hoveringTellsValues()
{
    QFETCH(QString, key);
    QFETCH(QStringList, expected);
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    f.page.showFigure(key);
    FigureChart* chart = f.page.chart(key);
    QVERIFY(chart->hoverValues().isEmpty());
    const QPointF at(140, chart->height() / 2.0);
    QMouseEvent move(QEvent::MouseMove, at, chart->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(chart, &move);
    QVERIFY(!chart->hoverValues().isEmpty());
    QString told;
    for (const auto& [name, value] : chart->hoverValues())
        told += name + QLatin1Char(' ') + value + QLatin1Char('\n');
    for (const auto& word : expected)
        QVERIFY2(told.contains(word), qPrintable(told));
}

void TestProfilePage::statementsStandBesideThePlot()
{
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    for (const char* key : {"3", "5a", "5b", "size", "regions"}) {
        f.page.showFigure(QLatin1String(key));
        const QString told = f.page.statements()->toPlainText();
        for (const auto& statement : f.page.chart(QLatin1String(key))->figure()->statements) {
            QVERIFY2(told.contains(QString::fromStdString(statement.claim)), qPrintable(told));
            QVERIFY(told.contains(QString::fromStdString(std::string(session::name(statement.verdict)))));
        }
    }
}

void TestProfilePage::exportedFilesDecode_data()
{
    QTest::addColumn<QString>("key");
    for (const char* key : {"3", "5a", "5b", "size", "regions"})
        QTest::newRow(key) << key;
}

void TestProfilePage::exportedFilesDecode()
{
    QFETCH(QString, key);
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    f.page.showFigure(key);
    const auto exported = [&](const char* suffix) {
        const QString file = f.folder.filePath(QStringLiteral("figure.") + QLatin1String(suffix));
        f.page.startExport(file);
        const bool waits = f.page.busy();  // it is written beside the window
        return waits && QTest::qWaitFor([&] { return !f.page.busy(); }, kPatienceMs) ? file : QString();
    };
    const QImage image = QImageReader(exported("png")).read();
    QVERIFY(image.width() > 2000);
    QCOMPARE(image.pixelColor(2, image.height() - 2), QColor(Qt::white));
    QVERIFY(QSvgRenderer(exported("svg")).isValid());
    QFile pdf(exported("pdf"));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.read(5) == "%PDF-");
    QFile csv(exported("csv"));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QVERIFY(csv.readAll().count('\n') > 10);
    QVERIFY(!f.page.exportTo(f.folder.filePath(QStringLiteral("figure.bmp"))).ok());
    QSignalSpy troubles(&f.page, &ProfilePage::troubleArose);
    f.page.startExport(f.folder.filePath(QStringLiteral("missing/figure.png")));
    QTRY_COMPARE_WITH_TIMEOUT(troubles.size(), 1, kPatienceMs);
}

void TestProfilePage::foreignFilesAreRefused()
{
    Fixture f;
    const QString file = f.folder.filePath(QStringLiteral("notes.txt"));
    QFile notes(file);
    QVERIFY(notes.open(QIODevice::WriteOnly));
    notes.write("hello");
    notes.close();
    for (const QString& path : {file, f.folder.filePath(QStringLiteral("missing.json"))}) {
        f.troubles.clear();
        f.page.open(path);
        QVERIFY2(f.troubles.isEmpty(), "it is read beside the GUI");
        QTRY_COMPARE_WITH_TIMEOUT(f.troubles.size(), 1, kPatienceMs);
        const auto error = f.troubles.first().first().value<base::Error>();
        QVERIFY(error.message().find(QFileInfo(path).fileName().toStdString()) != std::string::npos);
    }
}

/// Pictures are kept where SPLITSCOPE_SCREENSHOTS names a folder.
void TestProfilePage::everyTabIsPaintedInBothThemes()
{
    Fixture f;
    f.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    const QString kept = qEnvironmentVariable("SPLITSCOPE_SCREENSHOTS");
    for (const bool dark : {false, true}) {
        applyTheme(*qApp, dark);
        for (const char* key : {"3", "5a", "5b", "size", "regions"}) {
            f.page.showFigure(QLatin1String(key));
            const QImage chart = f.page.chart(QLatin1String(key))->grab().toImage();
            QCOMPARE(chart.pixelColor(chart.width() - 2, chart.height() - 2), Theme::of(themePalette(dark)).panel);
            QSet<QRgb> colours;
            for (int y = 0; y < chart.height(); y += 3)
                for (int x = 0; x < chart.width(); x += 3)
                    colours.insert(chart.pixel(x, y));
            QVERIFY2(colours.size() > 8, key);
            if (!kept.isEmpty())
                QVERIFY(f.page.grab().save(QStringLiteral("%1/profile-%2-%3.png").arg(kept, key, dark ? "dark" : "light")));
        }
    }
    applyTheme(*qApp, false);
}

void TestProfilePage::anEmptyFigureOffersToMeasure()
{
    Fixture f;
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
    f.page.showFigure(QStringLiteral("3"));
    auto* button = f.page.chart(QStringLiteral("3"))->findChild<QPushButton*>();
    QVERIFY(button && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(f.page.busy());
    f.page.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!f.page.busy(), kPatienceMs);
}

QTEST_MAIN(TestProfilePage)
#include "tst_profile_page.moc"
