// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/rl/kernels_p.h"

#include <QTest>
#include <cmath>

using namespace splitscope;
using rl::Kernels;

namespace {

std::vector<float> randomValues(std::size_t count, std::uint64_t seed)
{
    base::Random random(seed);
    std::vector<float> values(count);
    for (auto& value : values)
        value = random.between(-1, 1);
    return values;
}

std::size_t area(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

void compareAll(const std::vector<float>& actual, const std::vector<double>& expected, double tolerance)
{
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (!(std::abs(actual[i] - expected[i]) <= tolerance))
            QFAIL(qPrintable(QString("value %1 is %2 instead of %3").arg(i).arg(actual[i]).arg(expected[i])));
}

}  // namespace

/// Each instruction set's functions against their definitions in doubles.
class TestKernels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_sets = rl::availableKernels(); }

    void layersOfAnyWidthAreProducts_data()
    {
        QTest::addColumn<int>("inputs");
        QTest::addColumn<int>("outputs");
        for (auto [inputs, outputs] : {std::pair{1, 1}, {10, 128}, {128, 162}, {33, 7}, {16, 16}})
            QTest::addRow("%d to %d", inputs, outputs) << inputs << outputs;
    }
    void layersOfAnyWidthAreProducts()
    {
        QFETCH(int, inputs);
        QFETCH(int, outputs);
        const auto w = randomValues(area(inputs, outputs), 1);
        const auto bias = randomValues(static_cast<std::size_t>(outputs), 2);
        const auto x = randomValues(static_cast<std::size_t>(inputs), 3);
        for (const auto& set : m_sets)
            for (bool rectify : {false, true}) {
                std::vector<double> expected;
                for (int o = 0; o < outputs; ++o) {
                    double sum = bias[static_cast<std::size_t>(o)];
                    for (int i = 0; i < inputs; ++i)
                        sum += static_cast<double>(w[area(o, inputs) + static_cast<std::size_t>(i)])
                            * x[static_cast<std::size_t>(i)];
                    expected.push_back(rectify ? std::max(sum, 0.0) : sum);
                }
                std::vector<float> y(static_cast<std::size_t>(outputs));
                set.layer(w.data(), bias.data(), x.data(), y.data(), inputs, outputs, rectify);
                compareAll(y, expected, 1e-5);
            }
    }

    void productsOfMatricesAreRight_data()
    {
        QTest::addColumn<int>("m");
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("k");
        for (auto [m, n, k] : {std::tuple{64, 128, 16}, {64, 176, 128}, {3, 16, 5}, {16, 112, 64}, {5, 80, 1}})
            QTest::addRow("%dx%dx%d", m, n, k) << m << n << k;
    }
    void productsOfMatricesAreRight()
    {
        QFETCH(int, m);
        QFETCH(int, n);
        QFETCH(int, k);
        const auto a = randomValues(area(m, k), 1);
        const auto b = randomValues(area(k, n), 2);
        const auto bias = randomValues(static_cast<std::size_t>(n), 3);
        std::vector<float> aTransposed(a.size());
        for (int row = 0; row < m; ++row)
            for (int i = 0; i < k; ++i)
                aTransposed[area(i, m) + static_cast<std::size_t>(row)] = a[area(row, k) + static_cast<std::size_t>(i)];
        std::vector<double> product(area(m, n)), rectified(area(m, n));
        for (int row = 0; row < m; ++row)
            for (int column = 0; column < n; ++column) {
                const auto c = static_cast<std::size_t>(column);
                double sum = 0;
                for (int i = 0; i < k; ++i)
                    sum += static_cast<double>(a[area(row, k) + static_cast<std::size_t>(i)]) * b[area(i, n) + c];
                product[area(row, n) + c] = sum;
                rectified[area(row, n) + c] = std::max(0.0, sum + bias[c]);
            }
        for (const auto& set : m_sets) {
            std::vector<float> c(area(m, n));
            set.multiply(a.data(), b.data(), bias.data(), c.data(), m, n, k, true);
            compareAll(c, rectified, 2e-5);
            set.multiplyTransposed(aTransposed.data(), b.data(), c.data(), m, n, k);
            compareAll(c, product, 2e-5);
        }
    }

    void transposingTwiceGivesTheSame()
    {
        const int rows = 48, columns = 176;
        const auto in = randomValues(area(rows, columns), 1);
        for (const auto& set : m_sets) {
            std::vector<float> out(in.size()), back(in.size());
            set.transpose(in.data(), out.data(), rows, columns);
            QCOMPARE(out[area(17, rows) + 5], in[area(5, columns) + 17]);
            set.transpose(out.data(), back.data(), columns, rows);
            QVERIFY(back == in);
        }
    }

    void softmaxLeavesMaskedActionsOut()
    {
        const int rows = 3, n = 32;
        auto logits = randomValues(area(rows, n), 1);
        for (std::size_t i = 0; i < logits.size(); ++i)
            logits[i] *= i < n ? 1.0F : 300.0F;  // large ones must not overflow
        std::vector<float> mask(logits.size(), 1);
        for (std::size_t i = 0; i < logits.size(); i += 3)
            mask[i] = 0;
        logits[3] = 1e30F;  // masked
        std::vector<double> expectedP, expectedLog;
        for (int row = 0; row < rows; ++row) {
            double greatest = -1e9, sum = 0;
            for (std::size_t i = area(row, n); i < area(row + 1, n); ++i)
                if (mask[i] > 0)
                    greatest = std::max(greatest, static_cast<double>(logits[i]));
            for (std::size_t i = area(row, n); i < area(row + 1, n); ++i)
                sum += mask[i] > 0 ? std::exp(logits[i] - greatest) : 0;
            for (std::size_t i = area(row, n); i < area(row + 1, n); ++i) {
                expectedP.push_back(mask[i] > 0 ? std::exp(logits[i] - greatest) / sum : 0);
                expectedLog.push_back(mask[i] > 0 ? logits[i] - greatest - std::log(sum) : 0);
            }
        }
        for (const auto& set : m_sets) {
            std::vector<float> p(logits.size()), logP(logits.size());
            set.softmax(logits.data(), mask.data(), p.data(), logP.data(), rows, n);
            compareAll(p, expectedP, 1e-6);
            compareAll(logP, expectedLog, 1e-4);  // of up to 600
        }
    }

    void adamTakesItsFirstStepsAsPublished()
    {
        const auto gradient = randomValues(37, 1);
        for (const auto& set : m_sets) {
            std::vector<float> w(37), first(37), second(37);
            std::vector<double> expected(37), m(37), v(37);
            for (int t = 1; t <= 3; ++t) {
                rl::AdamStep step;
                step.rate = static_cast<float>(1e-3 / (1 - std::pow(0.9, t)));
                step.secondCorrection = static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, t)));
                set.adam(w.data(), gradient.data(), first.data(), second.data(), w.size(), step);
                for (std::size_t i = 0; i < expected.size(); ++i) {
                    m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                    v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                    expected[i] -= 1e-3 * (m[i] / (1 - std::pow(0.9, t))) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
                }
            }
            compareAll(w, expected, 1e-7);
        }
    }

private:
    std::vector<Kernels> m_sets;
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
