// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/codec/context_samples.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace splitscope;
using namespace splitscope::codec;
using namespace splitscope::codec::samples;

class TestContextModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void levelsComeBackAtEveryWidth_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = 2; bits <= 16; ++bits)
            QTest::addRow("%d bits", bits) << bits;
    }
    void levelsComeBackAtEveryWidth()
    {
        QFETCH(int, bits);
        const MapShape shape{5, 6, 7};
        const auto model = trained(shape, bits);
        QCOMPARE(model.bits(), bits);
        QVERIFY(model.shape() == shape);
        for (const auto& frame : featureMaps(shape, bits, 10, 2))
            comeBack(model, frame);

        const auto top = static_cast<std::uint32_t>(1 << bits);
        Random random(5);
        Levels wild(shape.count());
        for (int kind = 0; kind < 5; ++kind) {  // nothing like what was learned
            for (std::size_t i = 0; i < wild.size(); ++i) {
                const std::uint32_t levels[]
                    = {random.below(top), top - 1 - random.below(2), static_cast<std::uint32_t>(i % 2) * (top - 1),
                       random.below(9) == 0 ? random.below(top) : 0, static_cast<std::uint32_t>(i) % top};
                wild[i] = static_cast<std::uint16_t>(levels[kind]);
            }
            comeBack(model, wild);
        }
        for (const std::uint32_t constant : {std::uint32_t{0}, std::uint32_t{1}, top / 2, top - 1})
            comeBack(model, Levels(shape.count(), static_cast<std::uint16_t>(constant)));
    }

    void shapesOfAllSizesComeBack_data()
    {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addRow("one value") << 1 << 1 << 1;
        QTest::addRow("two values") << 2 << 1 << 1;
        QTest::addRow("a vector") << 300 << 1 << 1;
        QTest::addRow("a row") << 1 << 1 << 9;
        QTest::addRow("rows") << 3 << 1 << 17;
        QTest::addRow("columns") << 3 << 13 << 1;
        QTest::addRow("2 x 2") << 7 << 2 << 2;
        QTest::addRow("large") << 3 << 577 << 578;
    }
    void shapesOfAllSizesComeBack()
    {
        QFETCH(int, channels);
        QFETCH(int, height);
        QFETCH(int, width);
        const MapShape shape{channels, height, width};
        const auto model = trained(shape, 8, shape.count() > 100'000 ? 1 : 20);
        for (const auto& frame : featureMaps(shape, 8, 2, 3))
            comeBack(model, frame);
        comeBack(model, Levels(shape.count(), 255));
        Levels ramp(shape.count());
        for (std::size_t i = 0; i < ramp.size(); ++i)
            ramp[i] = static_cast<std::uint16_t>(i * 31 % 256);
        comeBack(model, ramp);
    }

    void neighboursSayMoreThanCountsDo_data()
    {
        QTest::addColumn<int>("bits");
        for (const int bits : {4, 8})
            QTest::addRow("%d bits", bits) << bits;
    }
    void neighboursSayMoreThanCountsDo()
    {
        QFETCH(int, bits);
        const MapShape shape{8, 8, 8};
        const auto model = trained(shape, bits, 150);
        const auto frames = featureMaps(shape, bits, 30, 9);
        std::size_t bytes = 0;
        for (const auto& frame : frames)
            bytes += coded(model, frame).size();
        const double ratio = static_cast<double>(bytes) / entropyBytes(frames, bits);
        QVERIFY2(ratio < 0.85, qPrintable(QString::number(ratio)));
    }

    void zerosOfManyBitsCostLittle()
    {
        const MapShape shape{8, 8, 8};
        for (const int bits : {12, 16}) {
            const auto model = trained(shape, bits, 150);
            const auto frames = featureMaps(shape, bits, 20, 9);
            std::size_t zeros = 0;
            std::size_t all = 0;
            std::size_t bytes = 0;
            for (const auto& frame : frames) {
                zeros += static_cast<std::size_t>(std::count(frame.begin(), frame.end(), 0));
                all += frame.size();
                bytes += coded(model, frame).size();
            }
            QVERIFY(zeros * 10 > all);
            QVERIFY(bytes < packedSize(all - zeros, bits) + all / 20);
        }
    }

    void aModelComesBackFromItsFile()
    {
        for (const int bits : {2, 4, 8, 11, 16})
            for (const MapShape& shape : {MapShape{6, 5, 4}, MapShape{40, 1, 1}}) {
                const auto model = trained(shape, bits);
                const auto file = fileOf(model);
                const auto again = ContextModel::parse(file, "file");
                QVERIFY(again.ok());
                QVERIFY(again->shape() == shape && again->bits() == bits);
                QVERIFY(fileOf(*again) == file);
                for (const auto& frame : featureMaps(shape, bits, 4, 6))
                    QVERIFY(coded(model, frame) == coded(*again, frame));
            }
    }

    void trainingTwiceGivesOneModel()
    {
        const MapShape shape{6, 5, 4};
        QVERIFY(fileOf(trained(shape, 8)) == fileOf(trained(shape, 8)));
    }

    void whatCannotBeTrainedIsRefused()
    {
        const MapShape shape{2, 2, 2};
        const std::vector<Levels> good{Levels(8, 3)};
        QVERIFY(ContextModel::train(good, 4, shape).ok());  // a constant, and only once
        QVERIFY(!ContextModel::train({}, 4, shape).ok());
        QVERIFY(!ContextModel::train(good, 1, shape).ok());
        QVERIFY(!ContextModel::train(good, 17, shape).ok());
        QVERIFY(!ContextModel::train(good, 4, {2, 2, 3}).ok());
        QVERIFY(!ContextModel::train(good, 4, {0, 2, 2}).ok());
        QVERIFY(!ContextModel::train(good, 4, {-2, -2, 2}).ok());
        QVERIFY(!ContextModel::train(good, 4, {1 << 30, 1 << 30, 1 << 30}).ok());
        QVERIFY(!ContextModel::train(std::vector<Levels>{Levels(8, 16)}, 4, shape).ok());
    }

    void whatDoesNotFitTheModelIsRefused()
    {
        const auto model = trained({3, 4, 4}, 6);
        base::Bytes out;
        QVERIFY(!model.encode(Levels(47, 1), out).ok());
        QVERIFY(!model.encode(Levels(48, 64), out).ok());
        QVERIFY(out.empty());
        Levels tooFew(47);
        QVERIFY(!model.decode(coded(model, Levels(48, 1)), tooFew).ok());
    }

    void damagedRecordsAreHarmless_data()
    {
        QTest::addColumn<int>("bits");
        for (const int bits : {3, 8, 13, 16})
            QTest::addRow("%d bits", bits) << bits;
    }
    void damagedRecordsAreHarmless()
    {
        QFETCH(int, bits);
        const MapShape shape{4, 6, 6};
        const auto model = trained(shape, bits);
        const auto good = coded(model, featureMap(shape, bits, 77));
        Levels back(shape.count());
        std::size_t taken = 0;  // what is taken nevertheless is what some other frame would be coded to
        const auto tryRecord = [&](base::ByteView record) {
            if (!model.decode(record, back))
                return;
            ++taken;
            QVERIFY(std::all_of(back.begin(), back.end(), [bits](int level) { return level >> bits == 0; }));
        };
        for (std::size_t cut = 0; cut < good.size(); ++cut)
            tryRecord(base::ByteView(good).first(cut));
        for (std::size_t at = 0; at < good.size(); ++at)
            for (int bit = 0; bit < 8; ++bit) {
                auto damaged = good;
                damaged[at] ^= static_cast<std::uint8_t>(1 << bit);
                tryRecord(damaged);
            }
        if (bits <= 8)  // else most of a record is raw bits
            QVERIFY2(taken * 20 < good.size() * 9, qPrintable(QString::number(taken)));
        QVERIFY(!model.decode(base::ByteView(good).first(1), back).ok());
        for (const base::Bytes& record : {base::Bytes{}, base::Bytes{3}, base::Bytes{255, 1}, base::Bytes{2, 1},
                                          base::Bytes{2, 255, 255, 0}, base::Bytes{0, 1}})
            QVERIFY(!model.decode(record, back).ok());
    }

    void damagedModelsAreHarmless()
    {
        const MapShape shape{4, 3, 3};
        const auto frame = featureMap(shape, 8, 5);
        for (const MapShape& one : {shape, MapShape{36, 1, 1}}) {
            const auto good = fileOf(trained(one, 8));
            for (std::size_t cut = 0; cut < good.size(); ++cut)
                QVERIFY(!ContextModel::parse(base::ByteView(good).first(cut), "cut").ok());
            auto longer = good;
            longer.push_back(0);
            QVERIFY(!ContextModel::parse(longer, "longer").ok());
            Random random(8);
            for (int i = 0; i < 3000; ++i) {
                auto damaged = good;
                for (std::uint32_t k = 0; k <= random.below(3); ++k)
                    damaged[random.below(static_cast<std::uint32_t>(damaged.size()))]
                        = static_cast<std::uint8_t>(random.below(256));
                const auto model = ContextModel::parse(damaged, "damaged");
                if (!model || model->shape().count() != frame.size() || model->bits() != 8)
                    continue;
                const auto record = coded(*model, frame);  // a worse model, but a model
                Levels back(frame.size());
                QVERIFY(model->decode(record, back).ok());
                QVERIFY(back == frame);
            }
        }
        const auto error = ContextModel::parse(base::Bytes{9, 9, 9}, "some file").error();
        QVERIFY(error.message().find("some file") != std::string::npos);
    }

    void threadsShareAModel()
    {
        const MapShape shape{6, 8, 8};
        const auto model = trained(shape, 8);
        const auto frames = featureMaps(shape, 8, 20, 4);
        std::vector<base::Bytes> expected;
        for (const auto& frame : frames)
            expected.push_back(coded(model, frame));
        std::array<bool, 4> same{};
        {
            std::vector<std::jthread> threads;
            for (auto& one : same)
                threads.emplace_back([&] {
                    one = true;
                    for (std::size_t i = 0; i < frames.size(); ++i) {
                        Levels back(shape.count());
                        one = one && coded(model, frames[i]) == expected[i] && model.decode(expected[i], back)
                            && back == frames[i];
                    }
                });
        }
        QVERIFY(std::all_of(same.begin(), same.end(), [](bool one) { return one; }));
    }

    void theExampleOfTheSpecificationIsWhatHappens_data()
    {
        QTest::addColumn<QByteArray>("levels");
        QTest::addColumn<QByteArray>("record");
        QTest::addRow("with escape") << QByteArray("000000110000200000300000") << QByteArray("0181449673");
        QTest::addRow("coded") << QByteArray("333300120001333300110000") << QByteArray("0158bd017752");
        QTest::addRow("packed") << QByteArray("303030330010303130330012") << QByteArray("0033f31073f390");
        QTest::addRow("constant") << QByteArray("222222222222222222222222") << QByteArray("020200");
    }
    void theExampleOfTheSpecificationIsWhatHappens()
    {
        QFETCH(QByteArray, levels);
        QFETCH(QByteArray, record);
        const auto bytes = QByteArray::fromHex(
            "02020304640080018001800102bb05ab0201ab0214500180028002000000145001404000000100c00228005a004601003c00"
            "5a0050003c0028280046005a004600283c035029005a0046001e00463d00500246");
        const auto model
            = ContextModel::parse(base::asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}), "example");
        QVERIFY(model.ok());
        Levels values;
        for (const char digit : levels)
            values.push_back(static_cast<std::uint16_t>(digit - '0'));
        QCOMPARE(hexOf(coded(*model, values)), QString::fromLatin1(record));
        comeBack(*model, values);
    }

    void bytesAreTheSameOnEveryMachine_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("hash");
        QTest::addRow("4 bits") << 4 << "01faf29a2194f2a939cd05cbbb063aef34905d44a945033248"
                                << "e48bb7c4e34596053a71bf88da8fa0706f1b1f41b9c9d1c3beb540d0fb8bc1cd";
        QTest::addRow("8 bits") << 8 << "014aa1600757a0b1a5971b085ac0292db8fb3edb4f77994083"
                                << "aa1d11209f83d67cbec0d7aa4340be6b6c6b0b5aca875a598bac8971aadcfd8e";
        QTest::addRow("12 bits") << 12 << "0119a1950175f8931f976229340f5a2b99b09c529ac3798bcd"
                                 << "1c62a2327f3fb1b3d3d855f38c3f2341fe53a9c8086668eff5ffee6ee8b758e7";
    }
    void bytesAreTheSameOnEveryMachine()
    {
        QFETCH(int, bits);
        QFETCH(QString, first);
        QFETCH(QString, hash);
        if (qEnvironmentVariableIsSet("SPLITSCOPE_WRITE_GOLDEN"))
            QVERIFY(base::writeFileAtomically(goldenPath(bits), fileOf(trained(kGoldenShape, bits, 60))).ok());
        const auto model = goldenModel(bits);
        base::Bytes all;
        for (const auto& frame : featureMaps(kGoldenShape, bits, 25, 21)) {
            const auto record = coded(model, frame);
            all.insert(all.end(), record.begin(), record.end());
            comeBack(model, frame);
        }
        QCOMPARE(hexOf(coded(model, featureMap(kGoldenShape, bits, 4711))).left(50), first);
        QCOMPARE(QString::fromStdString(base::sha256(all)), hash);
    }
};

QTEST_APPLESS_MAIN(TestContextModel)
#include "tst_context_model.moc"
