// SPDX-License-Identifier: GPL-3.0-or-later
#include "accuracy_samples.h"
#include "core/codec/feature_codec.h"
#include "core/profile/codebook_builder.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::profile;
using codec::CodingKind;
using codec::EntropyCoder;
using model::samples::HalvesDataSet;

class TestCodebookBuilder : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = samples::threeExits();
    const model::Weights m_weights = model::samples::randomWeights(m_spec, 3);
    const std::unique_ptr<model::Executor> m_executor = std::move(*model::Executor::create(m_spec, m_weights));
    const HalvesDataSet m_images{60, 5};

    [[nodiscard]] static CodebookBuilderOptions options()
    {
        CodebookBuilderOptions options;
        options.images = 30;
        options.frames = 0;
        options.contextBits = {4};
        options.batch = 7;
        return options;
    }
    [[nodiscard]] base::Result<codec::Codebook> train(const CodebookBuilderOptions& options, std::stop_token stop = {},
                                                      const CodebookObserver& observer = {}) const
    {
        return trainCodebook(*m_executor, "0123", m_images, options, std::move(stop), observer);
    }

private Q_SLOTS:
    void everyTensorThatMayCrossIsCodedExactly()
    {
        const auto trained = train(options());
        QVERIFY2(trained.ok(), trained.ok() ? "" : trained.error().message().c_str());
        QCOMPARE(trained->contents().network, m_spec.name);
        QCOMPARE(trained->contents().modelHash, "0123");
        QCOMPARE(trained->contents().images, 30U);
        const auto read = std::make_shared<const codec::Codebook>(*codec::Codebook::parse(trained->bytes(), "test"));
        const auto input = *model::toInput(m_spec, std::vector{*m_images.image(59)});
        const decision::DecisionSpace space(m_spec, *decision::parseSpaceOptions("bits:2,3,4,8,12,16"));
        for (const auto& decision : space.decisions()) {
            if (decision.coding.kind != CodingKind::Quantized)
                continue;
            const auto& tensor = space.cutName(decision);
            const auto values = m_executor->run(decision.exit, 0, decision.partition, input)->values;
            std::vector<float> expected(values.size()), back(values.size());
            base::Bytes packed;
            QVERIFY(encodeFeatures(values, decision.coding, EntropyCoder::None, packed).ok());
            QVERIFY(decodeFeatures(packed, decision.coding, EntropyCoder::None, expected).ok());
            for (const auto coder : {EntropyCoder::Huffman, EntropyCoder::Context}) {
                const codec::BookedCoder booked(coder, read);
                const bool known = coder == EntropyCoder::Huffman || decision.coding.parameter == 4;
                QCOMPARE(checkBook(booked, tensor, decision.coding).ok(), known);
                if (!known)
                    continue;
                base::Bytes record;
                QVERIFY(encodeFeatures(values, decision.coding, booked.forTensor(tensor, decision.coding), record).ok());
                QVERIFY(record.size() <= packed.size() + 1);
                QVERIFY(decodeFeatures(record, decision.coding, booked.forTensor(tensor, decision.coding), back).ok());
                QCOMPARE(back, expected);
            }
        }
    }

    void howItWasComputedDoesNotShow()
    {
        auto other = options();
        other.threads = 5;
        other.batch = 30;
        QCOMPARE(train(other)->hash(), train(options())->hash());
    }

    void progressReachesItsEndAndTrainingCanBeStopped()
    {
        std::size_t done = 0, total = 0;
        QVERIFY(train(options(), {}, [&](const CodebookProgress& progress) {
                    QVERIFY(progress.done >= done && progress.secondsLeft >= 0 && !progress.what.empty());
                    done = progress.done;
                    total = progress.total;
                }).ok());
        QCOMPARE(done, total);
        QVERIFY(total > 15);

        std::stop_source source;
        const auto stopped = train(options(), source.get_token(), [&](const CodebookProgress&) { source.request_stop(); });
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
    }

    void theFramesModelTellsHowFarItIsAndStopsAtOnce()
    {
        auto wanted = options();
        wanted.frames = 20;
        wanted.contextBits = {};
        std::stop_source source;
        CodebookProgress last;
        const auto stopped = train(wanted, source.get_token(), [&](const CodebookProgress& progress) {
            last = progress;
            if (progress.what.starts_with("raw frames, ") && progress.what != "raw frames, 0 %")
                source.request_stop();
        });
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(last.done, last.total - 1);
        QVERIFY2(last.what.ends_with(" %") && last.what != "raw frames, 100 %", last.what.c_str());
        QVERIFY(last.secondsLeft > 0);
    }
};

QTEST_GUILESS_MAIN(TestCodebookBuilder)
#include "tst_codebook_builder.moc"
