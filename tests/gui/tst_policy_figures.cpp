// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/sim/small_table.h"
#include "ui/charts/figure_chart.h"
#include "ui/widgets/policy_figures.h"
#include "ui/widgets/statement_list.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;

/// Figures of a small table, at batch 1 alone.
struct Fixture {
    QTemporaryDir folder;
    QLabel* body = new QLabel(QStringLiteral("body"));
    PolicyFigures figures{QStringLiteral("Policy"), body};

    explicit Fixture(int updates)
    {
        session::FigureRequest problem;
        problem.table = folder.filePath(QStringLiteral("table.json")).toStdString();
        problem.batches = {1};
        problem.policyUpdates = updates;
        if (sim::smallTable("alexnet3").save(problem.table).ok())
            figures.setProblem(problem);
        figures.resize(1000, 600);
        figures.show();
    }
    [[nodiscard]] bool hasFigures() const
    {
        for (const char* key : {"6a", "6b", "6c"})
            if (!figures.chart(QLatin1String(key))->figure())
                return false;
        return true;
    }
};

}  // namespace

class TestPolicyFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutFiguresTheTabsOfferToTrain()
    {
        Fixture f(10);
        QVERIFY(f.body->isVisible());
        QVERIFY(!f.figures.startButton()->isVisible());
        f.figures.showFigure(QStringLiteral("6b"));
        QVERIFY(!f.body->isVisible() && f.figures.chart(QStringLiteral("6b"))->isVisible());
        QVERIFY(f.figures.startButton()->isVisible() && f.figures.startButton()->isEnabled());
        QVERIFY(!f.figures.shownChart());
        f.figures.showFigure({});
        QVERIFY(f.body->isVisible());
    }

    void trainingFillsAllThreeAndTellsHowFarItIs()
    {
        Fixture f(60);
        f.figures.showFigure(QStringLiteral("6a"));
        f.figures.startButton()->click();
        QVERIFY(f.figures.busy() && f.figures.cancelButton()->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(f.figures.statusText().contains(QStringLiteral("SAC-d")), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!f.figures.busy(), kPatienceMs);
        QVERIFY(f.hasFigures());
        QCOMPARE(f.figures.shownChart(), f.figures.chart(QStringLiteral("6a")));
        QVERIFY(f.figures.statements()->toPlainText().contains(
            QString::fromStdString(f.figures.shownChart()->figure()->statements.front().evidence.substr(0, 12))));
        QVERIFY(f.figures.startButton()->isVisible());
    }

    void cancelledTrainingLeavesWhatWasShown()
    {
        Fixture f(60);
        f.figures.start();
        QTRY_VERIFY_WITH_TIMEOUT(!f.figures.busy(), kPatienceMs);
        const auto before = f.figures.chart(QStringLiteral("6c"))->figure()->subtitle;
        session::FigureRequest longer;
        longer.table = f.folder.filePath(QStringLiteral("table.json")).toStdString();
        longer.batches = {1};
        longer.policyUpdates = 1'000'000;
        f.figures.setProblem(longer);
        QSignalSpy troubles(&f.figures, &PolicyFigures::troubleArose);
        f.figures.start();
        f.figures.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!f.figures.busy(), kPatienceMs);
        QCOMPARE(f.figures.chart(QStringLiteral("6c"))->figure()->subtitle, before);
        QCOMPARE(troubles.count(), 0);
        QVERIFY(f.figures.statusText().contains(QStringLiteral("cancelled")));
    }

    void aTableThatIsNotThereIsTold()
    {
        Fixture f(10);
        session::FigureRequest missing;
        missing.table = f.folder.filePath(QStringLiteral("missing.json")).toStdString();
        f.figures.setProblem(missing);
        QSignalSpy troubles(&f.figures, &PolicyFigures::troubleArose);
        f.figures.start();
        QTRY_COMPARE_WITH_TIMEOUT(troubles.count(), 1, kPatienceMs);
        QVERIFY(!f.figures.busy() && !f.hasFigures());
    }

    void closingWhileTrainingIsHarmless()
    {
        Fixture f(1'000'000);
        f.figures.start();
        QVERIFY(f.figures.busy());
    }
};

QTEST_MAIN(TestPolicyFigures)
#include "tst_policy_figures.moc"
