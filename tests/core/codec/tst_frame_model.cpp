// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_model.h"

#include "core/base/files.h"
#include "core/codec/feature_codec.h"
#include "core/data/cifar10.h"
#include "tests/core/codec/frame_samples.h"

#include <QTest>

#include <algorithm>
#include <limits>
#include <thread>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

base::Bytes encoded(const FrameModel& model, const data::Image& image)
{
    base::Bytes out;
    return model.encode(image, out).ok() ? out : base::Bytes{};
}

bool comesBack(const FrameModel& model, const data::Image& image)
{
    const base::Bytes record = encoded(model, image);
    const auto back = model.decode(record, image.size);
    return !record.empty() && record.size() <= image.pixels.size() && back.ok() && back->size == image.size
        && back->pixels == image.pixels;
}

/// A model that has seen little: trained in a moment.
const FrameModel& quickModel()
{
    static const FrameModel model = [] {
        std::vector<data::Image> frames;
        for (std::uint64_t i = 0; i < 60; ++i)
            frames.push_back(smoothFrame(24, 20, 1 + static_cast<int>(i % 20), i));
        return FrameModel::train(frames, 400).value();
    }();
    return model;
}

QByteArray toHex(const base::Bytes& bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())).toHex(' ');
}

std::vector<data::Image> cifarFrames(data::Split split, std::size_t count)
{
    std::vector<data::Image> frames;
    const std::string folder = qEnvironmentVariable("SPLITSCOPE_DATA").toStdString();
    const auto set = folder.empty() ? base::Result<std::unique_ptr<data::DataSet>>(base::Error{})
                                    : data::openCifar10(folder + "/" + data::kCifar10Folder, {3, 32, 32}, split);
    for (std::size_t i = 0; set && i < count; ++i)
        frames.push_back((*set)->image(i).value());
    return frames;
}

}  // namespace

class TestFrameModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void framesComeBackExactly_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("one pixel") << 1 << 1;
        QTest::newRow("one row") << 1 << 37;
        QTest::newRow("one column") << 41 << 1;
        QTest::newRow("two by two") << 2 << 2;
        QTest::newRow("three by two") << 3 << 2;
        QTest::newRow("odd") << 17 << 33;
        QTest::newRow("cifar") << 32 << 32;
        QTest::newRow("imagenette") << 128 << 128;
        QTest::newRow("longest side") << 2 << kMaxImageSide;
    }
    void framesComeBackExactly()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        const FrameModel models[] = {quickModel(), modelOf(exampleParameters()), modelOf(wildParameters(1))};
        for (const FrameModel& model : models) {
            for (const int noise : {0, 8, 200})
                QVERIFY(comesBack(model, smoothFrame(height, width, noise)));
            for (const std::uint8_t value : {0, 1, 127, 254, 255})
                QVERIFY(comesBack(model, constantFrame(height, width, value)));
            QVERIFY(comesBack(model, noiseFrame(height, width)));
        }
    }

    void blackAndWhiteExtremesComeBack()
    {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            data::Image image = noiseFrame(23, 19, seed);
            for (auto& sample : image.pixels)
                sample = sample < 128 ? 0 : 255;
            QVERIFY(comesBack(quickModel(), image));
            QVERIFY(comesBack(modelOf(wildParameters(seed)), image));
        }
    }

    void noiseCostsNoMoreThanItsPixels()
    {
        const data::Image image = noiseFrame(32, 32);
        const base::Bytes record = encoded(quickModel(), image);
        QCOMPARE(record.size(), image.pixels.size());
        QCOMPARE(record, image.pixels);  // as raw
    }

    void whatTrainingFramesHaveInCommonCostsLittle()
    {
        std::vector<data::Image> frames;
        for (int i = 0; i < 50; ++i)
            frames.push_back(constantFrame(16, 16, static_cast<std::uint8_t>(5 * i)));
        const auto model = FrameModel::train(frames, 1500);
        QVERIFY(model.ok());
        const std::size_t constant = encoded(*model, constantFrame(32, 32, 123)).size();
        QVERIFY2(constant < 3 * 32 * 32 / 16, qPrintable(QString::number(constant)));
        QVERIFY(constant < encoded(quickModel(), constantFrame(32, 32, 123)).size());
        const data::Image smooth = smoothFrame(32, 32, 9);
        QVERIFY(encoded(quickModel(), smooth).size() < encoded(*model, smooth).size());
    }

    void encodingAppends()
    {
        base::Bytes out{1, 2, 3};
        const data::Image image = smoothFrame(16, 16, 4);
        QVERIFY(quickModel().encode(image, out).ok());
        const base::Bytes alone = encoded(quickModel(), image);
        QCOMPARE(base::Bytes(out.begin() + 3, out.end()), alone);
    }

    void copiesCodeOnSeveralThreads()
    {
        const data::Image image = smoothFrame(40, 40, 12);
        const base::Bytes expected = encoded(quickModel(), image);
        std::array<bool, 4> good{};
        {
            std::vector<std::jthread> threads;
            for (auto& result : good)
                threads.emplace_back([&, model = quickModel()] {
                    result = true;
                    for (int i = 0; i < 20; ++i)
                        result = result && encoded(model, image) == expected && comesBack(model, image);
                });
        }
        for (const bool result : good)
            QVERIFY(result);
    }

    void framesOfOtherKindsAreRefused()
    {
        const FrameModel& model = quickModel();
        base::Bytes out;
        QVERIFY(!model.encode({{1, 4, 4}, base::Bytes(16)}, out).ok());
        QVERIFY(!model.encode({{3, 0, 4}, {}}, out).ok());
        QVERIFY(!model.encode({{3, 4, 4}, base::Bytes(47)}, out).ok());
        QVERIFY(!model.encode({{3, 1, kMaxImageSide + 1}, base::Bytes(3 * (kMaxImageSide + 1))}, out).ok());
        QVERIFY(out.empty());
        QVERIFY(!model.decode(base::Bytes(48), {4, 4, 3}).ok());
        QVERIFY(!model.decode({}, {3, -1, -1}).ok());
        QVERIFY(!FrameModel::train({}).ok());
        const std::vector<data::Image> wrong{smoothFrame(4, 4, 2), {{3, 4, 4}, base::Bytes(1)}};
        QVERIFY(!FrameModel::train(wrong).ok());
    }

    void damagedRecordsAreErrorsOrOtherFrames()
    {
        const data::Image image = smoothFrame(20, 24, 10);
        const base::Bytes record = encoded(quickModel(), image);
        QVERIFY(record.size() < image.pixels.size());
        for (std::size_t length = 0; length < record.size(); ++length)
            QVERIFY(!quickModel().decode(base::ByteView(record).first(length), image.size).ok());
        base::Bytes longer = record;
        longer.push_back(0);
        QVERIFY(!quickModel().decode(longer, image.size).ok());
        QVERIFY(!quickModel().decode(base::Bytes(image.pixels.size() + 1), image.size).ok());
        QVERIFY(!quickModel().decode(record, {3, 20, 23}).ok());
        for (std::size_t i = 0; i < record.size(); ++i) {
            base::Bytes flipped = record;
            flipped[i] ^= static_cast<std::uint8_t>(1 << i % 8);
            const auto other = quickModel().decode(flipped, image.size);
            QVERIFY(!other.ok() || other->pixels != image.pixels);
        }
    }

    void aRecordOfAnotherModelIsNotMistaken()
    {
        const data::Image image = smoothFrame(32, 32, 10);
        const auto other = modelOf(exampleParameters()).decode(encoded(quickModel(), image), image.size);
        QVERIFY(!other.ok() || other->pixels != image.pixels);
    }

    void modelsComeBackFromTheirBytes()
    {
        base::Bytes bytes;
        quickModel().serialize(bytes);
        QCOMPARE(bytes.size(), kFrameParameterBytes);
        const auto model = FrameModel::parse(bytes, "test");
        QVERIFY(model.ok());
        base::Bytes again;
        model->serialize(again);
        QCOMPARE(again, bytes);
        const data::Image image = smoothFrame(31, 33, 30);
        QCOMPARE(encoded(*model, image), encoded(quickModel(), image));
    }

    void trainingIsRepeatable()
    {
        const std::vector<data::Image> frames{smoothFrame(12, 12, 9), noiseFrame(9, 13), smoothFrame(1, 5, 2)};
        base::Bytes first;
        base::Bytes second;
        FrameModel::train(frames, 50)->serialize(first);
        FrameModel::train(frames, 50)->serialize(second);
        QCOMPARE(first, second);
    }

    void trainingTellsHowFarItIs()
    {
        std::vector<double> shares;
        const std::vector<data::Image> frames{smoothFrame(12, 12, 9), noiseFrame(9, 13)};
        const auto told = FrameModel::train(frames, 1000, {}, [&](double share) { shares.push_back(share); });
        QVERIFY(told.ok());
        QVERIFY(std::is_sorted(shares.begin(), shares.end()));
        QVERIFY(shares.size() > 10 && shares.front() == 0 && shares[shares.size() - 2] < 1);
        QCOMPARE(shares.back(), 1.0);
        base::Bytes silent;
        base::Bytes observed;
        FrameModel::train(frames, 1000)->serialize(silent);
        told->serialize(observed);
        QCOMPARE(observed, silent);
    }

    void trainingIsStoppedAtOnce()
    {
        std::stop_source source;
        const auto stopped = FrameModel::train(std::vector{smoothFrame(12, 12, 9)}, std::numeric_limits<int>::max(),  // for ever
                                               source.get_token(), [&](double share) {
                                                   if (share > 0)
                                                       source.request_stop();
                                               });
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
    }

    void oddTrainingFramesGiveAModel()
    {
        const std::vector<std::vector<data::Image>> sets{{constantFrame(1, 1, 7)},
                                                         {constantFrame(1, 9, 255)},
                                                         {constantFrame(9, 1, 0)},
                                                         {noiseFrame(3, 3), constantFrame(1, 1, 255)}};
        for (const auto& frames : sets) {
            const auto model = FrameModel::train(frames, 100);
            QVERIFY2(model.ok(), model.ok() ? "" : model.error().text.c_str());
            QVERIFY(comesBack(*model, smoothFrame(19, 21, 5)));
            QVERIFY(comesBack(*model, noiseFrame(8, 8)));
        }
    }

    void damagedModelsAreRefused()
    {
        const base::Bytes good = serialized(exampleParameters());
        QVERIFY(!FrameModel::parse({}, "test").ok());
        QVERIFY(!FrameModel::parse(base::ByteView(good).first(good.size() - 1), "test").ok());
        base::Bytes longer = good;
        longer.push_back(0);
        QVERIFY(!FrameModel::parse(longer, "test").ok());

        FrameParameters parameters = exampleParameters();
        parameters.networks[1][2].bias[5] = 1 << 24;
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
        parameters.networks[1][2].bias[5] = std::numeric_limits<std::int32_t>::min();
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
        parameters = exampleParameters();
        for (auto& weights : parameters.networks[0][1].weights)
            weights[7] = -32768;
        const auto error = FrameModel::parse(serialized(parameters), "a file");
        QVERIFY(!error.ok());
        QCOMPARE(error.error().where, std::string("a file"));
        QVERIFY(error.error().text.find("network 1") != std::string::npos);
        parameters = exampleParameters();
        parameters.networks[1][0].mean.fill(2000);
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
        parameters = exampleParameters();
        parameters.networks[1][0].scale.fill(-2000);
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
        parameters = exampleParameters();
        parameters.shapes[3][9] = 1;
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
        parameters = exampleParameters();
        parameters.shapes[39][39] = 32641;
        QVERIFY(!FrameModel::parse(serialized(parameters), "test").ok());
    }

    void recordsHaveTheSpecifiedBytes()
    {
        const auto file = base::readFile(SPLITSCOPE_SOURCE "/core/codec/BITSTREAMS.md");
        QVERIFY(file.ok());
        const QByteArray text = QByteArray(reinterpret_cast<const char*>(file->data()), qsizetype(file->size())).simplified();
        const data::Image image{{3, 2, 3}, {100, 101, 103, 102, 104, 180, 50, 50, 50, 50, 50, 51, 0, 0, 0, 1, 0, 255}};
        const QByteArray hex = toHex(encoded(modelOf(exampleParameters()), image));
        QVERIFY2(text.contains(hex), hex.constData());
    }

    void recordsAreTheSameOnEveryMachine()
    {
        base::Bytes all;
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const FrameModel model = modelOf(wildParameters(seed, seed % 2 == 0 ? 900 : 60));
            for (const auto& image : {smoothFrame(21, 27, 0), smoothFrame(9, 40, 50), constantFrame(12, 5, 255)})
                QVERIFY(model.encode(image, all).ok());
        }
        QCOMPARE(QString::fromStdString(base::sha256(all)),
                 QString("2d182a84f7cc3e5342534b4e6cd069e37b485586be96e0e2bdfd6d4868ab9dfa"));
    }

    void photographsCostLessThanAsWebp()
    {
        const auto train = cifarFrames(data::Split::Train, 2000);
        if (train.empty())
            QSKIP("needs CIFAR-10 in SPLITSCOPE_DATA");
        const auto unseen = cifarFrames(data::Split::Evaluation, 200);
        const auto model = FrameModel::train(train, 4000);
        QVERIFY(model.ok());
        std::size_t raw = 0;
        std::size_t coded = 0;
        std::size_t webp = 0;
        for (const data::Image& image : unseen) {
            base::Bytes record;
            QVERIFY(comesBack(*model, image));
            QVERIFY(model->encode(image, record).ok());
            coded += record.size();
            raw += image.pixels.size();
            record.clear();
            QVERIFY(encodeImage(image, {CodingKind::Lossless, 0}, record).ok());
            webp += record.size();
        }
        QVERIFY2(coded < webp * 9 / 10, qPrintable(QString("%1 bytes, WebP %2").arg(coded).arg(webp)));
        QVERIFY2(double(coded) < 0.55 * double(raw), qPrintable(QString("%1 bytes of %2").arg(coded).arg(raw)));
    }
};

QTEST_APPLESS_MAIN(TestFrameModel)
#include "tst_frame_model.moc"
