// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table
#include "app/verbs/model_report.h"
#include "app/verbs/table_cost.h"
#include "app/verbs/table_report.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"

namespace splitscope::app {

namespace {

constexpr std::uintmax_t kMostBytes = 512 << 20;

int showAccuracy(base::ByteView bytes, const std::string& file, std::optional<codec::EntropyCoder> coder, bool json)
{
    auto table = profile::parseAccuracyTable(bytes, file);
    if (!table)
        return fail(table.error());
    table->coder = coder.value_or(table->coder);
    if (json)
        printJson(accuracyTableJson(*table));
    else
        printAccuracyTable(*table);
    return kDone;
}

int showCosts(const std::string& file, const CostView& view, bool json)
{
    const auto table = profile::CostTable::load(file);
    if (!table)
        return fail(table.error());
    std::fputs((json ? costTableSummary(*table, view) + "\n" : costTableText(*table, view)).c_str(), stdout);
    return kDone;
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> files;
    std::optional<codec::EntropyCoder> coder;
    CostView view;
    bool json = false;
    Options options("table show FILE [options]", "Shows a table, decision by decision.");
    options.positional("FILE", "an accuracy table, or a cost table", files, 1);
    addCoderOption(options, coder);
    addCostView(options, view);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "table show", arguments))
        return *answered;
    if (files.empty())
        return wrongUsage("table show", {base::ErrorCode::InvalidInput, "which table?", "FILE"});
    const auto bytes = base::readFile(files[0], kMostBytes);
    if (!bytes)
        return fail(bytes.error());
    return profile::isAccuracyTable(*bytes) ? showAccuracy(*bytes, files[0], coder, json) : showCosts(files[0], view, json);
}

}  // namespace

int tableVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("table", "What every decision costs and brings.",
                         {{"accuracy", "measure what every decision answers, and its bytes", tableAccuracy},
                          {"build", "the cost table: accuracies, times of both machines, the link", tableBuildVerb},
                          {"show", "a table, decision by decision", show}},
                         arguments, stop);
}

}  // namespace splitscope::app
