// SPDX-License-Identifier: GPL-3.0-or-later
// Where each kind of decision wins: rate × slowdown, one map per network and round trip.
#include "core/session/figure_text.h"
#include "core/session/figures.h"

#include "core/base/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace splitscope::session {

namespace {

/// The paper's "limited" bandwidth, below which it computes everything on the device.
constexpr double kLimitedBytesPerSecond = 0.1e6;
constexpr double kMostCells = 0.9;
/// Slowdowns of a small board beside a laptop, for the notes.
constexpr double kBoardSlowdownLow = 7.9, kBoardSlowdownHigh = 16.1;

/// A decision that is accurate enough to take part.
struct Candidate {
    std::size_t row = 0;
    DecisionKind kind = DecisionKind::OnDevice;
    std::string text;
    double deviceFlops = 0;
};

std::vector<double> spaced(double low, double high, int count)
{
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(low * std::pow(high / low, count > 1 ? static_cast<double>(i) / (count - 1) : 0));
    return values;
}

DecisionKind kindOf(const decision::Decision& decision)
{
    switch (decision.coding.kind) {
    case codec::CodingKind::LabelOnly: return DecisionKind::OnDevice;
    case codec::CodingKind::Raw: return DecisionKind::RawFrame;
    case codec::CodingKind::Lossless: return DecisionKind::LosslessFrame;
    case codec::CodingKind::Jpeg: return DecisionKind::JpegFrame;
    case codec::CodingKind::Quantized:
    case codec::CodingKind::Float32: break;
    }
    return decision.partition == 0 ? DecisionKind::RawFrame : DecisionKind::InteriorCut;
}

std::vector<Candidate> candidatesOf(const profile::CostTable& table, double accuracyLoss)
{
    const double best = bestExitAccuracy(table.rows());
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < table.rows().size(); ++i) {
        const auto& row = table.rows()[i];
        if (row.accuracy.accuracy < best - accuracyLoss)
            continue;
        const auto& decision = row.decision;
        const auto kind = kindOf(decision);
        std::string text = "exit " + std::to_string(decision.exit) + ", ";
        if (kind == DecisionKind::OnDevice)
            text += "all on the device";
        else if (decision.partition == 0)
            text += codec::toString(decision.coding) + " frame";
        else
            text += "cut " + std::to_string(decision.partition) + " (" + row.tensor + "), " + codec::toString(decision.coding)
                + (decision.coding.kind == codec::CodingKind::Quantized ? " bits" : "");
        const model::Path path(table.spec(), decision.exit);
        double flops = 0;
        for (int layer = 1; layer <= decision.partition; ++layer)
            flops += path.layer(layer).flops;
        candidates.push_back({i, kind, std::move(text), flops});
    }
    return candidates;
}

/// How the fastest decision changes along rates, counted over the rows of maps.
struct Counts {
    std::size_t limitedCells = 0, limitedOnDevice = 0;
    std::size_t rows = 0, rowsThatMoveForward = 0;
};

/// The map, and in `counts` what statements are checked on. Ties go to the more accurate decision.
RegionMap mapOf(const profile::CostTable& table, const std::vector<Candidate>& candidates, double rttMs,
                const RegionOptions& options, Counts& counts)
{
    RegionMap map{table.spec().name,
                  rttMs,
                  spaced(options.lowBytesPerSecond, options.highBytesPerSecond, options.rates),
                  spaced(1, options.highSlowdown, options.slowdowns),
                  {}};
    for (const double slowdown : map.slowdowns) {
        double flopsBefore = std::numeric_limits<double>::infinity();
        bool forward = true;
        for (const double rate : map.bytesPerSecond) {
            const profile::Conditions conditions{rate, rttMs, slowdown, 1, false};
            const Candidate* winner = nullptr;
            profile::Prediction won;
            for (const auto& candidate : candidates) {
                const auto prediction = table.predict(candidate.row, options.batch, conditions);
                const bool better = !winner || prediction.totalMs < won.totalMs
                    || (prediction.totalMs == won.totalMs && prediction.accuracy > won.accuracy);
                if (prediction.feasible && better) {
                    winner = &candidate;
                    won = prediction;
                }
            }
            map.cells.push_back({winner->kind, winner->text, won.totalMs, won.accuracy});
            forward = forward && winner->deviceFlops <= flopsBefore;
            flopsBefore = winner->deviceFlops;
            if (rate <= kLimitedBytesPerSecond) {
                ++counts.limitedCells;
                counts.limitedOnDevice += winner->kind == DecisionKind::OnDevice ? 1 : 0;
            }
        }
        ++counts.rows;
        counts.rowsThatMoveForward += forward ? 1 : 0;
    }
    return map;
}

/// Rates at which interior cuts win somewhere on the rows of a small board's slowdowns.
std::string interiorNote(const RegionMap& map)
{
    double low = std::numeric_limits<double>::infinity(), high = 0;
    std::set<std::string> decisions;
    for (std::size_t row = 0; row < map.slowdowns.size(); ++row) {
        if (map.slowdowns[row] < kBoardSlowdownLow || map.slowdowns[row] > kBoardSlowdownHigh)
            continue;
        for (std::size_t column = 0; column < map.bytesPerSecond.size(); ++column) {
            if (map.at(row, column).kind != DecisionKind::InteriorCut)
                continue;
            low = std::min(low, map.bytesPerSecond[column]);
            high = std::max(high, map.bytesPerSecond[column]);
            decisions.insert(map.at(row, column).decision);
        }
    }
    if (decisions.empty())
        return "between 8 and 16 times slower no interior cut wins";
    std::string text = "between 8 and 16 times slower interior cuts win within " + base::formatBytesPerSecond(low) + " to "
        + base::formatBytesPerSecond(high);
    constexpr std::size_t kMostNamed = 3;
    if (decisions.size() <= kMostNamed)
        text += " (" + listed({decisions.begin(), decisions.end()}) + ")";
    return text;
}

std::string mapNote(const RegionMap& map)
{
    std::array<std::size_t, kDecisionKinds> cells{};
    std::set<std::string> decisions;
    for (const auto& cell : map.cells) {
        ++cells[static_cast<std::size_t>(cell.kind)];
        decisions.insert(cell.decision);
    }
    std::vector<std::string> shares;
    for (int kind = 0; kind < kDecisionKinds; ++kind)
        if (const auto count = cells[static_cast<std::size_t>(kind)]; count > 0)
            shares.push_back(std::string(name(static_cast<DecisionKind>(kind))) + " "
                             + percent(static_cast<double>(count) / static_cast<double>(map.cells.size()), 0));
    return map.network + ", RTT " + decimal(map.rttMs, 0) + " ms: " + listed(shares) + " of the map, "
        + std::to_string(decisions.size()) + (decisions.size() == 1 ? " decision; " : " different decisions; ")
        + interiorNote(map) + ".";
}

std::vector<Statement> statementsOf(const Counts& counts)
{
    Statement device{"When bandwidth is limited to 0–0.1 MB/s, the entire network is processed on the device.", Verdict::Unknown,
                     "the map has no such rates."};
    if (counts.limitedCells > 0) {
        const double share = static_cast<double>(counts.limitedOnDevice) / static_cast<double>(counts.limitedCells);
        device.verdict = share >= kMostCells ? Verdict::Holds : Verdict::DoesNotHold;
        device.evidence
            = "in " + percent(share) + " of the cells from the lowest rate to 100 KB/s the device alone is the fastest.";
    }
    Statement forward{
        "As the bandwidth increases, the partition point moves forward: the device computes less.", Verdict::Unknown, {}};
    if (counts.rows > 0) {
        const double share = static_cast<double>(counts.rowsThatMoveForward) / static_cast<double>(counts.rows);
        forward.verdict = share >= kMostCells ? Verdict::Holds : Verdict::DoesNotHold;
        forward.evidence = "for " + outOf(counts.rowsThatMoveForward, counts.rows)
            + " slowdowns and round trips the device's share of the operations never grows from a rate to the next higher one.";
    }
    return {device, forward};
}

}  // namespace

profile::CostTable onSustainedLink(const profile::CostTable& table)
{
    auto link = table.link();
    link.burstBytes = 0;
    return table.withLink(link);
}

base::Result<Figure> regionsFigure(const std::vector<profile::CostTable>& tables, const RegionOptions& options,
                                   std::stop_token stop)
{
    if (tables.empty())
        return base::Error{base::ErrorCode::NotFound, "needs a cost table: a profile and an accuracy table of the same model",
                           "figure regions"};
    Figure figure{"regions",
                  "Which kind of decision is the fastest",
                  {},
                  FigureKind::Regions,
                  "uplink rate (MB/s)",
                  {"device slowdown (times)", "slowdown", "×", true, 0},
                  {},
                  {},
                  {},
                  {},
                  {}};
    Counts counts;
    std::vector<std::string> networks, notes;
    std::set<std::string> data;
    for (const auto& given : tables)
        data.insert(given.data());
    for (const auto& given : tables) {
        const auto table = onSustainedLink(given);
        const auto candidates = candidatesOf(table, options.accuracyLoss);
        if (candidates.empty())
            return base::Error{base::ErrorCode::InvalidInput, "the cost table of " + table.spec().name + " has no decisions",
                               "figure regions"};
        networks.push_back(table.spec().name + (data.size() > 1 ? " (" + table.data() + ")" : ""));
        for (const double rtt : options.rttsMs) {
            if (stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped on request", "figure regions"};
            figure.maps.push_back(mapOf(table, candidates, rtt, options, counts));
            figure.notes.push_back(mapNote(figure.maps.back()));
        }
        notes.push_back(table.spec().name + ", device at slowdown 1: " + describe(table.device())
                        + "; edge: " + describe(table.edge())
                        + "; link: " + (table.link().source.empty() ? "no overheads" : table.link().source) + ".");
    }
    figure.subtitle = listed(networks) + (data.size() == 1 && !data.begin()->empty() ? " · " + *data.begin() : "") + " · batch "
        + std::to_string(options.batch) + " · at most " + decimal(options.accuracyLoss * 100, 0) + " point below the best exit";
    figure.statements = statementsOf(counts);
    figure.notes.push_back(
        "Predicted from the cost tables, cell by cell, on a link that is itself that slow; nothing here was run.");
    figure.notes.insert(figure.notes.end(), notes.begin(), notes.end());
    return figure;
}

}  // namespace splitscope::session
