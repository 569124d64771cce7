// SPDX-License-Identifier: GPL-3.0-or-later
// The network made to be cut: what crosses behind its narrow layers is small, and 4 bits cost no accuracy.
#include "core/codec/feature_codec.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/model/path.h"
#include "core/model/trainer.h"

#include <QTest>

#include <algorithm>

using namespace splitscope;

namespace {

constexpr std::size_t kImages = 200;

/// One frame's trip over the link at 4 bits.
struct Trip {
    std::size_t bytes = 0;
    int exactClass = 0;
    int decodedClass = 0;
};

int bestClass(const base::Tensor& logits)
{
    return static_cast<int>(std::max_element(logits.values.begin(), logits.values.end()) - logits.values.begin());
}

}  // namespace

class TestNarrowCut : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fourBitsBehindANarrowLayerAreFewBytesAndCostNothing_data()
    {
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("layer");
        for (const char* data : {"patterns", "imagenette"})
            for (const auto& layer : model::narrowLayers(*model::loadNetworkSpec("alexnet3-128b")))
                QTest::addRow("%s on %s", layer.c_str(), data) << data << QString::fromStdString(layer);
    }
    void fourBitsBehindANarrowLayerAreFewBytesAndCostNothing()
    {
        QFETCH(QString, data);
        QFETCH(QString, layer);
        const auto spec = model::loadNetworkSpec("alexnet3-128b");
        const auto weights = model::loadShippedWeights("alexnet3-128b", data.toStdString());
        QVERIFY2(weights.ok(), weights.ok() ? "" : weights.error().message().c_str());
        const auto images = data::openDataSet(data.toStdString(), model::frameSize(*spec), data::Split::Evaluation);
        if (!images && data != "patterns")
            QSKIP(("The images are not here: " + images.error().message()).c_str());
        QVERIFY(images.ok());
        const auto executor = model::Executor::create(*spec, *weights);
        QVERIFY(executor.ok());
        double bytes = 0;
        int exact = 0, decoded = 0;
        for (std::size_t i = 0; i < kImages; ++i) {
            const auto trip = sendOne(**executor, **images, i, layer.toStdString());
            bytes += static_cast<double>(trip.bytes) / kImages;
            exact += trip.exactClass == (*images)->label(i) ? 1 : 0;
            decoded += trip.decodedClass == (*images)->label(i) ? 1 : 0;
        }
        QVERIFY2(bytes <= 600, qPrintable(QString::number(bytes)));
        QVERIFY2(decoded >= exact - 4, qPrintable(QString("%1 instead of %2 of 200 right").arg(decoded).arg(exact)));
    }

private:
    static Trip sendOne(const model::Executor& executor, const data::DataSet& images, std::size_t index, const std::string& layer)
    {
        constexpr codec::Coding kFourBits{codec::CodingKind::Quantized, 4};
        const auto& spec = executor.spec();
        const int exit = spec.exitCount();
        const model::Path path(spec, exit);
        int cut = 1;
        while (path.layer(cut).spec.name != layer)
            ++cut;
        const auto image = images.image(index).value();
        auto tensor = executor.run(exit, 0, cut, model::toInput(spec, {&image, 1}).value()).value();
        Trip trip;
        trip.exactClass = bestClass(executor.run(exit, cut, path.length(), tensor).value());
        base::Bytes record;
        const bool coded = codec::encodeFeatures(tensor.values, kFourBits, codec::EntropyCoder::HuffmanAdaptive, record).ok()
            && codec::decodeFeatures(record, kFourBits, codec::EntropyCoder::HuffmanAdaptive, tensor.values).ok();
        trip.bytes = record.size();
        trip.decodedClass = coded ? bestClass(executor.run(exit, cut, path.length(), tensor).value()) : -1;
        return trip;
    }
};

QTEST_GUILESS_MAIN(TestNarrowCut)
#include "tst_narrow_cut.moc"
