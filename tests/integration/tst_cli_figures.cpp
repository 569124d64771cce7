// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli figures as scripts use it.
#include "tests/integration/cli_program.h"
#include "tests/integration/cli_tables.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"figures"} + arguments, kWaitMs); }

}  // namespace

class TestCliFigures : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_table;

private Q_SLOTS:
    void initTestCase()
    {
        m_table = writeSampleTable(m_folder);
        QVERIFY(!m_table.isEmpty());
    }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "regions, edgent or all";
        QTest::newRow("unknown figure") << QStringList{"4"} << "there is no figure '4'";
        QTest::newRow("budget") << QStringList{"3", "--budget", "0"} << "--budget";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void aCostTableMakesFiguresInEveryFormat()
    {
        if (!QFileInfo::exists(SPLITSCOPE_BIN "/splitscope"))
            QSKIP("built without the dashboard, which draws");
        const QString out = m_folder.filePath("figures");
        const auto ran = run({"5a", "5b", "size", "regions", "--table", m_table, "--out", out, "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        for (const char* figure : {"5a", "5b", "size", "regions"})
            for (const char* suffix : {"png", "svg", "pdf", "csv", "txt", "json"}) {
                const QFileInfo file(QStringLiteral("%1/figure-%2.%3").arg(out, figure, suffix));
                QVERIFY2(file.size() > 300, qPrintable(file.filePath()));
            }
        const auto told = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(told["figures"].toArray().size(), 4);
        QCOMPARE(told["files"].toArray().size(), 24);
        const QStringList verdicts{"holds", "does not hold", "cannot be said"};
        for (const auto& figure : told["figures"].toArray())
            for (const auto& statement : figure.toObject()["statements"].toArray())
                QVERIFY(verdicts.contains(statement.toObject()["verdict"].toString()));
    }

    void aFigureThatCannotBeMadeIsStatus1AndSaysWhy()
    {
        const auto ran = run({"3", "--table", m_table, "--out", m_folder.filePath("none")});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("no times of single layers"), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliFigures)
#include "tst_cli_figures.moc"
