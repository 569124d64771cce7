// SPDX-License-Identifier: GPL-3.0-or-later
// The codebooks that ship: they belong to the weights beside them, know every tensor, and code what they have not seen.
#include "core/base/files.h"
#include "core/codec/bit_packer.h"
#include "core/codec/feature_codec.h"
#include "core/data/data_set.h"
#include "core/decision/decision.h"
#include "core/model/executor.h"
#include "core/model/path.h"
#include "core/model/weights.h"
#include "core/profile/codebook_builder.h"

#include <QTest>

using namespace splitscope;
using codec::CodingKind;
using codec::EntropyCoder;

class TestShippedCodebooks : public QObject {
    Q_OBJECT
private:
    static void rows()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("data");
        const auto folder = base::resourcePath("models");
        QVERIFY(folder.ok());
        for (const auto& network : model::shippedNetworks())
            for (const auto& entry : std::filesystem::directory_iterator(*folder / network))
                if (entry.path().extension() == ".codebook")
                    QTest::addRow("%s on %s", network.c_str(), entry.path().stem().c_str())
                        << QString::fromStdString(network) << QString::fromStdString(entry.path().stem().string());
    }

private Q_SLOTS:
    void everyBookFitsItsWeightsAndKnowsEveryTensor_data() { rows(); }
    void everyBookFitsItsWeightsAndKnowsEveryTensor()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto book = codec::loadShippedCodebook(network.toStdString(), data.toStdString());
        QVERIFY2(book.ok(), book.ok() ? "" : book.error().message().c_str());
        const auto spec = model::loadNetworkSpec(network.toStdString());
        const auto weights = model::loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY(spec.ok() && weights.ok());
        QCOMPARE((*book)->contents().network, network.toStdString());
        QCOMPARE((*book)->contents().data, data.toStdString());
        QCOMPARE((*book)->contents().modelHash, model::modelHash(*spec, *weights));
        QVERIFY((*book)->contents().frames != nullptr);
        for (const auto coder : {EntropyCoder::Huffman, EntropyCoder::Context}) {
            const decision::DecisionSpace space(*spec, {});
            for (const auto& decision : space.decisions())
                QVERIFY2(checkBook({coder, *book}, space.cutName(decision), decision.coding).ok(), toString(decision).c_str());
        }
    }

    /// On images that are neither trained nor tuned on.
    void booksAreWorthTheirNames_data() { rows(); }
    void booksAreWorthTheirNames()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto book = codec::loadShippedCodebook(network.toStdString(), data.toStdString());
        const auto spec = model::loadNetworkSpec(network.toStdString());
        const auto weights = model::loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY(book.ok() && spec.ok() && weights.ok());
        const auto images = data::openDataSet(data.toStdString(), model::frameSize(*spec), data::Split::Evaluation);
        if (!images)
            QSKIP(("the images are not here: " + images.error().message()).c_str());
        const auto executor = model::Executor::create(*spec, *weights);
        QVERIFY(executor.ok());
        const int exit = spec->exitCount();
        const model::Path path(*spec, exit);
        const int cut = path.distinctCuts()[3];
        const codec::Coding eight{CodingKind::Quantized, 8};
        std::map<EntropyCoder, std::size_t> bytes;
        for (std::size_t i = 0; i < 20; ++i) {
            const auto input = *model::toInput(*spec, std::vector{*(*images)->image(i * (*images)->size() / 20)});
            const auto values = (*executor)->run(exit, 0, cut, input)->values;
            for (const auto coder : codec::kEntropyCoders) {
                const codec::BookedCoder booked(coder, *book);
                base::Bytes record;
                QVERIFY(encodeFeatures(values, eight, booked.forTensor(path.cutName(cut), eight), record).ok());
                bytes[coder] += record.size();
            }
        }
        std::size_t modelled = 0, webp = 0;
        const codec::Coding lossless{CodingKind::Lossless, 0};
        for (std::size_t i = 0; i < 20; ++i) {
            const auto image = *(*images)->image(i * (*images)->size() / 20);
            const codec::BookedCoder booked(EntropyCoder::Context, *book);
            base::Bytes ours, theirs;
            QVERIFY(encodeImage(image, lossless, ours, booked.forFrames()).ok());
            QVERIFY(encodeImage(image, lossless, theirs).ok());
            const auto back = codec::decodeImage(ours, lossless, image.size, booked.forFrames());
            QVERIFY(back.ok() && back->pixels == image.pixels);
            modelled += ours.size();
            webp += theirs.size();
        }
        QVERIFY2(modelled < webp, qPrintable(QString("%1 bytes modelled, %2 as WebP").arg(modelled).arg(webp)));
        QVERIFY(bytes[EntropyCoder::Huffman] < bytes[EntropyCoder::HuffmanAdaptive]);
        QVERIFY(bytes[EntropyCoder::Context] < bytes[EntropyCoder::Huffman]);
    }
};

QTEST_GUILESS_MAIN(TestShippedCodebooks)
#include "tst_shipped_codebooks.moc"
