// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/executor.h"
#include "tests/core/model/reference_layers.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace splitscope;
using namespace splitscope::model;
using namespace splitscope::model::samples;

Q_DECLARE_METATYPE(splitscope::model::Backend)

namespace {

void everyNetwork()
{
    QTest::addColumn<QString>("network");
    for (const auto& name : networks())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void everyNetworkAndBackend(bool withPlain = true)
{
    QTest::addColumn<QString>("network");
    QTest::addColumn<Backend>("backend");
    for (const auto& name : networks())
        for (const auto backend : availableBackends())
            if (withPlain || backend != Backend::Plain)
                QTest::addRow("%s, %s", name.c_str(), model::name(backend).data()) << QString::fromStdString(name) << backend;
}

}  // namespace

class TestExecutor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { Executor::setThreadCount(1); }

    void logitsEqualThoseOfTheDefinition_data() { everyNetworkAndBackend(); }
    void logitsEqualThoseOfTheDefinition()
    {
        QFETCH(QString, network);
        QFETCH(Backend, backend);
        const Fixture fixture(networkNamed(network), backend);
        QCOMPARE(fixture.executor->backendName(), model::name(backend));
        const auto input = samples::randomTensor(2, fixture.spec.input, 11);
        for (int exit = 1; exit <= fixture.spec.exitCount(); ++exit) {
            const int length = Path(fixture.spec, exit).length();
            const auto logits = fixture.executor->run(exit, 0, length, input);
            QVERIFY2(logits.ok(), logits.ok() ? "" : logits.error().message().c_str());
            QCOMPARE(logits->batch, 2);
            for (int row = 0; row < 2; ++row) {
                const auto expected = Reference(fixture.spec, fixture.weights, exit).run(input.row(row));
                for (std::size_t i = 0; i < expected.size(); ++i)
                    QVERIFY(std::abs(static_cast<double>(logits->row(row)[i]) - expected[i]) < 1e-4);
            }
        }
    }

    void everySplitOfEveryExitAgreesWithTheWhole_data() { everyNetworkAndBackend(); }
    void everySplitOfEveryExitAgreesWithTheWhole()
    {
        QFETCH(QString, network);
        QFETCH(Backend, backend);
        const Fixture fixture(networkNamed(network), backend);
        // Bit for bit, and only other libraries' kernels may round by where a tensor lies.
        const double allowed = backend == Backend::OneDnn ? 0 : 1e-6;
        for (int batch : {1, 3}) {
            const auto input = samples::randomTensor(batch, fixture.spec.input, 5);
            for (int exit = 1; exit <= fixture.spec.exitCount(); ++exit) {
                const Path path(fixture.spec, exit);
                const auto whole = fixture.executor->run(exit, 0, path.length(), input);
                QVERIFY(whole.ok());
                for (int cut = 0; cut <= path.length(); ++cut) {
                    const auto feature = fixture.executor->run(exit, 0, cut, input);
                    QVERIFY(feature.ok());
                    QCOMPARE(feature->shape, path.cutShape(cut));
                    QCOMPARE(feature->values.size(), batch * base::elementCount(feature->shape));
                    const auto result = fixture.executor->run(exit, cut, path.length(), *feature);
                    QVERIFY(result.ok());
                    QVERIFY2(largestDifference(result->values, whole->values) <= allowed,
                             qPrintable(QString("exit %1, cut %2").arg(exit).arg(cut)));
                }
            }
        }
    }

    void everySliceEqualsThePlainOperations_data() { everyNetworkAndBackend(false); }
    void everySliceEqualsThePlainOperations()
    {
        QFETCH(QString, network);
        QFETCH(Backend, backend);
        const auto spec = networkNamed(network);
        const Fixture plain(spec, Backend::Plain);
        const Fixture other(spec, backend);
        const auto input = samples::randomTensor(1, spec.input, 7);
        const int exit = spec.exitCount();
        const int length = Path(spec, exit).length();
        for (int first = 0; first < length; ++first) {
            const auto feature = *plain.executor->run(exit, 0, first, input);
            for (int last = first + 1; last <= length; ++last) {
                const auto expected = plain.executor->run(exit, first, last, feature);
                const auto result = other.executor->run(exit, first, last, feature);
                QVERIFY(expected.ok() && result.ok());
                QCOMPARE(result->values.size(), expected->values.size());
                QVERIFY2(largestDifference(result->values, expected->values) < 1e-4,
                         qPrintable(QString("layers %1 to %2").arg(first + 1).arg(last)));
            }
        }
    }

    void theNumberOfThreadsChangesNoBit_data() { everyNetwork(); }
    void theNumberOfThreadsChangesNoBit()
    {
        QFETCH(QString, network);
        const Fixture fixture(networkNamed(network));
        const int length = Path(fixture.spec, fixture.spec.exitCount()).length();
        const auto input = samples::randomTensor(3, fixture.spec.input, 15);
        const auto one = fixture.executor->run(fixture.spec.exitCount(), 0, length, input);
        Executor::setThreadCount(3);
        const auto three = fixture.executor->run(fixture.spec.exitCount(), 0, length, input);
        Executor::setThreadCount(1);
        QVERIFY(one.ok() && three.ok());
        QCOMPARE(three->values, one->values);
    }

    void trainedNetworksAnswerAsThePlainOperationsDo_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("data");
        for (const auto& name : shippedNetworks())
            for (const auto* data : {"patterns", "cifar10", "imagenette"})
                if (loadShippedWeights(name, data).ok())
                    QTest::addRow("%s, %s", name.c_str(), data) << QString::fromStdString(name) << QString(data);
    }
    void trainedNetworksAnswerAsThePlainOperationsDo()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto spec = networkNamed(network);
        const auto weights = *loadShippedWeights(network.toStdString(), data.toStdString());
        const auto plain = *Executor::create(spec, weights, {Backend::Plain});
        const auto chosen = *Executor::create(spec, weights);
        QVERIFY(chosen->backendName() != "automatic");
        const auto input = samples::randomTensor(19, spec.input, 13);  // more than are computed at once
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const int length = Path(spec, exit).length();
            QVERIFY(largestDifference(plain->run(exit, 0, length, input)->values, chosen->run(exit, 0, length, input)->values)
                    < 1e-4);
        }
    }

    void exitsShareTheTrunksTensors()
    {
        const Fixture fixture(networkNamed("alexnet3"));
        const auto input = samples::randomTensor(1, fixture.spec.input, 5);
        const auto early = fixture.executor->run(1, 0, 3, input);
        const auto late = fixture.executor->run(3, 0, 3, input);
        QVERIFY(early.ok() && late.ok());
        QCOMPARE(early->values, late->values);
    }

    void aRowDoesNotDependOnItsBatchMates_data() { everyNetwork(); }
    void aRowDoesNotDependOnItsBatchMates()
    {
        QFETCH(QString, network);
        const Fixture fixture(networkNamed(network));
        constexpr int kBatch = 7;
        // Bit for bit for what ships; a power other than ¾ in a normalisation may round its last bit by place.
        const double allowed = network == "odd" ? 1e-6 : 0;
        const auto input = samples::randomTensor(kBatch, fixture.spec.input, 21);
        base::Tensor reversed(kBatch, fixture.spec.input);
        for (int i = 0; i < kBatch; ++i)
            std::copy(input.row(i).begin(), input.row(i).end(), reversed.row(kBatch - 1 - i).begin());
        const Path path(fixture.spec, fixture.spec.exitCount());
        for (int cut = 1; cut <= path.length(); ++cut) {
            const auto batched = fixture.executor->run(path.exit(), 0, cut, input);
            const auto shuffled = fixture.executor->run(path.exit(), 0, cut, reversed);
            QVERIFY(batched.ok() && shuffled.ok());
            for (int i = 0; i < kBatch; ++i) {
                base::Tensor alone(1, fixture.spec.input);
                std::copy(input.row(i).begin(), input.row(i).end(), alone.values.begin());
                const auto single = fixture.executor->run(path.exit(), 0, cut, alone);
                QVERIFY(single.ok());
                QVERIFY(largestDifference(single->values, batched->row(i)) <= allowed);
                QVERIFY(largestDifference(shuffled->row(kBatch - 1 - i), batched->row(i)) <= allowed);
            }
        }
    }

    void threadsMayRunAtOnce()
    {
        const Fixture fixture(networkNamed("alexnet3"));
        const auto input = samples::randomTensor(2, fixture.spec.input, 9);
        const auto expected = fixture.executor->run(2, 0, 12, input);
        QVERIFY(expected.ok());
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 3; ++t)
                threads.emplace_back([&] {
                    Executor::setThreadCount(1);
                    for (int i = 0; i < 5; ++i) {
                        const auto result = fixture.executor->run(2, 0, 12, input);
                        if (!result || largestDifference(result->values, expected->values) > 1e-5)
                            ++wrong;
                    }
                });
        }
        QCOMPARE(wrong.load(), 0);
    }

    void argumentsThatDoNotFitAreErrors_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("last");
        QTest::addColumn<QList<int>>("shape");
        QTest::newRow("exit 0") << 0 << 0 << 1 << QList<int>{3, 8, 8};
        QTest::newRow("exit past the last") << 3 << 0 << 1 << QList<int>{3, 8, 8};
        QTest::newRow("negative cut") << 1 << -1 << 1 << QList<int>{3, 8, 8};
        QTest::newRow("backwards") << 1 << 2 << 1 << QList<int>{6, 8, 8};
        QTest::newRow("past the exit's end") << 1 << 0 << 5 << QList<int>{3, 8, 8};
        QTest::newRow("another cut's shape") << 1 << 1 << 2 << QList<int>{3, 8, 8};
        QTest::newRow("even when nothing runs") << 1 << 0 << 0 << QList<int>{3, 8, 9};
    }
    void argumentsThatDoNotFitAreErrors()
    {
        QFETCH(int, exit);
        QFETCH(int, first);
        QFETCH(int, last);
        QFETCH(QList<int>, shape);
        const Fixture fixture(samples::tinySpec());
        const auto result
            = fixture.executor->run(exit, first, last, samples::randomTensor(1, base::Shape(shape.begin(), shape.end()), 1));
        QVERIFY(!result.ok());
        QVERIFY(result.error().code == base::ErrorCode::InvalidInput);
    }

    void brokenTensorsAreErrors()
    {
        const Fixture fixture(samples::tinySpec());
        auto input = samples::randomTensor(2, {3, 8, 8}, 1);
        input.values.pop_back();
        QVERIFY(!fixture.executor->run(1, 0, 4, input).ok());
        QVERIFY(!fixture.executor->run(1, 0, 4, base::Tensor(0, {3, 8, 8})).ok());
    }

    void weightsThatDoNotFitAreAnError()
    {
        auto weights = samples::randomWeights(samples::tinySpec(), 1);
        weights.parameters.erase("conv1.bias");
        const auto made = Executor::create(samples::tinySpec(), weights);
        QVERIFY(!made.ok());
        QVERIFY(made.error().text.find("conv1.bias") != std::string::npos);
    }

    void layersThatAreComputedAtOnceAreNamed()
    {
        const Fixture plain(samples::tinySpec(), Backend::Plain);
        const Fixture fused(samples::tinySpec(), Backend::OneDnn);
        for (int layer = 1; layer <= 7; ++layer) {
            QVERIFY(!plain.executor->fusesWithNext(2, layer));
            QCOMPARE(fused.executor->fusesWithNext(2, layer), layer == 1 || layer == 4);
        }
    }

    void framesAreNormalisedPerChannel()
    {
        auto spec = samples::tinySpec();
        spec.mean = {0.0F, 0.5F, 1.0F};
        spec.deviation = {1.0F, 0.5F, 0.25F};
        data::Image frame{frameSize(spec), base::Bytes(3 * 64, 255)};
        frame.pixels[1] = 0;
        const auto input = toInput(spec, std::vector{frame, frame});
        QVERIFY(input.ok());
        QCOMPARE(input->batch, 2);
        QCOMPARE(input->row(1)[0], 1.0F);
        QCOMPARE(input->row(1)[1], 0.0F);
        QCOMPARE(input->row(1)[64], 1.0F);
        QCOMPARE(input->row(1)[128], 0.0F);
        frame.size.width = 7;
        QVERIFY(!toInput(spec, std::vector{frame}).ok());
    }
};

QTEST_APPLESS_MAIN(TestExecutor)
#include "tst_executor.moc"
