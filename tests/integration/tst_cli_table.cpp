// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table as scripts use it: accuracy tables.
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"table"} + arguments, kWaitMs); }

QJsonObject objectOf(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

QJsonObject decisionOf(const QJsonObject& table, int exit, const QString& tensor, const QString& coding)
{
    for (const QJsonValue one : table["decisions"].toArray())
        if (one["exit"] == exit && one["tensor"] == tensor && one["coding"] == coding)
            return one.toObject();
    return {};
}

}  // namespace

class TestCliTable : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("show what") << QStringList{"show"} << "which table?";
        QTest::newRow("where") << QStringList{"accuracy"} << "--out";
        QTest::newRow("coder") << QStringList{"accuracy", "--coder", "zip"} << "huffman-adaptive";
        QTest::newRow("action set") << QStringList{"accuracy", "--actions", "paper"} << "did you mean --action-set";
        QTest::newRow("split") << QStringList{"accuracy", "--out", "/nowhere/t", "--split", "test"} << "evaluation";
        QTest::newRow("model") << QStringList{"accuracy", "--out", "/nowhere/t", "--model", "vgg"} << "vgg";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
        QVERIFY(ran.out.isEmpty());
    }

    void aTableIsBuiltGrowsAndIsShown()
    {
        const auto file = m_folder.filePath("alexnet5.table");
        const QStringList build{"accuracy", "--model", "alexnet5", "--data", "patterns", "--batch", "4", "--out", file, "--json"};
        const auto paper = run(build + QStringList{"--images", "4", "--action-set", "paper"});
        QVERIFY2(paper.exitCode == 0, paper.err.constData());
        QCOMPARE(objectOf(paper)["images"].toInt(), 4);
        const auto built = run(build + QStringList{"--images", "8"});
        QVERIFY2(built.exitCode == 0, built.err.constData());
        const auto table = objectOf(built);
        QCOMPARE(table["decisions"].toArray().size(), 346);
        QCOMPARE(table["images"].toInt(), 8);
        QVERIFY(table["least_seconds_per_image"].toDouble() > 0);
        QCOMPARE(decisionOf(table, 5, "pool1", "8")["bytes_per_frame"].toInt(), 8 + 32 * 16 * 16);
        QCOMPARE(decisionOf(table, 5, "input", "raw")["bytes_per_frame"].toInt(), 3072);
        QCOMPARE(decisionOf(table, 2, "exit2/fc2", "label")["bytes_per_frame"].toInt(), 0);

        const auto shown = objectOf(run({"show", file, "--json", "--coder", "huffman-adaptive"}));
        QCOMPARE(shown["coder"].toString(), "huffman-adaptive");
        QVERIFY(decisionOf(shown, 5, "pool1", "8")["bytes_per_frame"].toDouble() < 8 + 32 * 16 * 16);
        QCOMPARE(decisionOf(shown, 5, "pool1", "8")["accuracy"], decisionOf(table, 5, "pool1", "8")["accuracy"]);
        const auto text = run({"show", file});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.out.contains("alexnet5 on patterns (table), 8 images, 346 decisions"));
    }

    void aDamagedTableIsStatus1()
    {
        const auto path = m_folder.filePath("damaged.table");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("SSA1" + QByteArray(100, 'x'));
        file.close();
        for (const QStringList& arguments :
             {QStringList{"show", path}, QStringList{"accuracy", "--images", "2", "--out", path}}) {
            const auto ran = run(arguments);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("damaged.table") && ran.err.contains("checksum"), ran.err.constData());
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().size(), qsizetype{104});
    }
};

QTEST_APPLESS_MAIN(TestCliTable)
#include "tst_cli_table.moc"
