// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/executor.h"
#include "core/model/network_p.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

class TestNetwork : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void foldingKeepsWhatTheNetworkComputes_data()
    {
        QTest::addColumn<QString>("network");
        QTest::newRow("modern") << "modern";
        for (const auto& name : shippedNetworks())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void foldingKeepsWhatTheNetworkComputes()
    {
        QFETCH(QString, network);
        const auto spec = network == "modern" ? base::Result(samples::modernSpec()) : loadNetworkSpec(network.toStdString());
        QVERIFY(spec.ok());
        torch::manual_seed(5);
        TrainingNetwork trained(*spec);
        const auto input = samples::randomTensor(4, spec->input, 1);
        const auto images = at::from_blob(const_cast<float*>(input.values.data()),
                                          {4, spec->input[0], spec->input[1], spec->input[2]}, at::kFloat);
        const torch::NoGradGuard noGradient;
        for (auto& entry : trained.named_parameters())
            if (entry.key().find("/norm") != std::string::npos)
                entry.value().add_(at::rand_like(entry.value()), 0.3);
        trained.train();
        for (int i = 0; i < 3; ++i)
            trained.forward(images + at::randn_like(images));  // moves the running statistics off their start
        trained.eval();
        const auto expected = trained.forward(images);

        const auto weights = trained.fold();
        QVERIFY(checkWeights(*spec, weights).ok());
        const auto executor = Executor::create(*spec, weights);
        QVERIFY2(executor.ok(), executor.ok() ? "" : executor.error().message().c_str());
        for (int exit = 1; exit <= spec->exitCount(); ++exit) {
            const auto logits = (*executor)->run(exit, 0, Path(*spec, exit).length(), input);
            QVERIFY(logits.ok());
            const auto reference = expected[static_cast<std::size_t>(exit - 1)].contiguous();
            const auto scale = std::max(1.0, reference.abs().max().item<double>());
            for (std::size_t i = 0; i < logits->values.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(logits->values[i]) - static_cast<double>(reference.data_ptr<float>()[i]))
                        < 1e-4 * scale);
        }
    }

    void dropoutActsInTrainingOnly()
    {
        const auto spec = samples::tinySpec();
        TrainingNetwork network(spec);
        const torch::NoGradGuard noGradient;
        const auto images = at::randn({8, 3, 8, 8});
        network.eval();
        QVERIFY(network.forward(images)[1].equal(network.forward(images)[1]));
        network.train();
        QVERIFY(!network.forward(images)[1].equal(network.forward(images)[1]));
        QVERIFY(network.forward(images)[0].equal(network.forward(images)[0]));  // exit 1 has no dropout on its way
    }

    void decayLeavesNormalisationAndBiasesAlone()
    {
        const TrainingNetwork network(samples::tinySpec());
        QCOMPARE(network.decayed().size(), std::size_t{4});  // two convolutions, two fully connected layers
        for (const auto& parameter : network.decayed())
            QVERIFY(parameter.dim() >= 2);
        QCOMPARE(network.undecayed().size(), std::size_t{6});
        for (const auto& parameter : network.undecayed())
            QCOMPARE(parameter.dim(), 1L);
    }
};

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_network.moc"
