// SPDX-License-Identifier: GPL-3.0-or-later
// What all segments of a network keep in memory, and that running them takes no more. A process of its own: other tests'
// memory would be counted.
#include "core/model/executor.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

#include <fstream>
#include <malloc.h>

using namespace splitscope;
using namespace splitscope::model;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

namespace {

double residentBytes()
{
    malloc_trim(0);
    std::ifstream status("/proc/self/status");
    double kilobytes = 0;
    for (std::string word; status >> word;)
        if (word == "RssAnon:")
            status >> kilobytes;
    return kilobytes * 1024;
}

void runEverySplit(const Executor& executor, int batch)
{
    const auto& spec = executor.spec();
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const Path path(spec, exit);
        for (const int cut : path.distinctCuts()) {
            const auto feature = executor.run(exit, 0, cut, base::Tensor(batch, spec.input));
            QVERIFY(feature.ok());
            QVERIFY(executor.run(exit, cut, path.length(), *feature).ok());
        }
    }
}

}  // namespace

class TestExecutorMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (kSanitized)
            QSKIP("sanitizers keep memory of their own");
        // What the libraries take once for all networks is no network's.
        const auto spec = samples::tinySpec();
        const auto executor = Executor::create(spec, samples::randomWeights(spec, 1));
        QVERIFY(executor.ok());
        runEverySplit(**executor, 2);
    }

    void allSegmentsKeepLittleMoreThanTheWeights_data()
    {
        QTest::addColumn<QString>("network");
        for (const auto& name : shippedNetworks())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void allSegmentsKeepLittleMoreThanTheWeights()
    {
        QFETCH(QString, network);
        Executor::setThreadCount(1);
        const auto spec = *loadNetworkSpec(network.toStdString());
        const auto weights = samples::randomWeights(spec, 2);
        double weightBytes = 0;
        for (const auto& [name, parameter] : weights.parameters)
            weightBytes += static_cast<double>(parameter.values.size() * sizeof(float));
        const double before = residentBytes();
        const auto executor = Executor::create(spec, weights);
        QVERIFY(executor.ok());
        runEverySplit(**executor, 1);
        runEverySplit(**executor, 8);
        const double ratio = (residentBytes() - before) / weightBytes;
        qInfo("%.2f times the weights", ratio);
        QVERIFY2(ratio <= 2.5, qPrintable(QString::number(ratio)));
        for (int i = 0; i < 3; ++i)
            runEverySplit(**executor, 8);
        QVERIFY((residentBytes() - before) / weightBytes <= ratio + 0.1);
    }
};

QTEST_APPLESS_MAIN(TestExecutorMemory)
#include "tst_executor_memory.moc"
