// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategy.h"

#include "core/strategy/strategies_p.h"

namespace splitscope::strategy {

namespace {

using Made = base::Result<std::unique_ptr<Strategy>>;

base::Error wrong(const std::string& text, const std::string& field)
{
    return {base::ErrorCode::InvalidInput, text, "strategy: " + field};
}

Made checkedFixed(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = decision::check(spec, options.fixed); !status)
        return status.error();
    return makeFixed(options.fixed);
}

base::Status checkExit(const model::NetworkSpec& spec, int exit)
{
    if (exit >= 1 && exit <= spec.exitCount())
        return {};
    return wrong("exit " + std::to_string(exit) + " is outside 1.." + std::to_string(spec.exitCount()) + " of " + spec.name,
                 "exit");
}

Made checkedOnDevice(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnDevice(spec, options.fixed.exit);
}

Made checkedOnEdge(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnEdge("on-edge", options.fixed.exit, {codec::CodingKind::Raw, 0});
}

Made checkedOnEdgeLossless(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (const auto status = checkExit(spec, options.fixed.exit); !status)
        return status.error();
    return makeOnEdge("on-edge-lossless", options.fixed.exit, {codec::CodingKind::Lossless, 0});
}

Made checkedOnEdgeJpeg(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    const codec::Coding coding{codec::CodingKind::Jpeg, options.jpegQuality};
    if (const auto status = decision::check(spec, {options.fixed.exit, 0, coding}); !status)
        return status.error();
    return makeOnEdge("on-edge-jpeg", options.fixed.exit, coding);
}

Made checkedCycle(const model::NetworkSpec& spec, const StrategyOptions& options)
{
    if (options.dwell < 1)
        return wrong("cannot stay " + std::to_string(options.dwell) + " requests with a decision; at least 1", "dwell");
    return makeCycle(spec, options.actions, options.dwell);
}

struct Entry {
    StrategyInfo info;
    Made (*make)(const model::NetworkSpec&, const StrategyOptions&);
};

/// Every strategy there is, in the order the dashboard offers them.
const std::vector<Entry>& entries()
{
    static const std::vector<Entry> kEntries{
        {{"fixed", "always the decision that is given"}, checkedFixed},
        {{"on-device", "all layers on the device; only the label is sent"}, checkedOnDevice},
        {{"on-edge", "all layers on the edge, frames as raw pixels"}, checkedOnEdge},
        {{"on-edge-lossless", "all layers on the edge, frames compressed without loss"}, checkedOnEdgeLossless},
        {{"on-edge-jpeg", "all layers on the edge, frames as JPEG"}, checkedOnEdgeJpeg},
        {{"cycle", "every distinct decision in turn: what a cost table is measured with"}, checkedCycle},
    };
    return kEntries;
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeStrategy(const std::string& name, const model::NetworkSpec& spec,
                                                     const StrategyOptions& options)
{
    std::string names;
    for (const auto& entry : entries()) {
        if (name == entry.info.name)
            return entry.make(spec, options);
        names += (names.empty() ? "" : ", ") + entry.info.name;
    }
    return wrong("there is no strategy '" + name + "'; there are " + names, "name");
}

std::vector<std::string> strategyNames()
{
    std::vector<std::string> names;
    for (const auto& entry : entries())
        names.push_back(entry.info.name);
    return names;
}

const std::vector<StrategyInfo>& strategies()
{
    static const std::vector<StrategyInfo> kInfos = [] {
        std::vector<StrategyInfo> infos;
        for (const auto& entry : entries())
            infos.push_back(entry.info);
        return infos;
    }();
    return kInfos;
}

}  // namespace splitscope::strategy
