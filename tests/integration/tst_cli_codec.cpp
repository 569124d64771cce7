// SPDX-License-Identifier: GPL-3.0-or-later
// `bench codec` as scripts use it: exit status and JSON keys. No time is asserted.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
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
    void everyWidthAndCoderIsMeasuredBothWays()
    {
        QProcess process;
        run(process, {"bench", "codec", "--seconds", "1", "--json"});
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto object = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QCOMPARE(object["bench"].toString(), "codec");
        const auto metrics = object["metrics"].toObject();
        for (const int bits : {2, 4, 8, 12, 16}) {
            for (const QString way : {"quantize_pack_%1", "unpack_%1"})
                for (const QString unit : {"_gb_per_s", "_over_memcpy"})
                    QVERIFY2(metrics[way.arg(bits) + unit].toDouble() > 0, qPrintable(way.arg(bits) + unit));
            for (const QString way : {"huffman_adaptive_encode_%1", "huffman_adaptive_decode_%1"})
                QVERIFY2(metrics[way.arg(bits) + "_mb_per_s"].toDouble() > 0, qPrintable(way.arg(bits)));
        }
        QVERIFY(!object["notes"].toArray().isEmpty());
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
