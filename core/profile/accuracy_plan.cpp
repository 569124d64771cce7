// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/accuracy_plan_p.h"

#include <algorithm>
#include <limits>

namespace splitscope::profile {

using codec::CodingKind;

namespace {

CodedCut& cutWith(std::vector<CodedCut>& cuts, const codec::Coding& coding)
{
    const auto found = std::find_if(cuts.begin(), cuts.end(), [&](const CodedCut& cut) { return cut.coding == coding; });
    return found != cuts.end() ? *found : cuts.emplace_back(CodedCut{coding, {}});
}

/// The cut of a path that is this tensor.
int cutOf(const model::Path& path, const AccuracyColumn& column)
{
    if (column.coding.kind == CodingKind::LabelOnly)
        return path.length();
    int cut = 0;
    while (cut < path.length() && path.cutName(cut) != column.tensor)
        ++cut;
    return cut;
}

}  // namespace

bool isExact(const codec::Coding& coding) { return coding.kind != CodingKind::Quantized && coding.kind != CodingKind::Jpeg; }

std::vector<AccuracyColumn> emptyColumns(const decision::DecisionSpace& space)
{
    std::vector<AccuracyColumn> columns;
    for (const auto& decision : space.decisions()) {
        if (decision.gate)
            continue;  // told by the columns of its head and of the rest
        auto& column = columns.emplace_back();
        column.exit = decision.exit;
        column.tensor = space.cutName(decision);
        column.coding = decision.coding;
    }
    return columns;
}

AccuracyPlan planFor(const model::NetworkSpec& spec, const std::vector<AccuracyColumn>& columns,
                     const std::vector<std::size_t>& wanted)
{
    std::vector<model::Path> paths;
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        paths.emplace_back(spec, exit);
    AccuracyPlan plan;
    for (std::size_t i : wanted) {
        const auto& column = columns[i];
        const auto at = static_cast<std::size_t>(column.exit - 1);
        const int cut = cutOf(paths[at], column);
        const bool shared = cut <= spec.exits[at].after && column.coding.kind != CodingKind::LabelOnly;
        auto& cuts = shared ? plan.trunk[cut] : plan.heads[column.exit][cut];
        cutWith(cuts, column.coding).followers.push_back({column.exit, i});
        if (isExact(column.coding))
            plan.heads[column.exit];  // answers as the whole network does, which must be run to its end
    }
    const auto sortFollowers = [](CutPlan& cuts) {
        for (auto& [cut, coded] : cuts)
            for (auto& one : coded)
                std::sort(one.followers.begin(), one.followers.end(), [](auto a, auto b) { return a.exit < b.exit; });
    };
    sortFollowers(plan.trunk);
    return plan;
}

AccuracySchedule scheduleOf(const std::vector<AccuracyColumn>& columns, const std::vector<std::size_t>& wanted,
                            std::size_t images, std::size_t batch)
{
    std::vector<std::size_t> done;
    done.reserve(wanted.size());
    for (std::size_t i : wanted)
        done.push_back(columns[i].correct.size());
    AccuracySchedule schedule;
    for (;;) {
        const std::size_t first = done.empty() ? images : *std::min_element(done.begin(), done.end());
        if (first >= images)
            return schedule;
        std::size_t next = images;  // the next column's beginning: from there on that one advances too
        std::vector<std::size_t> set;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (done[i] == first)
                set.push_back(wanted[i]);
            else
                next = std::min(next, done[i]);
        }
        for (std::size_t at = first; at < next; at += batch)
            schedule.jobs.push_back({at, std::min(batch, next - at), schedule.sets.size()});
        schedule.sets.push_back(std::move(set));
        for (auto& one : done)
            one = one == first ? next : one;
    }
}

}  // namespace splitscope::profile
