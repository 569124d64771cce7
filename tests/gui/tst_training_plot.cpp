// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/training_plot.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

model::TrainingCurves curvesOf(int epochs)
{
    model::TrainingCurves curves{3, {}};
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        curves.points.push_back({epoch, 5, 10, 4.0 / epoch, 0.1, {}});
        const double accuracy = 1 - 0.5 / epoch;
        curves.points.push_back({epoch, 10, 10, 3.5 / epoch, 0.1, {accuracy - 0.1, accuracy - 0.05, accuracy}});
    }
    return curves;
}

void write(const QString& path, const QByteArray& content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

/// How many dots of a picture are coloured: neither paper, nor letters, nor hairlines.
int colouredDots(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor colour = image.pixelColor(x, y);
            count += colour.saturation() > 100 ? 1 : 0;
        }
    return count;
}

}  // namespace

class TestTrainingPlot : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    [[nodiscard]] QString in(const char* name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void filesOfEachKindAreWritten()
    {
        const auto files = plotTrainingInto(curvesOf(5), "alexnet3", in("plots"));
        QVERIFY2(files.ok(), files.ok() ? "" : files.error().message().c_str());
        QCOMPARE(files->size(), std::size_t{4});
        const QImage png(in("plots/training.png"));
        QCOMPARE(png.width(), 2102);  // 178 mm at 300 dots an inch
        QVERIFY(colouredDots(png) > 2000);
        QVERIFY(QSvgRenderer(in("plots/training.svg")).isValid());
        QFile pdf(in("plots/training.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly) && pdf.readAll().startsWith("%PDF"));
        const auto again = model::readCurves(in("plots/training.csv").toStdString());
        QVERIFY(again.ok());
        QCOMPARE(model::toCsv(*again), model::toCsv(curvesOf(5)));
    }

    void whatCannotBeDrawnIsAnError()
    {
        const auto empty = plotTraining({3, {}}, "empty", in("empty.png"));
        QVERIFY(!empty.ok() && !QFile::exists(in("empty.png")));
        const auto kind = plotTraining(curvesOf(1), "kind", in("kind.bmp"));
        QVERIFY(!kind.ok() && kind.error().code == base::ErrorCode::Unsupported);
        const auto place = plotTraining(curvesOf(1), "place", "/nowhere/plot.svg");
        QVERIFY(!place.ok() && place.error().where == "/nowhere/plot.svg");
    }

    void aTrainingOnItsWayIsFollowed()
    {
        TrainingPlot plot;
        plot.resize(720, 280);
        plot.follow(in("curves.csv"), "on its way");
        QVERIFY(plot.curves().points.empty());  // not there yet
        QCOMPARE(colouredDots(plot.grab().toImage()), 0);
        write(in("curves.csv"), QByteArray::fromStdString(model::toCsv(curvesOf(2))));
        QTRY_COMPARE_WITH_TIMEOUT(plot.curves().points.size(), std::size_t{4}, 20'000);
        const int few = colouredDots(plot.grab().toImage());
        QVERIFY(few > 100);
        write(in("curves.csv"), QByteArray::fromStdString(model::toCsv(curvesOf(7))));
        QTRY_COMPARE_WITH_TIMEOUT(plot.curves().points.size(), std::size_t{14}, 20'000);
    }

    void thePointersValuesAreTold()
    {
        TrainingPlot plot;
        plot.resize(720, 280);
        plot.setCurves(curvesOf(8), "done");
        plot.show();
        const QImage before = plot.grab().toImage();
        QTest::mouseMove(&plot, QPoint(200, 150));
        QTRY_VERIFY_WITH_TIMEOUT(plot.grab().toImage() != before, 20'000);
    }

    void theProgramPlotsFromItsCommandLine()
    {
        write(in("c.csv"), QByteArray::fromStdString(model::toCsv(curvesOf(3))));
        const auto run = [](const QStringList& arguments) {
            QProcess process;
            process.start(SPLITSCOPE_BIN "/splitscope", arguments);
            return process.waitForFinished(120'000) ? process.exitCode() : -1;
        };
        QCOMPARE(run({"--plot-training", in("c.csv"), "--out", in("one.svg")}), 0);
        QVERIFY(QSvgRenderer(in("one.svg")).isValid());
        QCOMPARE(run({"--plot-training", in("c.csv"), "--out", in("all")}), 0);
        QVERIFY(QFile::exists(in("all/training.pdf")));
        QCOMPARE(run({"--plot-training", in("c.csv")}), 2);
        QCOMPARE(run({"--plot-training", in("missing.csv"), "--out", in("x.png")}), 1);
    }
};

QTEST_MAIN(TestTrainingPlot)
#include "tst_training_plot.moc"
