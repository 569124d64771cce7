// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/softmax.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace splitscope;

class TestSoftmax : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void entropiesAreThoseOfTheDistribution_data()
    {
        QTest::addColumn<QList<float>>("logits");
        QTest::addColumn<double>("entropy");
        QTest::newRow("all alike") << QList<float>{3, 3, 3, 3} << std::log(4.0);
        QTest::newRow("one alone") << QList<float>{-7} << 0.0;
        QTest::newRow("certain") << QList<float>{1000, 0, -1000} << 0.0;
        QTest::newRow("one to three") << QList<float>{0, static_cast<float>(std::log(3.0))}
                                      << 0.25 * std::log(4.0) + 0.75 * std::log(4.0 / 3);
        QTest::newRow("large logits") << QList<float>{500, 500} << std::log(2.0);
    }
    void entropiesAreThoseOfTheDistribution()
    {
        QFETCH(QList<float>, logits);
        QFETCH(double, entropy);
        const std::vector<float> values(logits.begin(), logits.end());
        const double found = static_cast<double>(base::softmaxEntropy(values));
        QVERIFY2(std::abs(found - entropy) <= 1e-3 * std::max(entropy, 0.1), std::to_string(found).c_str());
        QVERIFY(found >= 0);
    }
};

QTEST_APPLESS_MAIN(TestSoftmax)
#include "tst_softmax.moc"
