// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/training_data_p.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

namespace {

/// One picture whose red grows to the right and whose green grows downwards.
class Ramps : public data::DataSet {
public:
    std::string name() const override { return "ramps"; }
    data::ImageSize imageSize() const override { return {3, 8, 8}; }
    const std::vector<std::string>& classNames() const override { return m_classes; }
    std::size_t size() const override { return 1; }
    int label(std::size_t) const override { return 1; }
    base::Result<data::Image> image(std::size_t) const override
    {
        data::Image image{imageSize(), {}};
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < 8; ++y)
                for (int x = 0; x < 8; ++x)
                    image.pixels.push_back(static_cast<std::uint8_t>(c == 0 ? 20 * x : c == 1 ? 20 * y : 77));
        return image;
    }

private:
    std::vector<std::string> m_classes{"a", "b"};
};

TrainingData ramps() { return std::move(TrainingData::load(samples::tinySpec(), Ramps(), {})).value(); }

/// A channel in pixels: 0 to 255.
at::Tensor pixels(const at::Tensor& batch, int channel) { return (batch[0][channel] * 0.25 + 0.5) * 255; }

at::Tensor augmented(const TrainingData::Augmentation& augmentation, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const std::vector<std::int64_t> first{0};
    return ramps().images(first, augmentation, random);
}

}  // namespace

class TestTrainingData : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void imagesAreNormalisedAndLabelled()
    {
        const auto batch = augmented({}, 1);
        QCOMPARE(batch.sizes().vec(), (std::vector<std::int64_t>{1, 3, 8, 8}));
        QVERIFY(at::allclose(pixels(batch, 0)[3], at::arange(8) * 20.0F, 1e-4, 1e-2));
        const std::vector<std::int64_t> first{0};
        QCOMPARE(ramps().labels(first).item<std::int64_t>(), std::int64_t{1});
    }

    /// A stretched part of a ramp is a ramp again, slower by what it was stretched, within the image's own values.
    void partsAreStretchedToTheWholeFrame()
    {
        double smallest = 1, largest = 0;
        int mirrored = 0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const auto batch = augmented({0, true, 0.3}, seed);
            auto red = pixels(batch, 0), green = pixels(batch, 1);
            QVERIFY(at::allclose(pixels(batch, 2), at::full({8, 8}, 77.0F), 1e-4, 1e-2));
            if ((red[0][7] < red[0][0]).item<bool>()) {
                ++mirrored;
                red = red.flip(1);
            }
            QVERIFY(red.min().item<double>() > -0.01 && red.max().item<double>() < 140.01);
            // Between the two middle pixels no border is near.
            const double width = (red[4][4] - red[4][3]).item<double>() / 20,
                         height = (green[4][4] - green[3][4]).item<double>() / 20;
            QVERIFY(width > 0 && width <= 1.0001 && height > 0 && height <= 1.0001);
            QVERIFY(width / height < 4.0 / 3 + 0.01 && height / width < 4.0 / 3 + 0.01);
            smallest = std::min(smallest, width * height);
            largest = std::max(largest, width * height);
        }
        QVERIFY2(smallest > 0.299 && smallest < 0.45, qPrintable(QString::number(smallest)));
        QVERIFY2(largest > 0.8 && largest <= 1.0001, qPrintable(QString::number(largest)));
        QVERIFY(mirrored > 15 && mirrored < 45);
    }

    void theSameSeedGivesTheSameParts()
    {
        QVERIFY(augmented({0, true, 0.3}, 5).equal(augmented({0, true, 0.3}, 5)));
        QVERIFY(!augmented({0, true, 0.3}, 5).equal(augmented({0, true, 0.3}, 6)));
    }

    void paddedCropsHaveTheMeansColourOutside()
    {
        bool seen = false;
        for (std::uint64_t seed = 1; seed <= 20 && !seen; ++seed) {
            const auto batch = augmented({3, false}, seed);
            seen = batch[0][2].eq(0).any().item<bool>();
            QVERIFY(batch[0][2].ne(0).any().item<bool>());
        }
        QVERIFY(seen);
    }
};

QTEST_APPLESS_MAIN(TestTrainingData)
#include "tst_training_data.moc"
