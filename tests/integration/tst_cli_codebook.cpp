// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli codebook: trained, shown, and used by runs and tables.
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(arguments, kWaitMs); }

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject objectOf(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

}  // namespace

class TestCliCodebook : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_book;

private Q_SLOTS:
    void initTestCase()
    {
        m_book = m_folder.filePath("alexnet3.codebook");
        const auto trained = run({"codebook", "train", "--model", "alexnet3", "--data", "patterns", "--images", "12", "--frames",
                                  "0", "--bits", "8", "--out", m_book, "--json"});
        QVERIFY2(trained.exitCode == 0, trained.err.constData());
        const auto book = objectOf(trained);
        QCOMPARE(book["model"].toString(), "alexnet3");
        QCOMPARE(book["images"].toInt(), 12);
        QCOMPARE(book["books"].toArray().size(), 27 * 15);  // tensors that may cross, bits 2 to 16
        QVERIFY(trained.err.contains("books, about"));
    }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << "what shall be done";
        QTest::newRow("show what") << QStringList{"show"} << "which codebook?";
        QTest::newRow("where") << QStringList{"train"} << "--out";
        QTest::newRow("bits") << QStringList{"train", "--bits", "4,17"} << "17";
        QTest::newRow("model") << QStringList{"train", "--out", "/nowhere/b", "--model", "vgg"} << "vgg";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(QStringList{"codebook"} + arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
        QVERIFY(ran.out.isEmpty());
    }

    void aCodebookIsShownAndADamagedOneIsStatus1()
    {
        const auto shown = objectOf(run({"codebook", "show", m_book, "--json"}));
        QCOMPARE(shown["hash"].toString().size(), 64);
        const auto text = run({"codebook", "show", m_book});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.out.contains("alexnet3 on patterns, 12 images"));

        const auto path = m_folder.filePath("damaged.codebook");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("SSB1" + QByteArray(100, 'x'));
        file.close();
        const auto damaged = run({"codebook", "show", path});
        QCOMPARE(damaged.exitCode, 1);
        QVERIFY2(damaged.err.contains("damaged.codebook") && damaged.err.contains("checksum"), damaged.err.constData());
    }

    void bothHalvesOfARunUseTheBook_data()
    {
        QTest::addColumn<QString>("coder");
        for (const char* coder : {"huffman", "context", "zstd"})
            QTest::newRow(coder) << coder;
    }
    void bothHalvesOfARunUseTheBook()
    {
        QFETCH(QString, coder);
        const QStringList what{"run",    "--model",     "alexnet3",   "--data",  "patterns", "--exit",
                               "3",      "--partition", "10",         "--bits",  "8",        "--action-set",
                               "bits:8", "--frames",    "6",          "--batch", "2",        "--json",
                               "--seed", "3",           "--codebook", m_book};
        const auto packed = objectOf(run(what + QStringList{"--coder", "none"}));
        const auto coded = run(what + QStringList{"--coder", coder});
        QVERIFY2(coded.exitCode == 0, coded.err.constData());
        const auto summary = objectOf(coded);
        QCOMPARE(summary["done"].toInt(), 6);
        QCOMPARE(summary["accuracy"], packed["accuracy"]);
        QVERIFY(summary["bytes_per_frame"].toDouble() < 0.6 * packed["bytes_per_frame"].toDouble());
    }

    void stoppingATrainingLeavesTheFileThatWasThere()
    {
        const auto path = m_folder.filePath("kept.codebook");
        QVERIFY(QFile::copy(m_book, path));
        QProcess process;
        process.start(SPLITSCOPE_BIN "/splitscope-cli",
                      {"codebook", "train", "--model", "alexnet3", "--data", "patterns", "--images", "4", "--frames", "50",
                       "--bits", "8", "--out", path});
        const auto told = [&] {
            process.waitForReadyRead(100);
            return process.readAllStandardError();
        };
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += told()).contains("about") && said.contains("left: raw frames, "), kWaitMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kWaitMs));
        QCOMPARE(process.exitCode(), 1);
        QVERIFY((said + process.readAllStandardError()).contains("stopped; nothing was written"));
        QCOMPARE(contentsOf(path), contentsOf(m_book));
    }

    void aTensorWithoutABookEndsARunBeforeItBegins()
    {
        const auto ran = run({"run", "--model", "alexnet3", "--data", "patterns", "--coder", "context", "--action-set", "bits:6",
                              "--codebook", m_book, "--frames", "2"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("codebook train"), ran.err.constData());
    }

    void aTableGetsTheBooksBytes()
    {
        const auto file = m_folder.filePath("alexnet3.table");
        const auto built = run({"table", "accuracy", "--model", "alexnet3", "--data", "patterns", "--images", "6", "--action-set",
                                "bits:4,8", "--codebook", m_book, "--out", file, "--json"});
        QVERIFY2(built.exitCode == 0, built.err.constData());
        const auto table = objectOf(built);
        QCOMPARE(table["codebook"].toString().size(), 64);
        for (const auto& value : table["decisions"].toArray()) {
            const auto decision = value.toObject();
            const auto bytes = decision["bytes_per_frame_by_coder"].toObject();
            const auto bits = decision["coding"].toString();
            QCOMPARE(bytes.contains("huffman"), bits == "8" || bits == "4");
            QCOMPARE(bytes.contains("context"), bits == "8");
        }
    }
};

QTEST_APPLESS_MAIN(TestCliCodebook)
#include "tst_cli_codebook.moc"
