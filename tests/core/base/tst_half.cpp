// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/half.h"

#include <QTest>

using namespace splitscope::base;

class TestHalf : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyHalfComesBack()
    {
        for (unsigned bits = 0; bits <= 0xffff; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            if (std::isnan(fromHalf(half)))
                QVERIFY(std::isnan(fromHalf(toHalf(fromHalf(half)))));
            else
                QCOMPARE(toHalf(fromHalf(half)), half);
        }
    }

    void floatsBecomeTheNearestHalf_data()
    {
        QTest::addColumn<float>("value");
        QTest::addColumn<float>("rounded");
        QTest::newRow("one") << 1.0F << 1.0F;
        QTest::newRow("tie to even, down") << 1.0F + 0x1p-11F << 1.0F;
        QTest::newRow("tie to even, up") << 1.0F + 3 * 0x1p-11F << 1.0F + 0x1p-9F;
        QTest::newRow("over the tie") << 1.0F + 0x1.1p-11F << 1.0F + 0x1p-10F;
        QTest::newRow("carries into the exponent") << 0x1.fffp0F << 2.0F;
        QTest::newRow("least") << 0x1p-24F << 0x1p-24F;
        QTest::newRow("half the least") << 0x1p-25F << 0.0F;
        QTest::newRow("subnormal to normal") << 0x1.ffffp-15F << 0x1p-14F;
        QTest::newRow("largest") << 65519.0F << 65504.0F;
        QTest::newRow("beyond") << 65520.0F << std::numeric_limits<float>::infinity();
        QTest::newRow("negative") << -0.1F << -0x1.998p-4F;
    }
    void floatsBecomeTheNearestHalf()
    {
        QFETCH(float, value);
        QFETCH(float, rounded);
        QVERIFY(fromHalf(toHalf(value)) == rounded);
    }
};

QTEST_APPLESS_MAIN(TestHalf)
#include "tst_half.moc"
