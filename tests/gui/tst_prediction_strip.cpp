// SPDX-License-Identifier: GPL-3.0-or-later
// What the Live page tells of the cost table, and a new one measured from there.
#include "core/profile/cost_table.h"
#include "ui/bridge/table_measurer.h"
#include "ui/widgets/prediction_strip.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

profile::StageFit& fit(session::PredictionStatus& status, profile::Stage stage)
{
    return status.fits[static_cast<std::size_t>(stage)];
}

session::PredictionStatus usual()
{
    session::PredictionStatus status;
    fit(status, profile::Stage::Capture) = {0.01, 0.01, 1, 31, false};
    fit(status, profile::Stage::Device) = {10, 10.4, 1.04, 31, false};
    fit(status, profile::Stage::Transfer) = {5, 5, 1, 31, false};
    fit(status, profile::Stage::Total) = {16, 16.5, 1.03, 31, false};
    return status;
}

template <typename Widget>
Widget* named(const QWidget& parent, const QString& accessibleName)
{
    for (auto* widget : parent.findChildren<Widget*>())
        if (widget->accessibleName() == accessibleName)
            return widget;
    return nullptr;
}

}  // namespace

class TestPredictionStrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hiddenUntilThereIsSomethingToTell()
    {
        PredictionStrip strip;
        QVERIFY(strip.isHidden());
        strip.showPrediction(usual());
        QVERIFY(!strip.isHidden());
        strip.clear();
        QVERIFY(strip.isHidden());
    }

    void tellsStagesThatMatterAndMarksWhatIsOff()
    {
        PredictionStrip strip;
        auto status = usual();
        strip.showPrediction(status);
        QCOMPARE(strip.text(), QString("Measured over foretold: device 1.04 × · link 1.00 × · all 1.03 ×"));
        fit(status, profile::Stage::Device) = {10, 16, 1.6, 31, true};
        strip.showPrediction(status);
        QVERIFY2(strip.text().contains("▲ device 1.60 ×"), qPrintable(strip.text()));
        QVERIFY(!strip.text().contains("corrected"));
        status.corrects = true;
        status.deviceTimes = 1.55;
        strip.showPrediction(status);
        QVERIFY2(strip.text().endsWith("corrected: device 1.55 ×, edge 1.00 ×"), qPrintable(strip.text()));
        QVERIFY(named<QCheckBox>(strip, "Correct the cost table")->isChecked());
    }

    void asksOnlyWhereTheUserDid()
    {
        PredictionStrip strip;
        QSignalSpy corrected(&strip, &PredictionStrip::correctionChosen);
        QSignalSpy asked(&strip, &PredictionStrip::measureRequested);
        QSignalSpy cancelled(&strip, &PredictionStrip::cancelRequested);
        auto status = usual();
        status.corrects = true;
        strip.showPrediction(status);
        QCOMPARE(corrected.size(), 0);
        strip.show();
        named<QCheckBox>(strip, "Correct the cost table")->click();
        QCOMPARE(corrected.size(), 1);
        QCOMPARE(corrected.front().front().toBool(), false);
        auto* measure = named<QToolButton>(strip, "Measure a new cost table");
        measure->click();
        QCOMPARE(asked.size(), 1);
        strip.showMeasuring("when this run has ended", 0, 1);
        QVERIFY(!measure->isVisible());
        named<QToolButton>(strip, "Cancel measuring the cost table")->click();
        QCOMPARE(cancelled.size(), 1);
    }

    void aNewTableIsMeasuredBesideTheGuiAndKept()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "tables" / "new.costs.json.zst";
        session::TableMeasurementOptions options;
        options.scenario.actionSet = "bits:8";
        options.experiment.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
        options.run.framesPerDecision = 2;
        options.run.minIntervalMs = 20;  // decisions travel with answers: what stays on the device must not run ahead of them
        TableMeasurer measurer;
        QSignalSpy progressed(&measurer, &TableMeasurer::progressed);
        std::optional<base::Result<std::filesystem::path>> finished;
        connect(&measurer, &TableMeasurer::finished, this, [&](const auto& result) { finished = result; });
        measurer.start(options, file);
        QVERIFY(measurer.active());
        QTRY_VERIFY_WITH_TIMEOUT(finished.has_value(), 60'000);
        QVERIFY2(finished->ok(), finished->ok() ? "" : finished->error().message().c_str());
        QVERIFY(!measurer.active() && !progressed.isEmpty());
        const auto table = profile::CostTable::load(file);
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        QVERIFY(table->predict(table->rows().front().decision, 1, {.bytesPerSecond = 1e6}).ok());
    }

    void aCancelledMeasurementLeavesNoFile()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "never.costs.json.zst";
        session::TableMeasurementOptions options;
        options.experiment.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
        TableMeasurer measurer;
        std::optional<base::Result<std::filesystem::path>> finished;
        connect(&measurer, &TableMeasurer::finished, this, [&](const auto& result) { finished = result; });
        QSignalSpy progressed(&measurer, &TableMeasurer::progressed);
        measurer.start(options, file);
        QTRY_VERIFY_WITH_TIMEOUT(!progressed.isEmpty(), 60'000);
        measurer.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(finished.has_value(), 30'000);
        QVERIFY(!finished->ok() && finished->error().code == base::ErrorCode::Cancelled);
        QVERIFY(!std::filesystem::exists(file));
    }
};

QTEST_MAIN(TestPredictionStrip)
#include "tst_prediction_strip.moc"
