// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/patterns.h"

#include "core/base/random.h"
#include "core/data/pattern_scene.h"

#include <algorithm>
#include <cassert>

namespace splitscope::data {

namespace {

constexpr std::size_t kTrainImages = 20'000;
constexpr std::size_t kOtherImages = 2'000;
constexpr std::uint64_t kSetSeed = 0x7061'7474'6572'6e31ULL;  // changes only together with the shipped weights

class Patterns final : public DataSet {
public:
    Patterns(ImageSize size, Split split)
        : m_size(size), m_splitSeed(base::mixBits(kSetSeed + static_cast<std::uint64_t>(split))),
          m_classNames(kShapeNames.begin(), kShapeNames.end()), m_labels(split == Split::Train ? kTrainImages : kOtherImages)
    {
        // Equal numbers of every class, then shuffled (Fisher and Yates).
        for (std::size_t i = 0; i < m_labels.size(); ++i)
            m_labels[i] = static_cast<std::uint8_t>(i % m_classNames.size());
        base::Random random(m_splitSeed);
        for (std::size_t i = m_labels.size() - 1; i > 0; --i)
            std::swap(m_labels[i], m_labels[static_cast<std::size_t>(random.below(static_cast<int>(i + 1)))]);
    }

    [[nodiscard]] std::string name() const override { return "patterns"; }
    [[nodiscard]] ImageSize imageSize() const override { return m_size; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_classNames; }
    [[nodiscard]] std::size_t size() const override { return m_labels.size(); }

    [[nodiscard]] int label(std::size_t index) const override
    {
        assert(index < m_labels.size());
        return m_labels[index];
    }

    [[nodiscard]] base::Result<Image> image(std::size_t index) const override
    {
        if (index >= m_labels.size())
            return base::Error{base::ErrorCode::NotFound, "there are " + std::to_string(m_labels.size()) + " images",
                               "patterns, image " + std::to_string(index)};
        return drawPattern(static_cast<Shape>(m_labels[index]), base::mixBits(m_splitSeed ^ base::mixBits(index)), m_size);
    }

private:
    ImageSize m_size;
    std::uint64_t m_splitSeed;
    std::vector<std::string> m_classNames;
    std::vector<std::uint8_t> m_labels;
};

}  // namespace

base::Result<std::unique_ptr<DataSet>> openPatterns(ImageSize size, Split split)
{
    const auto [shortest, longest] = std::minmax(size.width, size.height);
    if (size.channels != 3 || shortest < kSmallestPattern || longest > kLargestPattern)
        return base::Error{base::ErrorCode::Unsupported,
                           "draws 3 channels of " + std::to_string(kSmallestPattern) + " to " + std::to_string(kLargestPattern)
                               + " pixels, not " + std::to_string(size.channels) + " of " + std::to_string(size.width) + " x "
                               + std::to_string(size.height),
                           "patterns"};
    return std::unique_ptr<DataSet>(std::make_unique<Patterns>(size, split));
}

}  // namespace splitscope::data
