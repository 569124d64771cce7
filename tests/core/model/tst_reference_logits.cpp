// SPDX-License-Identifier: GPL-3.0-or-later
// What PyTorch answered for the example networks when they were exported is what they answer here, at every cut.
#include "core/base/files.h"
#include "core/model/reference_logits.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

Q_DECLARE_METATYPE(splitscope::model::Backend)

namespace {

const std::string kExamples = SPLITSCOPE_SOURCE "/resources/examples/pytorch/";

struct Example {
    NetworkSpec spec;
    Weights weights;
    QJsonObject reference;

    explicit Example(const std::string& name)
        : spec(*loadNetworkSpec(kExamples + name)), weights(*loadWeights(kExamples + name + "/model.weights")),
          reference(QJsonDocument::fromJson(text(*base::readFile(kExamples + name + "/reference.json"))).object())
    {
    }

    base::Result<ReferenceLogits> parsed() const
    {
        return parseReferenceLogits(spec, QJsonDocument(reference).toJson().toStdString(), "reference.json");
    }

private:
    static QByteArray text(const base::Bytes& bytes) { return QByteArray::fromStdString(std::string(base::asText(bytes))); }
};

}  // namespace

class TestReferenceLogits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void examplesAnswerAsTheyDidInPyTorch_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<Backend>("backend");
        for (const auto* network : {"resnet10", "mobilenet_small"})
            for (const auto backend : availableBackends())
                QTest::addRow("%s, %s", network, model::name(backend).data()) << QString(network) << backend;
    }
    void examplesAnswerAsTheyDidInPyTorch()
    {
        QFETCH(QString, network);
        QFETCH(Backend, backend);
        const Example example(network.toStdString());
        const auto reference = example.parsed();
        QVERIFY2(reference.ok(), reference.ok() ? "" : reference.error().message().c_str());
        const auto executor = Executor::create(example.spec, example.weights, {backend});
        QVERIFY2(executor.ok(), executor.ok() ? "" : executor.error().message().c_str());
        const auto differences = differencesFrom(*reference, **executor);
        QVERIFY(differences.ok());
        QCOMPARE(differences->size(), 3U);
        for (const auto& difference : *differences) {
            QVERIFY2(difference.largest <= 1e-4, std::to_string(difference.largest).c_str());
            QVERIFY(isRounding(difference));
            QVERIFY(difference.largestLogit > 0.1 && difference.cuts >= 8);
        }
    }

    void anotherAnswerIsSeen()
    {
        const Example example("resnet10");
        auto reference = *example.parsed();
        reference.exits[1][0][3] += 0.01F;
        const auto executor = *Executor::create(example.spec, example.weights);
        const auto differences = *differencesFrom(reference, *executor);
        QVERIFY(isRounding(differences[0]) && !isRounding(differences[1]) && isRounding(differences[2]));
        reference.exits[0][0][0] = std::nanf("");
        QVERIFY(!isRounding((*differencesFrom(reference, *executor))[0]));
    }

    void whatIsNoReferenceOfTheNetworkIsRefused_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonArray>("value");
        QTest::addColumn<QString>("named");
        const QJsonArray frame = QJsonArray{0, 1, 2};
        QTest::newRow("no frames") << "frames" << QJsonArray() << "is no reference";
        QTest::newRow("no logits") << "logits" << QJsonArray() << "is no reference";
        QTest::newRow("frames of another size") << "frames" << QJsonArray{frame} << "3x32x32";
        QTest::newRow("another number of exits") << "logits" << QJsonArray{QJsonArray()} << "of 1 exits, but resnet10 has 3";
        QTest::newRow("too few frames") << "logits" << QJsonArray{QJsonArray(), QJsonArray(), QJsonArray()} << "of 0 frames";
        QTest::newRow("too few classes") << "logits" << QJsonArray{QJsonArray{frame}, QJsonArray(), QJsonArray()}
                                         << "10 numbers are needed";
    }
    void whatIsNoReferenceOfTheNetworkIsRefused()
    {
        QFETCH(QString, key);
        QFETCH(QJsonArray, value);
        QFETCH(QString, named);
        Example example("resnet10");
        example.reference[key] = value;
        const auto reference = example.parsed();
        QVERIFY(!reference.ok());
        QVERIFY2(QString::fromStdString(reference.error().message()).contains(named), reference.error().message().c_str());
        QCOMPARE(reference.error().where, std::string("reference.json"));
    }

    void whatIsNoJsonIsRefused()
    {
        const Example example("resnet10");
        for (const char* text : {"", "[]", "{\"frames\"", "{\"frames\": 3, \"logits\": {}}"})
            QVERIFY(!parseReferenceLogits(example.spec, text, "x").ok());
    }
};

QTEST_APPLESS_MAIN(TestReferenceLogits)
#include "tst_reference_logits.moc"
