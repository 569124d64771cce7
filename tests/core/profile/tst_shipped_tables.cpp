// SPDX-License-Identifier: GPL-3.0-or-later
// The accuracy tables that ship belong to the weights that ship, and say what these answer.
#include "core/base/files.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/profile/accuracy_table.h"

#include <QTest>
#include <algorithm>
#include <filesystem>

using namespace splitscope;
using namespace splitscope::profile;

class TestShippedTables : public QObject {
    Q_OBJECT
private:
    static void rows()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("data");
        const auto models = base::resourcePath("models");
        QVERIFY(models.ok());
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(*models))
            if (entry.path().extension() == ".table")
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            const auto network = file.parent_path().filename().string(), data = file.stem().string();
            QTest::addRow("%s on %s", network.c_str(), data.c_str())
                << QString::fromStdString(network) << QString::fromStdString(data);
        }
    }

private Q_SLOTS:
    void patternsShipForTheNetworksThatAnyoneCanTry()
    {
        for (const char* network : {"alexnet3", "alexnet5", "alexnet3-128", "alexnet3-128b"})
            QVERIFY2(loadShippedAccuracyTable(network, "patterns").ok(), network);
    }

    void everyTableFitsItsWeightsAndIsComplete_data() { rows(); }
    void everyTableFitsItsWeightsAndIsComplete()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto table = loadShippedAccuracyTable(network.toStdString(), data.toStdString());
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        const auto spec = model::loadNetworkSpec(network.toStdString());
        const auto weights = model::loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY(spec.ok() && weights.ok());
        QCOMPARE(table->modelHash, model::modelHash(*spec, *weights));
        QCOMPARE(table->data, data.toStdString());
        QCOMPARE(table->split, std::string("table"));
        QVERIFY(table->images >= 1900);
        const decision::DecisionSpace space(*spec, {});
        for (const auto& decision : space.decisions()) {
            const auto* column = table->find(decision.exit, space.cutName(decision), decision.coding);
            QVERIFY2(column != nullptr, toString(decision).c_str());
            QCOMPARE(column->correct.size(), table->images);
            for (auto coder : {codec::EntropyCoder::None, codec::EntropyCoder::HuffmanAdaptive})
                QVERIFY(!column->bytesWith(coder).empty());
        }
    }

    /// All on the device, on the first images; another processor's kernels may turn the odd one.
    void theWeightsStillAnswerWhatTheTableSays_data() { rows(); }
    void theWeightsStillAnswerWhatTheTableSays()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto table = loadShippedAccuracyTable(network.toStdString(), data.toStdString());
        const auto spec = model::loadNetworkSpec(network.toStdString());
        const auto weights = model::loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY(table.ok() && spec.ok() && weights.ok());
        const auto images = data::openDataSet(data.toStdString(), model::frameSize(*spec), data::Split::Table);
        if (!images)
            QSKIP(("the images are not here: " + images.error().message()).c_str());
        QVERIFY((*images)->size() >= table->images);
        constexpr std::size_t kLooks = 60;
        std::vector<data::Image> frames;
        for (std::size_t i = 0; i < kLooks; ++i) {
            QCOMPARE((*images)->label(i), table->labels[i]);
            frames.push_back(*(*images)->image(i));
        }
        const auto executor = model::Executor::create(*spec, *weights);
        QVERIFY(executor.ok());
        const auto input = model::toInput(*spec, frames);
        const decision::DecisionSpace space(*spec, {});
        for (int exit = 1; exit <= spec->exitCount(); ++exit) {
            const auto local = decision::onDevice(*spec, exit);
            const auto* column = table->find(exit, space.cutName(local), local.coding);
            QVERIFY(column != nullptr);
            const auto logits = (*executor)->run(exit, 0, local.partition, *input);
            QVERIFY(logits.ok());
            int different = 0;
            for (std::size_t i = 0; i < kLooks; ++i)
                if ((base::argmax(logits->row(static_cast<int>(i))) == table->labels[i]) != column->correct[i])
                    ++different;
            QVERIFY2(different <= 1, qPrintable(QString("exit %1: %2 answers differ").arg(exit).arg(different)));
        }
    }

    /// A megabyte or three of answers, not a table of numbers for each: they are part of the source tree.
    void tablesAreSmall_data() { rows(); }
    void tablesAreSmall()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto path = base::resourcePath("models/" + network.toStdString() + "/" + data.toStdString() + ".table");
        QVERIFY(std::filesystem::file_size(*path) < 4U << 20);
    }
};

QTEST_APPLESS_MAIN(TestShippedTables)
#include "tst_shipped_tables.moc"
