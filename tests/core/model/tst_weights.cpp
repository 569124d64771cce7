// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/model/weights.h"
#include "tests/core/model/model_samples.h"

#include <QTemporaryDir>
#include <QTest>
#include <limits>

using namespace splitscope;
using namespace splitscope::model;

namespace {

std::filesystem::path sample(const char* name) { return std::filesystem::path(SPLITSCOPE_TEST_DATA) / "model" / name; }

Weights tinyWeights()
{
    auto weights = samples::randomWeights(samples::tinySpec(), 7);
    weights.provenance = {{"seed", "7"}, {"data", "gänsefüßchen \" and \\"}};
    return weights;
}

bool equal(const Weights& a, const Weights& b)
{
    return a.provenance == b.provenance
        && std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(),
                      [](const auto& x, const auto& y) {
                          return x.first == y.first && x.second.shape == y.second.shape && x.second.values == y.second.values;
                      });
}

/// Puts the right checksum behind changed bytes, so that what is behind the checksum is tested too.
base::Bytes resealed(base::Bytes bytes)
{
    bytes.resize(bytes.size() - 32);
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

base::Bytes edited(const std::string& before, const std::string& after)
{
    auto bytes = serialize(tinyWeights());
    const auto found = std::search(bytes.begin(), bytes.end(), before.begin(), before.end());
    if (before.size() != after.size() || found == bytes.end())
        qFatal("the test edits what is not there: %s", before.c_str());
    std::copy(after.begin(), after.end(), found);
    return resealed(bytes);
}

}  // namespace

class TestWeights : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void archivesReadBackTheSame()
    {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "tiny.weights";
        QVERIFY(saveWeights(tinyWeights(), path).ok());
        const auto read = loadWeights(path);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QVERIFY(equal(*read, tinyWeights()));
    }

    void anEmptyArchiveReadsBack()
    {
        const auto read = parseWeights(serialize({}), "empty");
        QVERIFY(read.ok());
        QVERIFY(read->parameters.empty());
    }

    void everyTruncationIsAnError()
    {
        const auto bytes = serialize(tinyWeights());
        for (std::size_t length = 0; length < bytes.size(); length += length < 600 ? 1 : 97) {
            const auto read = parseWeights(base::ByteView(bytes).first(length), "cut.weights");
            QVERIFY2(!read.ok(), qPrintable(QString::number(length)));
            QCOMPARE(read.error().where, std::string("cut.weights"));
        }
    }

    void everyFlippedBitIsAnError()
    {
        const auto bytes = serialize(tinyWeights());
        for (std::size_t at = 0; at < bytes.size(); at += at < 600 ? 1 : 61) {
            auto damaged = bytes;
            damaged[at] ^= 0x10;
            QVERIFY2(!parseWeights(damaged, "damaged").ok(), qPrintable(QString::number(at)));
        }
    }

    void hostileHeadersWithAGoodChecksumAreErrors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const base::Bytes& bytes) {
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        };
        auto longHeader = serialize(tinyWeights());
        for (std::size_t i = 4; i < 8; ++i)
            longHeader[i] = 0xff;
        row("header longer than the file", resealed(longHeader));
        auto noHeader = serialize(tinyWeights());
        for (std::size_t i = 4; i < 8; ++i)
            noHeader[i] = 0;
        row("no header", resealed(noHeader));
        row("fewer values than listed", edited("[6,3,3,3]", "[9,9,9,9]"));
        row("more values than listed", edited("[6,3,3,3]", "[6,3,3,1]"));
        row("enormous shape", edited("[6,3,3,3]", "[9e9,9e9]"));
        row("shape of nothing", edited("[6,3,3,3]", "[0,3,3,3]"));
        row("negative shape", edited("[6,3,3,3]", "[-6,3,-3]"));
        row("twice the same name", edited("conv2.bias", "conv1.bias"));
        auto weights = tinyWeights();
        weights.parameters["conv1.bias"].values[2] = std::numeric_limits<float>::quiet_NaN();
        row("a value that is no number", serialize(weights));
    }
    void hostileHeadersWithAGoodChecksumAreErrors()
    {
        QFETCH(QByteArray, bytes);
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.constData());
        QVERIFY(!parseWeights({data, static_cast<std::size_t>(bytes.size())}, "hostile").ok());
    }

    void weightsMustFitTheNetwork()
    {
        const auto spec = samples::tinySpec();
        QVERIFY(checkWeights(spec, tinyWeights()).ok());

        auto weights = tinyWeights();
        weights.parameters.erase("exit1/fc1.weight");
        auto status = checkWeights(spec, weights);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find("'exit1/fc1.weight' (2x96) is missing") != std::string::npos,
                 status.error().text.c_str());

        weights = tinyWeights();
        weights.parameters["conv2.weight"].shape = {8, 6, 9};
        status = checkWeights(spec, weights);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find("'conv2.weight' is 8x6x9, but the network needs 8x6x3x3") != std::string::npos,
                 status.error().text.c_str());

        weights = tinyWeights();
        weights.parameters["conv9.bias"] = {{1}, {0}};
        status = checkWeights(spec, weights);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find("'conv9.bias'") != std::string::npos, status.error().text.c_str());

        weights = tinyWeights();
        weights.parameters["conv1.bias"].values.pop_back();
        QVERIFY(!checkWeights(spec, weights).ok());
    }

    void weightsOfBlocksAndGroupsMustFitToo()
    {
        const auto spec = samples::modernSpec();
        auto weights = samples::randomWeights(spec, 1);
        QVERIFY(checkWeights(spec, weights).ok());
        QCOMPARE(weights.parameters.at("block2/depthwise.weight").shape, (base::Shape{48, 1, 3, 3}));
        const auto again = parseWeights(serialize(weights), "written");
        QVERIFY2(again.ok() && checkWeights(spec, *again).ok(), again.ok() ? "" : again.error().message().c_str());
        weights.parameters.erase("block2/match.bias");
        const auto status = checkWeights(spec, weights);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find("'block2/match.bias' (24) is missing") != std::string::npos,
                 status.error().text.c_str());
    }

    void weightsOfAnotherNetworkAreSaidToBe()
    {
        const auto status = checkWeights(samples::modernSpec(), {{{"layer1.weight", {{1}, {0}}}}, {}});
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find("another network's") != std::string::npos, status.error().text.c_str());
    }

    void theHashFollowsSpecAndValuesButNotProvenance()
    {
        const auto spec = samples::tinySpec();
        const auto hash = modelHash(spec, tinyWeights());
        auto weights = tinyWeights();
        weights.provenance["date"] = "today";
        QCOMPARE(modelHash(spec, weights), hash);
        weights.parameters["conv1.bias"].values[0] += 1;
        QVERIFY(modelHash(spec, weights) != hash);
        auto other = spec;
        other.trunk[2].ceilMode = true;
        QVERIFY(modelHash(other, tinyWeights()) != hash);
    }

    void stateDictsOfPyTorchAreRead()
    {
        const auto read = loadWeights(sample("tiny_state_dict.pt"));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->parameters.size(), std::size_t{4});
        const auto& conv = read->parameters.at("conv1.weight");
        QCOMPARE(conv.shape, (base::Shape{2, 1, 2, 2}));
        QCOMPARE(conv.values, (std::vector<float>{0, 0.25F, 0.5F, 0.75F, 1, 1.25F, 1.5F, 1.75F}));
        QCOMPARE(read->parameters.at("conv1.bias").values, (std::vector<float>{-1.5F, 2.5F}));
        const auto& fc = read->parameters.at("exit1/fc1.weight");
        QCOMPARE(fc.shape, (base::Shape{2, 3}));
        QCOMPARE(fc.values, (std::vector<float>{1, 3, 5, 2, 4, 6}));
        QCOMPARE(read->parameters.at("exit1/fc1.bias").values, (std::vector<float>{0, 1e-3F}));
    }

    void viewsAndOtherPrecisionsInStateDictsAreConverted()
    {
        const auto read = loadWeights(sample("views_and_types.pt"));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->parameters.at("fc1.weight").shape, (base::Shape{2, 3}));
        QCOMPARE(read->parameters.at("fc1.weight").values, (std::vector<float>{1, 3, 5, 2, 4, 6}));
        QCOMPARE(read->parameters.at("fc1.bias").values, (std::vector<float>{0.5F, -0.5F}));
        QCOMPARE(read->parameters.at("fc2.bias").values, (std::vector<float>{0.25F}));
    }

    void otherFilesAreRefused_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("a list") << "list.pt";
        QTest::newRow("a whole checkpoint") << "whole_checkpoint.pt";
        QTest::newRow("a script") << "make_state_dict.py";
        QTest::newRow("nothing") << "no_such_file.pt";
    }
    void otherFilesAreRefused()
    {
        QFETCH(QString, file);
        const auto read = loadWeights(sample(qPrintable(file)));
        QVERIFY(!read.ok());
        QVERIFY(read.error().where.find(file.toStdString()) != std::string::npos);
    }

    void truncatedStateDictsAreErrors()
    {
        const auto bytes = base::readFile(sample("tiny_state_dict.pt"));
        QVERIFY(bytes.ok());
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "cut.pt";
        for (std::size_t length = 0; length < bytes->size(); length += 53) {
            QVERIFY(base::writeFileAtomically(path, base::ByteView(*bytes).first(length)).ok());
            QVERIFY2(!loadWeights(path).ok(), qPrintable(QString::number(length)));
        }
    }

    void missingShippedWeightsAreNamed()
    {
        const auto read = loadShippedWeights("alexnet3", "no-such-data");
        QVERIFY(!read.ok());
        QVERIFY(read.error().message().find("no-such-data") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestWeights)
#include "tst_weights.moc"
