// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/run_table_model.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

session::RunRow madeUpRow(std::uint64_t run, const std::string& strategy, std::vector<std::string> tags = {})
{
    session::RunRow row;
    row.key = {"records.sqlite", run};
    row.startedMs = static_cast<std::int64_t>(run) * 1000;
    row.strategy = strategy;
    row.model = "alexnet3";
    row.bandwidth = "1MB/s";
    row.tags = std::move(tags);
    row.totals.requests = row.totals.frames = 100;
    row.totals.p50Ms = 10.0 * static_cast<double>(run);
    return row;
}

}  // namespace

class TestRunTableModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theModelKeepsItsContract();
    void newRowsKeepChecksAndSelection();
    void unknownNumbersSortLast();
};

void TestRunTableModel::theModelKeepsItsContract()
{
    RunTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunFilter filter;
    QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    filter.setSourceModel(&model);
    filter.sort(RunTableModel::MedianColumn);
    model.setRows({madeUpRow(3, "sacd", {"good"}), madeUpRow(1, "dqn")});
    model.setRows({madeUpRow(4, "fixed"), madeUpRow(3, "sacd"), madeUpRow(2, "sacd"), madeUpRow(1, "dqn")});
    QCOMPARE(model.rowCount(), 4);
    filter.setText(QStringLiteral("SACD alexnet3"));
    QCOMPARE(filter.rowCount(), 2);
    model.setChecked({"records.sqlite", 2}, true);
    QVERIFY(model.setData(model.index(3, RunTableModel::TagsColumn), QStringLiteral(" b, a,a "), Qt::EditRole));
    QCOMPARE(model.index(3, RunTableModel::TagsColumn).data().toString(), QStringLiteral("a, b"));
    model.setRows({madeUpRow(1, "dqn"), madeUpRow(3, "sacd")});  // another order
    QVERIFY(model.checked().empty());
    model.setRows({});
    QCOMPARE(filter.rowCount(), 0);
}

void TestRunTableModel::newRowsKeepChecksAndSelection()
{
    RunTableModel model;
    model.setRows({madeUpRow(2, "sacd"), madeUpRow(1, "dqn")});
    QSignalSpy checks(&model, &RunTableModel::checkedChanged);
    QVERIFY(model.setData(model.index(1, 0), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(checks.size(), 1);
    const QPersistentModelIndex selected = model.index(1, 0);
    model.setRows({madeUpRow(3, "fixed"), madeUpRow(2, "sacd"), madeUpRow(1, "dqn")});
    QCOMPARE(selected.row(), 2);
    QCOMPARE(model.checked().size(), std::size_t(1));
    QCOMPARE(model.checked().front().row.key.run, std::uint64_t(1));
    QVERIFY(model.index(2, 0).data(Qt::DecorationRole).value<QColor>().alpha() == 255);
    QVERIFY(model.index(0, 0).data(Qt::DecorationRole).value<QColor>().alpha() == 0);
    model.setRows({madeUpRow(3, "fixed")});
    QVERIFY(model.checked().empty());
    QCOMPARE(checks.size(), 2);
}

void TestRunTableModel::unknownNumbersSortLast()
{
    RunTableModel model;
    auto priced = madeUpRow(1, "sacd"), better = madeUpRow(2, "dqn");
    priced.totals.reward = 0.4;
    better.totals.reward = 0.6;
    model.setRows({madeUpRow(3, "fixed"), better, priced});
    RunFilter filter;
    filter.setSourceModel(&model);
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        filter.sort(RunTableModel::RewardColumn, order);
        QCOMPARE(filter.index(2, RunTableModel::StrategyColumn).data().toString().left(5), QStringLiteral("fixed"));
        QCOMPARE(filter.index(0, RunTableModel::StrategyColumn).data().toString(),
                 order == Qt::AscendingOrder ? QStringLiteral("sacd") : QStringLiteral("dqn"));
    }
}

QTEST_MAIN(TestRunTableModel)
#include "tst_run_table_model.moc"
