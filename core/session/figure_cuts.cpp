// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_cuts.h"

#include "core/session/figure_text.h"

#include <algorithm>
#include <set>

namespace splitscope::session {

base::Result<PathCuts> cutsOf(const FigureInputs& inputs, int exit, const char* figure)
{
    if (exit < 0 || exit > inputs.spec.exitCount())
        return base::Error{base::ErrorCode::InvalidInput,
                           "exit " + std::to_string(exit) + " is not within 1 to " + std::to_string(inputs.spec.exitCount()),
                           figure};
    if (inputs.rows.empty())
        return base::Error{base::ErrorCode::NotFound, "needs an accuracy table; build one with `splitscope-cli table build`",
                           figure};
    PathCuts result{exit == 0 ? inputs.spec.exitCount() : exit, {}};
    const model::Path path(inputs.spec, result.exit);
    for (const int p : path.distinctCuts()) {
        if (p == path.length())
            continue;
        const double bytes = 4.0 * static_cast<double>(base::elementCount(path.cutShape(p)));
        const std::string kind = p == 0 ? "input" : std::string(model::name(path.layer(p).spec.type));
        result.cuts.push_back({path.cutName(p), p, bytes, kind});
    }
    return result;
}

const profile::CostRow* findRow(const FigureInputs& inputs, int exit, const std::string& tensor, const codec::Coding& coding)
{
    for (const auto& row : inputs.rows)
        if (row.decision.exit == exit && row.tensor == tensor && row.decision.coding == coding)
            return &row;
    return nullptr;
}

std::vector<int> bitWidths(const FigureInputs& inputs)
{
    std::set<int> bits;
    for (const auto& row : inputs.rows)
        if (row.decision.coding.kind == codec::CodingKind::Quantized)
            bits.insert(row.decision.coding.parameter);
    return {bits.begin(), bits.end()};
}

std::string subtitleOf(const FigureInputs& inputs, int exit)
{
    return inputs.spec.name + " · " + inputs.data + " · path to exit " + std::to_string(exit);
}

std::vector<FigureCategory> categoriesOf(const PathCuts& path)
{
    std::vector<FigureCategory> categories;
    for (const auto& cut : path.cuts)
        categories.push_back({cut.tensor, cut.kind, {}});
    return categories;
}

FigureSeries emptySeries(std::string key, std::string name, std::size_t size)
{
    return {std::move(key), std::move(name), std::vector<double>(size, kNoValue), {}, {}};
}

const profile::CostRow* referenceOf(const FigureInputs& inputs, int exit)
{
    for (const auto& row : inputs.rows)
        if (row.decision.exit == exit && row.decision.coding.kind == codec::CodingKind::LabelOnly)
            return &row;
    return nullptr;
}

std::string tableNote(const FigureInputs& inputs, const PathCuts& path)
{
    const auto* reference = referenceOf(inputs, path.exit);
    std::string note = "Accuracy table: " + inputs.data;
    if (reference)
        note += ", " + std::to_string(reference->accuracy.images) + " images";
    if (inputs.accuracy)
        note += ", coder " + codec::toString(inputs.accuracy->coder) + ", made "
            + (inputs.accuracy->date.empty() ? "at an unknown date" : inputs.accuracy->date.substr(0, 10)) + " by "
            + (inputs.accuracy->program.empty() ? "an unknown program" : inputs.accuracy->program);
    return note + ".";
}

double bestExitAccuracy(const std::vector<profile::CostRow>& rows)
{
    double best = 0, bestOfAll = 0;
    for (const auto& row : rows) {
        bestOfAll = std::max(bestOfAll, row.accuracy.accuracy);
        if (row.decision.coding.kind == codec::CodingKind::LabelOnly)
            best = std::max(best, row.accuracy.accuracy);
    }
    return best > 0 ? best : bestOfAll;
}

std::vector<profile::CostRow> rowsOf(const model::NetworkSpec& spec, const profile::AccuracyTable& table)
{
    std::vector<profile::CostRow> rows;
    for (const auto& column : table.columns) {
        if (column.exit < 1 || column.exit > spec.exitCount())
            continue;
        const model::Path path(spec, column.exit);
        for (const int p : path.distinctCuts()) {
            const bool label = column.coding.kind == codec::CodingKind::LabelOnly;
            if (label ? p != path.length() : path.cutName(p) != column.tensor || p == path.length())
                continue;
            rows.push_back({{column.exit, p, column.coding}, column.tensor, profile::summarise(table, column)});
            break;
        }
    }
    return rows;
}

}  // namespace splitscope::session
