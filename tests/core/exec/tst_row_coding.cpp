// SPDX-License-Identifier: GPL-3.0-or-later
// A frame's bytes are its own: they do not change with the frames that share its batch.
#include "core/data/data_set.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace splitscope;

namespace {

constexpr int kFrames = 7;

/// Each row's record, in the order of the rows.
std::vector<base::Bytes> records(const exec::CodedRows& rows)
{
    std::vector<base::Bytes> all;
    auto at = rows.payload.begin();
    for (const auto size : rows.sizes) {
        all.emplace_back(at, at + size);
        at += size;
    }
    return all;
}

}  // namespace

class TestRowCoding : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shufflingBatchMatesLeavesEachFramesBytesUnchanged_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<int>("coder");
        for (const auto* network : {"alexnet3", "alexnet3-128", "alexnet5"}) {
            QTest::addRow("%s, packed", network) << network << static_cast<int>(codec::EntropyCoder::None);
            QTest::addRow("%s, huffman", network) << network << static_cast<int>(codec::EntropyCoder::HuffmanAdaptive);
            QTest::addRow("%s, zstd", network) << network << static_cast<int>(codec::EntropyCoder::Zstd);
        }
    }
    void shufflingBatchMatesLeavesEachFramesBytesUnchanged()
    {
        QFETCH(QString, network);
        QFETCH(int, coder);
        const auto spec = model::loadNetworkSpec(network.toStdString());
        QVERIFY(spec.ok());
        const auto weights = model::loadShippedWeights(spec->name, "patterns");
        QVERIFY(weights.ok());
        const auto executor = model::Executor::create(*spec, *weights);
        QVERIFY(executor.ok());
        const auto images = data::openDataSet("patterns", model::frameSize(*spec), data::Split::Evaluation);
        QVERIFY(images.ok());

        std::vector<data::Image> frames;
        for (std::size_t i = 0; i < kFrames; ++i)
            frames.push_back(*(*images)->image(i));
        std::vector<std::size_t> order(kFrames);
        std::iota(order.begin(), order.end(), 0U);
        std::shuffle(order.begin(), order.end(), std::mt19937(5));
        order.resize(kFrames - 2);  // other mates, and fewer of them
        std::vector<data::Image> shuffled;
        for (const auto i : order)
            shuffled.push_back(frames[i]);

        const auto bytesOf = [&](const std::vector<data::Image>& batch, const decision::Decision& d) {
            const auto activation = (*executor)->run(d.exit, 0, d.partition, *model::toInput(*spec, batch));
            return records(*exec::encodeRows(*activation, d.coding, static_cast<codec::EntropyCoder>(coder)));
        };
        const decision::DecisionSpace space(*spec, *decision::parseSpaceOptions("bits:4,8,16"));
        for (const auto& d : space.decisions()) {
            if (d.coding.kind != codec::CodingKind::Quantized)
                continue;
            const auto together = bytesOf(frames, d);
            const auto apart = bytesOf(shuffled, d);
            for (std::size_t i = 0; i < order.size(); ++i)
                QVERIFY2(apart[i] == together[order[i]], decision::toString(d).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestRowCoding)
#include "tst_row_coding.moc"
