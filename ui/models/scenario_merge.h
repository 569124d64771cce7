// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario is edited in two places: the form has all of its fields, the controls at the right some of them.
#pragma once

#include "core/session/scenario.h"

namespace splitscope::ui {

/// What differs between `before` and `now`, of the fields that the controls have, is taken into `target`; the rest stays.
inline void mergeControls(const session::Scenario& before, const session::Scenario& now, session::Scenario& target)
{
    const auto take = [&](auto member) {
        if (!(before.*member == now.*member))
            target.*member = now.*member;
    };
    using S = session::Scenario;
    take(&S::device);
    take(&S::model);
    take(&S::data);
    take(&S::coder);
    take(&S::batch);
    take(&S::depth);
    take(&S::frames);
    take(&S::seed);
    take(&S::strategy);
    take(&S::decision);
    take(&S::bandwidth);
    take(&S::shaping);
    take(&S::slowdown);
    take(&S::objective);
    take(&S::deadlineMs);
    take(&S::policy);
    take(&S::costTable);
}

}  // namespace splitscope::ui
