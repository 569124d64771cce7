// SPDX-License-Identifier: GPL-3.0-or-later
// The papers' experiments done again, quickly, by the real program with a real daemon.
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

class TestCliReproduce : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    [[nodiscard]] QString out() const { return m_folder.filePath("again"); }

private Q_SLOTS:
    void aQuickOneMakesAPageOfStatementsVerdictsPlotsAndData()
    {
        const auto done = runCli({"reproduce", "--quick", "--data", "patterns", "--out", out(), "--json"}, 300'000);
        QVERIFY2(done.exitCode == 0, done.err.constData());
        const auto object = QJsonDocument::fromJson(done.out).object();
        QVERIFY(object["problems"].toArray().isEmpty());
        QStringList figures;
        int statements = 0;
        for (const auto& value : object["figures"].toArray()) {
            const auto figure = value.toObject();
            figures << figure["figure"].toString();
            statements += static_cast<int>(figure["statements"].toArray().size());
        }
        for (const char* key : {"transfers", "3", "5a", "5b", "6a", "6b", "6c"})
            QVERIFY2(figures.contains(QString("alexnet3-") + key), qPrintable(figures.join(' ')));
        QVERIFY(statements >= 8);
        QFile report(object["report"].toString());
        QVERIFY(report.open(QIODevice::ReadOnly));
        const auto html = report.readAll();
        for (const auto& key : figures) {
            QVERIFY2(html.contains("<section id=\"" + key.toUtf8() + "\""), qPrintable(key));
            QVERIFY2(QFile::exists(out() + "/figures/" + key + ".csv"), qPrintable(key));
        }
        QVERIFY(html.count("class=\"yes\"") + html.count("class=\"no\"") + html.count("class=\"open\"") >= 2 * statements);
        if (QFile::exists(SPLITSCOPE_BIN "/splitscope"))  // which draws
            QVERIFY(html.count("<svg") >= figures.size());
    }

    void whatIsThereIsNotDoneAgainAndOtherOptionsAreRefused()
    {
        const auto figure = out() + "/figures/alexnet3-5a.json";
        const auto measured = out() + "/tables/alexnet3.costs.json.zst";
        QVERIFY(QFile::exists(figure) && QFile::exists(measured));
        const auto contentOf = [](const QString& path) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const auto before = contentOf(out() + "/figures/alexnet3-transfers.json");
        QVERIFY(QFile::remove(figure));
        const auto again = runCli({"reproduce", "--quick", "--data", "patterns", "--out", out(), "--json"}, 120'000);
        QVERIFY2(again.exitCode == 0, again.err.constData());
        QVERIFY(QFile::exists(figure));
        QCOMPARE(contentOf(out() + "/figures/alexnet3-transfers.json"), before);

        const auto other = runCli({"reproduce", "--quick", "--data", "patterns", "--seed", "2", "--out", out()}, 60'000);
        QCOMPARE(other.exitCode, 1);
        QVERIFY2(other.err.contains("other options"), other.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliReproduce)
#include "tst_cli_reproduce.moc"
