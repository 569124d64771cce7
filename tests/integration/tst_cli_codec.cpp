// SPDX-License-Identifier: GPL-3.0-or-later
// `bench codec` as scripts use it: exit status and JSON keys. No time is asserted.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

QProcess& run(QProcess& process, const QStringList& arguments)
{
    process.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
    process.waitForFinished(kWaitMs);
    return process;
}

}  // namespace

class TestCliCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCutWidthAndCoderIsMeasured()
    {
        QProcess process;
        run(process, {"bench", "codec", "--model", "alexnet3", "--seconds", "1", "--json"});
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        const QString table = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(process.exitCode() == 0, qPrintable(table));
        const auto object = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QCOMPARE(object["bench"].toString(), "codec");
        const auto metrics = object["metrics"].toObject();
        const auto has = [&](const QString& metric) { return metrics[metric].toDouble() > 0; };
        // A codebook ships: no coder is left out.
        for (const QString cut : {"conv1", "pool1", "relu4", "pool5", "relu7", "exit1/fc2"})
            for (const int bits : {4, 8, 12, 16})
                for (const QString coder : {"none", "huffman", "huffman_adaptive", "context", "zstd1", "zstd9"}) {
                    const auto cell = QStringLiteral("alexnet3_%1_%2_%3").arg(cut).arg(bits).arg(coder);
                    for (const QString what :
                         {"_bytes", "_bytes_over_fp32", "_bytes_over_entropy", "_encode_mb_per_s", "_decode_mb_per_s"})
                        QVERIFY2(has(cell + what), qPrintable(cell + what));
                }
        QCOMPARE(metrics["alexnet3_pool1_8_none_bytes"].toDouble(), 8.0 + 64 * 16 * 16);
        QCOMPARE(metrics["alexnet3_pool1_8_none_bytes_over_fp32"].toDouble(), (8.0 + 64 * 16 * 16) / (4.0 * 64 * 16 * 16));
        QVERIFY(metrics["context_bytes_over_entropy"].toDouble() < metrics["huffman_bytes_over_entropy"].toDouble());
        for (const QString coding : {"raw", "lossless", "lossless_context", "jpeg30", "jpeg60", "jpeg90"})
            QVERIFY2(has("alexnet3_frame_" + coding + "_bytes"), qPrintable(coding));
        for (const int bits : {2, 4, 8, 12, 16}) {
            for (const QString way : {"quantize_pack_%1", "unpack_%1"})
                for (const QString unit : {"_gb_per_s", "_over_memcpy"})
                    QVERIFY2(has(way.arg(bits) + unit), qPrintable(way.arg(bits) + unit));
            for (const QString way : {"huffman_adaptive_encode_%1", "huffman_adaptive_decode_%1"})
                QVERIFY2(has(way.arg(bits) + "_mb_per_s"), qPrintable(way.arg(bits)));
        }
        QVERIFY(!object["notes"].toArray().isEmpty());
        QVERIFY2(table.contains("worst cut") && !table.contains("alexnet3_pool1_8"), qPrintable(table));
    }

    /// A network whose weights ship, but no codebook.
    void codersWithoutACodebookAreLeftOutAndSaid()
    {
        QTemporaryDir resources;
        const QString folder = resources.filePath("models/bare"), shipped = SPLITSCOPE_SOURCE "/resources/models/alexnet5";
        QVERIFY(QDir().mkpath(folder));
        QFile spec(shipped + "/model.json"), copy(folder + "/model.json");
        QVERIFY(spec.open(QIODevice::ReadOnly) && copy.open(QIODevice::WriteOnly));
        copy.write(spec.readAll().replace("\"alexnet5\"", "\"bare\""));
        copy.close();
        QVERIFY(QFile::copy(shipped + "/patterns.weights", folder + "/patterns.weights"));
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("SPLITSCOPE_RESOURCES", resources.path());
        process.setProcessEnvironment(environment);
        run(process, {"bench", "codec", "--model", copy.fileName(), "--seconds", "1", "--json"});
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto object = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        const auto metrics = object["metrics"].toObject();
        QVERIFY(metrics.contains("bare_pool1_8_zstd9_bytes"));
        QVERIFY(!metrics.contains("bare_pool1_8_context_bytes"));
        QVERIFY(!metrics.contains("bare_pool1_8_huffman_bytes"));
        bool said = false;
        for (const auto& note : object["notes"].toArray())
            said = said || note.toString().startsWith("not measured: huffman and context on bare");
        QVERIFY(said);
    }

    void anUnknownModelIsWrongUsage()
    {
        QProcess process;
        run(process, {"bench", "codec", "--model", "vgg"});
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardError().contains("vgg"));
    }

    void anOptionThatIsNoneIsRefused()
    {
        QProcess process;
        run(process, {"bench", "codec", "--bits", "8"});
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardError().contains("--bits"));
    }
};

QTEST_GUILESS_MAIN(TestCliCodec)
#include "tst_cli_codec.moc"
