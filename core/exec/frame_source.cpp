// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/frame_source.h"

#include "core/base/random.h"

#include <numeric>
#include <utility>

namespace splitscope::exec {

FrameSource::FrameSource(std::shared_ptr<const data::DataSet> images, std::uint64_t seed)
    : m_images(std::move(images)), m_seed(seed)
{
}

void FrameSource::shuffle(std::uint64_t epoch)
{
    m_epoch = epoch;
    m_order.resize(m_images->size());
    std::iota(m_order.begin(), m_order.end(), 0U);
    base::Random random(base::mixBits(m_seed) ^ base::mixBits(~epoch));
    for (auto i = m_order.size() - 1; i > 0; --i)
        std::swap(m_order[i], m_order[static_cast<std::size_t>(random.below(static_cast<int>(i + 1)))]);
}

std::size_t FrameSource::imageIndex(std::uint64_t frame)
{
    const auto epoch = frame / m_images->size();
    if (m_order.empty() || epoch != m_epoch)
        shuffle(epoch);
    return m_order[frame % m_images->size()];
}

std::vector<int> FrameSource::truths(std::uint64_t firstFrame, int count)
{
    std::vector<int> labels;
    for (int i = 0; i < count; ++i)
        labels.push_back(m_images->label(imageIndex(firstFrame + static_cast<std::uint64_t>(i))));
    return labels;
}

base::Result<std::vector<data::Image>> FrameSource::read(std::uint64_t firstFrame, int count)
{
    std::vector<data::Image> frames;
    for (int i = 0; i < count; ++i) {
        auto frame = m_images->image(imageIndex(firstFrame + static_cast<std::uint64_t>(i)));
        if (!frame)
            return frame.error();
        frames.push_back(std::move(*frame));
    }
    return frames;
}

}  // namespace splitscope::exec
