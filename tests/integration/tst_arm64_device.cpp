// SPDX-License-Identifier: GPL-3.0-or-later
// A device of another architecture computes and codes what this one would: the arm64 daemon, under qemu, with the edge in this
// process. SPLITSCOPE_ARM64_DAEMON names its splitscoped, SPLITSCOPE_SYSROOT the libraries (packaging/arm64); where they are not
// set the test skips.
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"
#include "tests/integration/reference_network.h"

#include <QFile>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>

using namespace splitscope;
using codec::EntropyCoder;

namespace {

constexpr int kStartMs = 300'000;  ///< an emulated processor takes its time to link LibTorch
constexpr double kRunMs = 800'000;
constexpr std::uint64_t kFewestFrames = 200;
constexpr double kLogitTolerance = 1e-3;  ///< sums are made in another order there
constexpr double kLabelMargin = 2 * kLogitTolerance;

struct Row {
    std::vector<float> logits;
    int label;
};

/// Largest minus second largest.
double marginOf(const Row& row)
{
    std::vector<float> sorted = row.logits;
    std::partial_sort(sorted.begin(), sorted.begin() + 2, sorted.end(), std::greater<>());
    return static_cast<double>(sorted[0]) - static_cast<double>(sorted[1]);
}

std::vector<Row> rowsOf(const std::vector<float>& logits, const std::vector<int>& labels)
{
    const std::size_t classes = logits.size() / labels.size();
    std::vector<Row> rows;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto* first = logits.data() + i * classes;
        rows.push_back({{first, first + classes}, labels[i]});
    }
    return rows;
}

}  // namespace

class TestArm64Device : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_program;  ///< starts the arm64 daemon by qemu
    std::unique_ptr<DaemonProcess> m_daemon;
    std::shared_ptr<const codec::Codebook> m_codebook;  ///< the shipped one, which both halves use

    /// Every decision of the action set in turn, on a few images.
    void run(const std::string& actionSet, EntropyCoder coder, Collector& collector, session::Scenario& scenario)
    {
        scenario.model = "alexnet3";
        scenario.data = "patterns";
        scenario.device = m_daemon->address();
        scenario.deviceKey = m_daemon->key();
        scenario.strategy = "cycle";
        scenario.dwell = 1;
        scenario.actionSet = actionSet;
        scenario.coder = coder;
        scenario.batch = 5;
        scenario.recordLogits = true;
        scenario.minFailoverMs = 120'000;  // an emulated processor is no silent edge
        scenario.seed = 11;
        const auto spec = *model::loadNetworkSpec(scenario.model);
        const decision::DecisionSpace space(spec, *decision::parseSpaceOptions(actionSet));
        scenario.frames = std::max(
            kFewestFrames, static_cast<std::uint64_t>(scenario.batch) * (space.decisions().size() + 3 * spec.exits.size()));
        const auto experiment = session::Experiment::start(scenario, {}, collector);
        QVERIFY2(experiment.ok(), experiment.ok() ? "" : experiment.error().message().c_str());
        QVERIFY2((*experiment)->waitUntilEnded(kRunMs), (*experiment)->status().text.c_str());
        QVERIFY2((*experiment)->status().phase == session::Phase::Finished, (*experiment)->status().text.c_str());
        QCOMPARE((*experiment)->summary().done(), scenario.frames);
        QVERIFY2((*experiment)->status().machine.find("aarch64") != std::string::npos, (*experiment)->status().machine.c_str());
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto daemon = qEnvironmentVariable("SPLITSCOPE_ARM64_DAEMON");
        const auto sysroot = qEnvironmentVariable("SPLITSCOPE_SYSROOT");
        if (daemon.isEmpty() || sysroot.isEmpty() || QStandardPaths::findExecutable("qemu-aarch64-static").isEmpty())
            QSKIP("needs qemu-aarch64-static, SPLITSCOPE_SYSROOT and SPLITSCOPE_ARM64_DAEMON: see HACKING.md");
        auto codebook = codec::loadCodebook(SPLITSCOPE_SOURCE "/resources/models/alexnet3/patterns.codebook");
        QVERIFY2(codebook.ok(), codebook.ok() ? "" : codebook.error().message().c_str());
        m_codebook = *std::move(codebook);
        m_program = m_folder.filePath("splitscoped");
        QFile script(m_program);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write(
            QStringLiteral("#!/bin/sh\nexec '" SPLITSCOPE_SOURCE "/packaging/arm64/run.sh' '%1' \"$@\"\n").arg(daemon).toUtf8());
        script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        script.close();
        m_daemon = std::make_unique<DaemonProcess>(m_program);
        QVERIFY(m_daemon->start());
        const auto listens = [this] {
            QTcpSocket socket;
            socket.connectToHost("127.0.0.1", static_cast<quint16>(m_daemon->port()));
            return socket.waitForConnected(1000);
        };
        QTRY_VERIFY_WITH_TIMEOUT(listens(), kStartMs);
    }

    void passesItsSelfTest()
    {
        QProcess program;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("SPLITSCOPE_DAEMON", m_program);  // its own link's device: the kernel starts no arm64 program
        program.setProcessEnvironment(environment);
        program.start(m_program, {"--self-test"});
        QVERIFY(program.waitForFinished(kRunMs));
        const auto table = program.readAllStandardOutput();
        QVERIFY2(program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0, table + program.readAllStandardError());
        qInfo("%s", table.constData());
    }

    void everyCutGivesTheSameLogitsAndLabels_data()
    {
        QTest::addColumn<QString>("actionSet");
        QTest::addColumn<QString>("coder");
        QTest::newRow("exact") << "verification"
                               << "none";
        for (const char* bits : {"8", "4"})
            for (const char* coder : {"huffman", "context"})
                QTest::addRow("%s bits, %s", bits, coder) << QString("bits:") + bits << coder;
    }
    void everyCutGivesTheSameLogitsAndLabels()
    {
        QFETCH(QString, actionSet);
        QFETCH(QString, coder);
        Collector collector;
        session::Scenario scenario;
        run(actionSet.toStdString(), *codec::parseEntropyCoder(coder.toStdString()), collector, scenario);
        if (QTest::currentTestFailed())
            return;
        ReferenceNetwork reference(scenario);
        const codec::BookedCoder booked(*scenario.coder, m_codebook);
        int coded = 0, otherLevels = 0, otherSizes = 0;
        for (const auto& record : collector.records()) {
            const bool quantized = record.decision.coding.kind == codec::CodingKind::Quantized;
            const auto expected = quantized ? reference.quantized(record) : reference.whole(record);
            const double difference = largestDifference(record.logits, expected.values);
            const auto here = rowsOf(expected.values, exec::labelsOf(expected));
            const auto there = rowsOf(record.logits, record.labels);
            for (std::size_t i = 0; i < here.size(); ++i)
                if (difference <= kLogitTolerance && marginOf(here[i]) > kLabelMargin)
                    QVERIFY2(there[i].label == here[i].label, describe(record).c_str());
            if (!quantized) {
                QVERIFY2(difference <= kLogitTolerance,
                         (describe(record) + ": logits differ by " + std::to_string(difference)).c_str());
                continue;
            }
            ++coded;
            otherLevels += difference <= kLogitTolerance ? 0 : 1;
            const auto activation
                = *reference.executor->run(record.decision.exit, 0, record.decision.partition, reference.input(record));
            const auto rows
                = *exec::encodeRows(activation, record.decision.coding, exec::coderFor(booked, reference.spec, record.decision));
            otherSizes += rows.payload.size() == record.payloadBytes ? 0 : 1;
        }
        // A value on the border of two levels may fall to either side.
        QCOMPARE(coded > 0, scenario.coder != EntropyCoder::None);
        QVERIFY2(otherLevels * 20 <= coded, qPrintable(QString("%1 of %2 give other logits").arg(otherLevels).arg(coded)));
        QVERIFY2(otherSizes * 4 <= coded, qPrintable(QString("%1 of %2 have other sizes").arg(otherSizes).arg(coded)));
        qInfo("%d requests in levels: %d of other logits, %d of other sizes", coded, otherLevels, otherSizes);
    }
};

QTEST_GUILESS_MAIN(TestArm64Device)
#include "tst_arm64_device.moc"
