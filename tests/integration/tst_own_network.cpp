// SPDX-License-Identifier: GPL-3.0-or-later
// The way of a PyTorch model to a co-inference: exported by the script that ships, by a real PyTorch where there is one, and what
// cannot be exported refused in words. Tables, evaluation and runs take an own network as any other.
#include "tests/integration/cli_program.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 600'000;
const QString kExamples = QStringLiteral(SPLITSCOPE_SOURCE "/resources/examples/pytorch/");

/// A Python that has PyTorch, or nothing.
QString findPython()
{
    for (const QString python : {"python3", "/usr/bin/python3"}) {
        QProcess process;
        process.start(python, {"-c", "import torch"});
        if (process.waitForFinished(kWaitMs) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
            return python;
    }
    return {};
}

/// What models have in common that cannot be exported: `body` is the constructor's, `result` what forward() returns.
QString moduleWith(const QString& body, const QString& result)
{
    return QStringLiteral("import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
                          "INPUT = (3, 8, 8)\n"
                          "class Net(nn.Module):\n"
                          "    def __init__(self):\n"
                          "        super().__init__()\n"
                          "        self.a = nn.Conv2d(3, 4, 3, padding=1)\n"
                          "        self.b = nn.Conv2d(4, 4, 3, padding=1)\n"
                          "        self.c = nn.Conv2d(4, 4, 3, padding=1)\n"
                          "        self.early = nn.Linear(256, 2)\n"
                          "        self.late = nn.Linear(256, 2)\n"
                          "        %1\n"
                          "    def head(self, layer, x):\n"
                          "        return layer(torch.flatten(x, 1))\n"
                          "    def forward(self, x):\n"
                          "        a = self.a(x)\n"
                          "        b = self.b(F.relu(a))\n"
                          "        return %2\n")
        .arg(body, result);
}

QJsonObject objectOf(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

}  // namespace

class TestOwnNetwork : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_python;

    QString path(const QString& name) const { return m_folder.filePath(name); }

    void writeFile(const QString& name, const QString& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.toUtf8());
    }

    Ran runPython(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(m_python, arguments);
        Ran ran;
        if (process.waitForFinished(kWaitMs) && process.exitStatus() == QProcess::NormalExit)
            ran.exitCode = process.exitCode();
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        return ran;
    }

    Ran runExport(const QStringList& arguments) const
    {
        return runPython(QStringList{SPLITSCOPE_SOURCE "/resources/tools/export_pytorch.py"} + arguments);
    }

    static Ran runOwn(const QStringList& verb, const QString& network, const QStringList& more)
    {
        return runCli(verb + QStringList{"--model", kExamples + network, "--data", "patterns"} + more, kWaitMs);
    }

private Q_SLOTS:
    void initTestCase() { m_python = findPython(); }

    void whatIsExportedAnswersAsInPyTorch_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("trunk");
        QTest::newRow("resnet10") << "resnet10.py:ResNet10" << 12;
        QTest::newRow("mobilenet_small") << "mobilenet_small.py:MobileNetSmall" << 24;
    }
    void whatIsExportedAnswersAsInPyTorch()
    {
        QFETCH(QString, model);
        QFETCH(int, trunk);
        if (m_python.isEmpty())
            QSKIP("python3-torch is not installed");
        const auto exported = runExport({kExamples + model, "--out", QTest::currentDataTag()});
        QVERIFY2(exported.exitCode == 0, exported.err.constData());
        QVERIFY2(exported.out.contains(QByteArray::number(trunk) + " trunk layers, 3 exits"), exported.out.constData());
        const auto folder = path(QTest::currentDataTag());
        const auto checked = runCli({"model", "check", "--model", folder, "--weights", folder + "/model.weights", "--reference",
                                     folder + "/reference.json", "--json"},
                                    kWaitMs);
        QVERIFY2(checked.exitCode == 0, checked.err.constData());
        QVERIFY(objectOf(checked)["equal"].toBool());
        const auto exits = objectOf(checked)["exits"].toArray();
        for (const auto& exit : exits)
            QVERIFY(exit.toObject()["largest_difference"].toDouble(1) <= 1e-4);
        // What ships was made by this script of this file: the same layers, but for what was trained.
        QFile made(folder + "/model.json"), shipped(kExamples + QTest::currentDataTag() + "/model.json");
        QVERIFY(made.open(QIODevice::ReadOnly) && shipped.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(made.readAll()), QJsonDocument::fromJson(shipped.readAll()));
    }

    void whatCannotBeExportedIsRefusedInWords_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("result");
        QTest::addColumn<QString>("says");
        const QString heads = "[self.head(self.early, %1), self.head(self.late, self.c(%2))]";
        QTest::newRow("unknown layer") << "self.d = nn.ConvTranspose2d(4, 4, 3)" << heads.arg("a", "self.d(b)")
                                       << "d: a spec has no layer for ConvTranspose2d";
        QTest::newRow("unknown function") << "pass" << heads.arg("a", "torch.sigmoid(b)") << "a spec has no layer for sigmoid";
        QTest::newRow("tensors joined") << "pass" << heads.arg("a", "torch.cat([a, b], 1)")
                                        << "two would cross at the cuts before";
        QTest::newRow("an exit from within a block")
            << "pass" << heads.arg("b", "a + self.c(b)") << "read outside of it, too: two tensors would cross";
        QTest::newRow("a sum over a sum") << "pass" << heads.arg("a", "a + self.c(a + b)")
                                          << "two tensors would cross at a cut between";
        QTest::newRow("heads that share a layer")
            << "pass"
            << "[self.head(self.early, s := self.c(F.relu(a))), self.head(self.late, s), self.head(self.late, b)]"
            << "belongs to exit 'exit1' and is read by exit 'exit2', too: two tensors would cross";
        QTest::newRow("padding by itself") << "pass" << heads.arg("self.c(F.pad(x, (0, 0)))", "b")
                                           << "a spec has no layer for pad";
        QTest::newRow("frames of another size")
            << "self.late = nn.Linear(99, 2)" << heads.arg("a", "b") << "forward() fails on frames of 3x8x8 (--input)";
        QTest::newRow("normalisation before a convolution") << "self.n = nn.BatchNorm2d(4)" << heads.arg("a", "self.n(F.relu(b))")
                                                            << "n: batch normalisation is folded into the convolution before it";
        QTest::newRow("dilation") << "self.b = nn.Conv2d(4, 4, 3, padding=2, dilation=2)" << heads.arg("a", "b")
                                  << "b: only convolutions";
        QTest::newRow("an oblong kernel") << "self.b = nn.Conv2d(4, 4, (3, 1), padding=1)" << heads.arg("a", "b")
                                          << "b: its kernel is (3, 1)";
        QTest::newRow("probabilities") << "pass"
                                       << "[F.softmax(self.head(self.late, b), 1)]"
                                       << "a spec has no layer for softmax";
        QTest::newRow("no logits") << "pass"
                                   << "[F.relu(self.head(self.late, b))]"
                                   << "must be a Linear";
        QTest::newRow("a choice by values") << "pass"
                                            << "[self.head(self.late, b if b.sum() > 0 else a)]"
                                            << "cannot be traced";
    }
    void whatCannotBeExportedIsRefusedInWords()
    {
        QFETCH(QString, body);
        QFETCH(QString, result);
        QFETCH(QString, says);
        if (m_python.isEmpty())
            QSKIP("python3-torch is not installed");
        writeFile("net.py", moduleWith(body, result));
        const auto ran = runExport({"net.py:Net", "--out", "refused"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.startsWith("export_pytorch.py: ") && QString::fromUtf8(ran.err).contains(says), ran.err.constData());
        QVERIFY(!QDir(path("refused")).exists());
    }

    void parametersThatAreNotTheModelsAreRefused_data()
    {
        QTest::addColumn<QString>("change");  // of the state_dict s
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << "del s['b.bias']"
                                 << "is not this model's: it lacks 'b.bias'";
        QTest::newRow("extra") << "s['z.weight'] = s['b.bias']"
                               << "the model has no 'z.weight'";
        QTest::newRow("wrong shape") << "s['b.bias'] = s['b.bias'][:3]"
                                     << "'b.bias' is (3,), but the model's is (4,)";
        QTest::newRow("another model's") << "s = {'layer1.' + k: v for k, v in s.items()}"
                                         << "is another model's: it lacks 'a.weight' and 9 more";
        QTest::newRow("no state_dict") << "s = [1]"
                                       << "it lacks";
    }
    void parametersThatAreNotTheModelsAreRefused()
    {
        QFETCH(QString, change);
        QFETCH(QString, says);
        if (m_python.isEmpty())
            QSKIP("python3-torch is not installed");
        writeFile("net.py", moduleWith("pass", "[self.head(self.early, a), self.head(self.late, self.c(b))]"));
        const auto saved
            = runPython({"-c", "import torch, net\ns = net.Net().state_dict()\n" + change + "\ntorch.save(s, 'net.pt')"});
        QVERIFY2(saved.exitCode == 0, saved.err.constData());
        const auto ran = runExport({"net.py:Net", "--state", "net.pt", "--out", "refused"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(QString::fromUtf8(ran.err).contains(says), ran.err.constData());
    }

    void anExitThatDoesNotExistIsRefused()
    {
        const auto ran
            = runOwn({"run"}, "resnet10",
                     {"--weights", kExamples + "resnet10/model.weights", "--exit", "4", "--partition", "2", "--frames", "5"});
        QVERIFY(ran.exitCode != 0);
        QVERIFY2(QString::fromUtf8(ran.err).contains("exit 4"), ran.err.constData());
    }

    void weightsOfAnotherNetworkAreRefused()
    {
        const auto ran
            = runOwn({"model", "check"}, "resnet10", {"--weights", kExamples + "mobilenet_small/model.weights", "--limit", "10"});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("another network's"), ran.err.constData());
    }

    void blocksAreShownAsOneLayer()
    {
        const auto ran = runCli({"model", "info", kExamples + "resnet10", "--json"}, kWaitMs);
        QCOMPARE(ran.exitCode, 0);
        const auto block = objectOf(ran)["exits"][2]["layers"][4].toObject();
        QCOMPARE(block["type"].toString(), QString("residual"));
        QCOMPARE(block["inside"].toArray(), (QJsonArray{"block2/conv1", "block2/relu_3", "block2/conv2", "block2/match_0"}));
        const auto text = runCli({"model", "info", kExamples + "resnet10"}, kWaitMs);
        QVERIFY(text.out.contains("block2/match_0"));
    }

    // From the network to a table, a strategy's evaluation in the simulator, and a run by that strategy.
    void tablesAndStrategiesTakeAnOwnNetwork()
    {
        const QString network = "mobilenet_small";
        const QStringList own{"--weights", kExamples + network + "/model.weights"};
        const auto accuracy = path(network + ".table"), costs = path(network + ".costs.json.zst"),
                   book = path(network + ".codebook"), policy = path(network + ".policy");
        const auto trained
            = runOwn({"codebook", "train"}, network, own + QStringList{"--images", "60", "--frames", "60", "--out", book});
        QVERIFY2(trained.exitCode == 0, trained.err.constData());
        const auto measured
            = runOwn({"table", "accuracy"}, network, own + QStringList{"--codebook", book, "--images", "60", "--out", accuracy});
        QVERIFY2(measured.exitCode == 0, measured.err.constData());
        const auto built = runOwn({"table", "build"}, network,
                                  own
                                      + QStringList{"--codebook", book, "--accuracy", accuracy, "--batches", "1", "--frames", "3",
                                                    "--interval", "1ms", "--out", costs});
        QVERIFY2(built.exitCode == 0, built.err.constData());
        const auto evaluated
            = runOwn({"evaluate"}, network,
                     {"--cost-table", costs, "--strategies", "greedy,neurosurgeon-latency,edgent,optimum", "--scenarios", "paper",
                      "--sources", "walk", "--episodes", "2", "--steps", "50", "--json"});
        QVERIFY2(evaluated.exitCode == 0, evaluated.err.constData());
        const auto ran = runOwn({"run"}, network,
                                own
                                    + QStringList{"--codebook", book, "--cost-table", costs, "--strategy", "greedy",
                                                  "--bandwidth", "200KB/s", "--frames", "40", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(objectOf(ran)["done"].toInt(), 40);
    }
};

QTEST_GUILESS_MAIN(TestOwnNetwork)
#include "tst_own_network.moc"
