// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_set.h"

#include "core/data/patterns.h"

#include <array>

namespace splitscope::data {

namespace {

constexpr std::array kSplitNames{"train", "holdout", "table", "evaluation"};

}  // namespace

base::Result<Split> parseSplit(const std::string& text)
{
    for (std::size_t i = 0; i < kSplitNames.size(); ++i)
        if (text == kSplitNames[i])
            return static_cast<Split>(i);
    return base::Error{base::ErrorCode::InvalidInput, "is not a split; it is one of train, holdout, table, evaluation", text};
}

std::string toString(Split split) { return kSplitNames[static_cast<std::size_t>(split)]; }

base::Result<std::unique_ptr<DataSet>> openDataSet(const std::string& source, ImageSize wanted, Split split)
{
    if (source == "patterns")
        return openPatterns(wanted, split);
    return base::Error{base::ErrorCode::NotFound, "is not a data set; \"patterns\" is built in", source};
}

}  // namespace splitscope::data
