// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/executor.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace splitscope;
using namespace splitscope::model;

Q_DECLARE_METATYPE(splitscope::model::Backend)

namespace {

/// Layers computed straight from their definitions, in double: nothing is shared with the executor.
class Reference {
public:
    Reference(const NetworkSpec& spec, const Weights& weights, int exit) : m_path(spec, exit), m_weights(weights) {}

    std::vector<double> run(std::span<const float> row) const
    {
        std::vector<double> value(row.begin(), row.end());
        for (const auto& layer : m_path.layers())
            value = apply(layer, value);
        return value;
    }

private:
    std::vector<double> apply(const PathLayer& layer, const std::vector<double>& in) const
    {
        switch (layer.spec.type) {
        case LayerType::Conv: return convolve(layer, in);
        case LayerType::MaxPool: return pool(layer, in);
        case LayerType::Lrn: return normalise(layer, in);
        case LayerType::Fc: return connect(layer, in);
        case LayerType::Relu: {
            auto out = in;
            for (auto& x : out)
                x = std::max(0.0, x);
            return out;
        }
        case LayerType::Dropout: return in;
        }
        return {};
    }

    /// Calls visit(output index, channel, input row, input column, kernel row, kernel column) for what lies inside.
    template <typename Visit>
    static void eachWindow(const PathLayer& layer, Visit visit)
    {
        const auto& s = layer.spec;
        for (int c = 0; c < layer.output[0]; ++c)
            for (int y = 0; y < layer.output[1]; ++y)
                for (int x = 0; x < layer.output[2]; ++x)
                    for (int ky = 0; ky < s.kernel; ++ky)
                        for (int kx = 0; kx < s.kernel; ++kx) {
                            const int row = y * s.stride - s.padding + ky;
                            const int column = x * s.stride - s.padding + kx;
                            if (row >= 0 && row < layer.input[1] && column >= 0 && column < layer.input[2])
                                visit((c * layer.output[1] + y) * layer.output[2] + x, c, row, column, ky, kx);
                        }
    }

    std::vector<double> convolve(const PathLayer& layer, const std::vector<double>& in) const
    {
        const auto& weight = m_weights.parameters.at(layer.spec.name + ".weight").values;
        const auto& bias = m_weights.parameters.at(layer.spec.name + ".bias").values;
        const int plane = layer.output[1] * layer.output[2];
        std::vector<double> out(base::elementCount(layer.output));
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = bias[i / static_cast<std::size_t>(plane)];
        const int k = layer.spec.kernel;
        eachWindow(layer, [&](int at, int c, int row, int column, int ky, int kx) {
            double sum = 0;
            for (int i = 0; i < layer.input[0]; ++i)
                sum += static_cast<double>(weight[static_cast<std::size_t>(((c * layer.input[0] + i) * k + ky) * k + kx)])
                    * in[static_cast<std::size_t>((i * layer.input[1] + row) * layer.input[2] + column)];
            out[static_cast<std::size_t>(at)] += sum;
        });
        return out;
    }

    static std::vector<double> pool(const PathLayer& layer, const std::vector<double>& in)
    {
        std::vector<double> out(base::elementCount(layer.output), -1e300);
        eachWindow(layer, [&](int at, int c, int row, int column, int, int) {
            const double x = in[static_cast<std::size_t>((c * layer.input[1] + row) * layer.input[2] + column)];
            out[static_cast<std::size_t>(at)] = std::max(out[static_cast<std::size_t>(at)], x);
        });
        return out;
    }

    static std::vector<double> normalise(const PathLayer& layer, const std::vector<double>& in)
    {
        const auto& s = layer.spec;
        const int plane = layer.input[1] * layer.input[2];
        std::vector<double> out(in.size());
        for (int c = 0; c < layer.input[0]; ++c)
            for (int i = 0; i < plane; ++i) {
                double sum = 0;
                for (int n = std::max(0, c - s.size / 2); n < std::min(layer.input[0], c - s.size / 2 + s.size); ++n)
                    sum += in[static_cast<std::size_t>(n * plane + i)] * in[static_cast<std::size_t>(n * plane + i)];
                const auto at = static_cast<std::size_t>(c * plane + i);
                out[at] = in[at] / std::pow(s.k + s.alpha / s.size * sum, s.beta);
            }
        return out;
    }

    std::vector<double> connect(const PathLayer& layer, const std::vector<double>& in) const
    {
        const auto& weight = m_weights.parameters.at(layer.spec.name + ".weight").values;
        const auto& bias = m_weights.parameters.at(layer.spec.name + ".bias").values;
        std::vector<double> out(bias.begin(), bias.end());
        for (std::size_t o = 0; o < out.size(); ++o)
            for (std::size_t i = 0; i < in.size(); ++i)
                out[o] += static_cast<double>(weight[o * in.size() + i]) * in[i];
        return out;
    }

    Path m_path;
    const Weights& m_weights;
};

double largestDifference(std::span<const float> a, std::span<const float> b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}

struct Fixture {
    NetworkSpec spec;
    Weights weights;
    std::unique_ptr<Executor> executor;

    explicit Fixture(const NetworkSpec& network, Backend backend = Backend::Automatic)
        : spec(network), weights(samples::randomWeights(network, 3))
    {
        auto made = Executor::create(spec, weights, {backend});
        if (!made)
            qFatal("%s", made.error().message().c_str());
        executor = std::move(*made);
    }
};

/// The shipped networks, and one with what they lack: even windows, padded pools, LRN over an even count, odd strides.
NetworkSpec networkNamed(const QString& name)
{
    if (name == "odd") {
        using samples::layer;
        auto spec = samples::tinySpec();
        spec.name = "odd";
        spec.input = {3, 13, 10};
        auto norm = layer(LayerType::Lrn, "norm1");
        norm.size = 4;
        norm.alpha = 0.8;
        norm.beta = 0.6;
        norm.k = 1.5;
        auto pool = layer(LayerType::MaxPool, "pool2", 0, 4, 3, 2);
        pool.ceilMode = true;
        spec.trunk = {layer(LayerType::Relu, "relu0"),
                      layer(LayerType::Conv, "conv1", 5, 4, 2, 3),
                      norm,
                      pool,
                      layer(LayerType::Conv, "conv3", 7, 1, 1, 0),
                      layer(LayerType::Fc, "fc4", 6),
                      layer(LayerType::Relu, "relu4"),
                      layer(LayerType::Fc, "fc5", 2)};
        spec.exits = {{"exit1", 1, {layer(LayerType::Fc, "exit1/fc1", 2)}}, {"exit2", 8, {}}};
        return spec;
    }
    auto spec = loadNetworkSpec(name.toStdString());
    if (!spec)
        qFatal("%s", spec.error().message().c_str());
    return *spec;
}

std::vector<std::string> networks()
{
    auto names = shippedNetworks();
    names.insert(names.begin(), "odd");
    return names;
}

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
