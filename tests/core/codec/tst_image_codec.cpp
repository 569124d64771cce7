// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/feature_codec.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

const Coding kRaw{CodingKind::Raw, 0};
const Coding kLossless{CodingKind::Lossless, 0};
const Coding kJpeg{CodingKind::Jpeg, 80};

/// Smooth, with some noise: like a photograph.
data::Image picture(int height, int width, int noise = 8)
{
    std::mt19937 random(3);
    data::Image image{{3, height, width}, {}};
    for (int channel = 0; channel < 3; ++channel)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const double wave = 110 + 80 * std::sin(x * 0.11 + channel) * std::cos(y * 0.07);
                image.pixels.push_back(static_cast<std::uint8_t>(wave + static_cast<double>(random() % 65536) / 65536 * noise));
            }
    return image;
}

base::Bytes encoded(const data::Image& image, const Coding& coding)
{
    base::Bytes out;
    const auto status = encodeImage(image, coding, out);
    return status ? out : base::Bytes{};
}

void addSizes()
{
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::newRow("one pixel") << 1 << 1;
    QTest::newRow("cifar") << 32 << 32;
    QTest::newRow("odd") << 17 << 33;
    QTest::newRow("larger") << 128 << 160;
}

}  // namespace

class TestImageCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rawAndLosslessAreExact_data() { addSizes(); }
    void rawAndLosslessAreExact()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        for (const int noise : {0, 8, 120}) {
            const data::Image image = picture(height, width, noise);
            QCOMPARE(encoded(image, kRaw), image.pixels);
            for (const Coding& coding : {kRaw, kLossless}) {
                const auto back = decodeImage(encoded(image, coding), coding, image.size);
                QVERIFY(back.ok());
                QVERIFY(back->size == image.size);
                QCOMPARE(back->pixels, image.pixels);
            }
        }
        if (height >= 32)
            QVERIFY(encoded(picture(height, width), kLossless).size() < picture(height, width).pixels.size());
    }

    void jpegIsCloseAndPlanesStayInOrder_data() { addSizes(); }
    void jpegIsCloseAndPlanesStayInOrder()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        const data::Image image = picture(height, width, 0);
        const auto back = decodeImage(encoded(image, {CodingKind::Jpeg, 95}), kJpeg, image.size);
        QVERIFY(back.ok());
        QVERIFY(back->size == image.size);
        double error = 0;
        for (std::size_t i = 0; i < image.pixels.size(); ++i)
            error += std::abs(int(image.pixels[i]) - int(back->pixels[i]));
        QVERIFY2(error / static_cast<double>(image.pixels.size()) < 4, qPrintable(QString::number(error)));
    }

    void qualityTradesBytesAndNoiseFitsAtTheTop()
    {
        const data::Image noise = picture(61, 67, 140);
        std::size_t last = 0;
        for (const int quality : {1, 30, 60, 90, 100}) {
            const auto record = encoded(noise, {CodingKind::Jpeg, quality});
            QVERIFY(record.size() > last);
            last = record.size();
            QVERIFY(decodeImage(record, {CodingKind::Jpeg, quality}, noise.size).ok());
        }
    }

    void anotherSizeThanExpectedIsRefused()
    {
        const data::Image image = picture(32, 24);
        for (const Coding& coding : {kRaw, kLossless, kJpeg}) {
            const auto record = encoded(image, coding);
            QVERIFY(decodeImage(record, coding, image.size).ok());
            for (const data::ImageSize& size :
                 {data::ImageSize{3, 32, 25}, data::ImageSize{3, 16, 24}, data::ImageSize{1, 32, 24}, data::ImageSize{3, 0, 24},
                  data::ImageSize{3, -1, -24}, data::ImageSize{3, 2147483647, 2147483647}}) {
                const auto back = decodeImage(record, coding, size);
                QVERIFY(!back.ok());
                QVERIFY(!back.error().text.empty());
            }
        }
        // Swapped sides have the same byte count: only the coded forms can tell.
        QVERIFY(!decodeImage(encoded(image, kLossless), kLossless, {3, 24, 32}).ok());
        QVERIFY(!decodeImage(encoded(image, kJpeg), kJpeg, {3, 24, 32}).ok());
    }

    void hostileHeadersAreRefusedBeforeAnythingIsAllocated()
    {
        const data::Image image = picture(32, 32);
        auto jpeg = encoded(image, kJpeg);
        const auto frame = std::search(jpeg.begin(), jpeg.end(), std::begin(kStartOfFrame), std::end(kStartOfFrame));
        QVERIFY(frame != jpeg.end());
        std::fill(frame + 5, frame + 9, 0xFF);  // height and width: 65535
        auto status = decodeImage(jpeg, kJpeg, image.size);
        QVERIFY(!status.ok());

        auto webp = encoded(image, kLossless);
        std::fill(webp.begin() + 21, webp.begin() + 24, 0xFF);  // 16384 pixels wide
        status = decodeImage(webp, kLossless, image.size);
        QVERIFY(!status.ok());
    }

    void otherKindsOfFilesAreRefused()
    {
        const data::Image image = picture(16, 16);
        const auto jpeg = encoded(image, kJpeg);
        const auto webp = encoded(image, kLossless);
        QVERIFY(!decodeImage(jpeg, kLossless, image.size).ok());
        QVERIFY(!decodeImage(webp, kJpeg, image.size).ok());
        QVERIFY(!decodeImage({}, kJpeg, image.size).ok());
        QVERIFY(!decodeImage({}, kLossless, image.size).ok());
        QVERIFY(!decodeImage({}, kRaw, image.size).ok());

        auto progressive = jpeg;
        const auto frame
            = std::search(progressive.begin(), progressive.end(), std::begin(kStartOfFrame), std::end(kStartOfFrame));
        frame[1] = 0xC2;
        QVERIFY(!decodeImage(progressive, kJpeg, image.size).ok());

        base::Bytes out;
        for (const Coding& coding : {Coding{CodingKind::Jpeg, 0}, Coding{CodingKind::Jpeg, 101}, Coding{CodingKind::Quantized, 8},
                                     Coding{CodingKind::LabelOnly, 0}}) {
            QVERIFY(!encodeImage(image, coding, out).ok());
            QVERIFY(!decodeImage(jpeg, coding, image.size).ok());
        }
        auto tooFew = image;
        tooFew.pixels.pop_back();
        for (const Coding& coding : {kRaw, kLossless, kJpeg})
            QVERIFY(!encodeImage(tooFew, coding, out).ok());
        QVERIFY(out.empty());
    }

    void everyTruncationIsRefusedAndNoFlipHarms_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("raw") << int(CodingKind::Raw);
        QTest::newRow("lossless") << int(CodingKind::Lossless);
        QTest::newRow("jpeg") << int(CodingKind::Jpeg);
    }
    void everyTruncationIsRefusedAndNoFlipHarms()
    {
        QFETCH(int, kind);
        const Coding coding{static_cast<CodingKind>(kind), kind == int(CodingKind::Jpeg) ? 80 : 0};
        const data::Image image = picture(24, 20);
        const auto record = encoded(image, coding);
        for (std::size_t size = 0; size < record.size(); ++size)
            QVERIFY2(!decodeImage(std::span(record).first(size), coding, image.size).ok(), qPrintable(QString::number(size)));
        auto longer = record;
        longer.push_back(0);
        QVERIFY(!decodeImage(longer, coding, image.size).ok());
        for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
            auto flipped = record;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            const auto back = decodeImage(flipped, coding, image.size);
            if (back.ok())
                QCOMPARE(back->pixels.size(), image.size.byteCount());
        }
    }

private:
    static constexpr std::uint8_t kStartOfFrame[] = {0xFF, 0xC0, 0x00, 0x11};
};

QTEST_APPLESS_MAIN(TestImageCodec)
#include "tst_image_codec.moc"
