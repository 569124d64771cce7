// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_gram_p.h"

namespace splitscope::codec {

namespace {

constexpr std::size_t kMaxSamples = 24'000;
constexpr std::size_t kBlockRows = 4;

/// sum += a[0]·x[0] + …, of rows of `stride`.
void addProducts(const float* factors, std::size_t factorStride, const float* rows, std::size_t stride, std::size_t count,
                 float* sum)
{
    const float a0 = factors[0];
    const float a1 = factors[factorStride];
    const float a2 = factors[2 * factorStride];
    const float a3 = factors[3 * factorStride];
    const float* const x1 = rows + stride;
    const float* const x2 = x1 + stride;
    const float* const x3 = x2 + stride;
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += (a0 * rows[i] + a1 * x1[i]) + (a2 * x2[i] + a3 * x3[i]);
}

struct Place {
    int y;
    int x;
};

/// Which value stands for each neighbour, borders repeated as PredictorWalk does.
void neighbourPlaces(const MapShape& shape, Place at, Place* places)
{
    const int right = std::min(at.x + 1, shape.width - 1);
    const int below = std::min(at.y + 1, shape.height - 1);
    const int left = std::max(at.x - 1, 0);
    const int above = std::max(at.y - 1, 0);
    const Place all[] = {at, {at.y, right}, {below, at.x}, {at.y, left}, {above, at.x}};
    std::copy(std::begin(all), std::end(all), places);
}

void ownPlaces(const MapShape& shape, Place at, Place* places)
{
    const int right = std::min(at.x + 1, shape.width - 1);
    const Place left = at.x > 0 ? Place{at.y, at.x - 1} : Place{at.y - 1, at.x};
    if (at.y == 0) {
        std::fill_n(places, kOwnNeighbours, left);
        return;
    }
    places[OwnLeft] = left;
    places[OwnAbove] = {at.y - 1, at.x};
    places[OwnAboveLeft] = {at.y - 1, std::max(at.x - 1, 0)};
    places[OwnAboveRight] = {at.y - 1, right};
}

}  // namespace

FeatureProducts::FeatureProducts(const SymbolFrames& frames, const MapShape& shape)
    : m_channels(static_cast<std::size_t>(shape.channels)), m_neighbours(shape.height > 1 || shape.width > 1 ? kNeighbours : 1),
      m_own(m_neighbours > 1 ? kOwnNeighbours : 0), m_features(m_channels * m_neighbours), m_means(m_channels),
      m_products(m_features * m_features), m_ownProducts(m_channels * m_own * (m_features + m_own)),
      m_block(kBlockRows * m_features), m_ownBlock(kBlockRows * m_channels * m_own)
{
    const std::size_t area = shape.count() / m_channels;
    for (const auto& frame : frames)
        for (std::size_t i = 0; i < frame.size(); ++i)
            m_means[i / area] += frame[i];
    for (auto& mean : m_means)
        mean /= static_cast<double>(area * frames.size());
    addSamples(frames, shape, std::min(frames.size() * area, kMaxSamples));
}

void FeatureProducts::addSamples(const SymbolFrames& frames, const MapShape& shape, std::size_t count)
{
    const std::size_t area = shape.count() / m_channels;
    for (std::size_t sample = 0; sample < count; ++sample) {
        // Frames in turn; places scattered by a multiplier that shares no factor with them but 1.
        const auto& frame = frames[sample % frames.size()];
        const std::size_t place
            = count < frames.size() * area ? sample * 2'654'435'761U % 4'294'967'291U % area : sample / frames.size();
        const Place at{static_cast<int>(place) / shape.width, static_cast<int>(place) % shape.width};
        Place near[kNeighbours];
        Place own[kOwnNeighbours];
        neighbourPlaces(shape, at, near);
        if (place > 0)
            ownPlaces(shape, at, own);
        const std::size_t row = sample % kBlockRows;
        for (std::size_t c = 0; c < m_channels; ++c) {
            const std::uint8_t* const plane = frame.data() + c * area;
            const auto valueAt = [&](Place p) { return static_cast<float>(plane[p.y * shape.width + p.x] - m_means[c]); };
            for (std::size_t k = 0; k < m_neighbours; ++k)
                m_block[row * m_features + c * m_neighbours + k] = valueAt(near[k]);
            for (std::size_t k = 0; k < m_own; ++k)
                m_ownBlock[(row * m_channels + c) * m_own + k] = place > 0 ? valueAt(own[k]) : 0.0F;
        }
        if (row == kBlockRows - 1 || sample == count - 1)
            addBlock(row + 1);
    }
    m_samples = count;
}

void FeatureProducts::addBlock(std::size_t rows)
{
    std::fill(m_block.begin() + static_cast<std::ptrdiff_t>(rows * m_features), m_block.end(), 0.0F);
    std::fill(m_ownBlock.begin() + static_cast<std::ptrdiff_t>(rows * m_channels * m_own), m_ownBlock.end(), 0.0F);
    for (std::size_t i = 0; i < m_features; ++i)
        addProducts(m_block.data() + i, m_features, m_block.data(), m_features, i + 1, m_products.data() + i * m_features);
    const std::size_t ownStride = m_channels * m_own;
    for (std::size_t i = 0; i < ownStride; ++i) {
        const std::size_t c = i / m_own;
        float* const sums = m_ownProducts.data() + i * (m_features + m_own);
        addProducts(m_ownBlock.data() + i, ownStride, m_block.data(), m_features, c * m_neighbours + 1, sums);
        addProducts(m_ownBlock.data() + i, ownStride, m_ownBlock.data() + c * m_own, ownStride, m_own, sums + m_features);
    }
}

double FeatureProducts::product(std::size_t channel, std::size_t a, std::size_t b) const
{
    if (a < b)
        std::swap(a, b);
    const std::size_t before = channel * m_neighbours;
    const auto featureOf = [&](std::size_t candidate) { return candidate == before + m_own ? before : candidate; };
    const bool aOwn = a >= before && a < before + m_own;
    const bool bOwn = b >= before && b < before + m_own;
    const auto ownRow = [&](std::size_t own) { return m_ownProducts.data() + (channel * m_own + own) * (m_features + m_own); };
    if (aOwn && bOwn)
        return ownRow(a - before)[m_features + b - before];
    if (aOwn)
        return ownRow(a - before)[featureOf(b)];
    if (bOwn)
        return ownRow(b - before)[featureOf(a)];
    return m_products[featureOf(a) * m_features + featureOf(b)];
}

}  // namespace splitscope::codec
