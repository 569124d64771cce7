// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a decision depends on, in one file. Simulator, strategies, dashboard and verifier all read this one.
#pragma once

#include "core/profile/accuracy_table.h"
#include "core/profile/compute_profile.h"

#include <memory>

namespace splitscope::profile {

/// What the link adds to bytes over rate.
struct LinkProfile {
    double rttMs = 0;  ///< round trip of an empty message
    double requestOverheadMs = 0;  ///< per request, on both machines, what no other stage counts
    double perChunkMs = 0;  ///< per chunk of a payload beyond the first
    double burstBytes = 1500;  ///< what a bucket lets pass at once
    std::string source;  ///< how it was measured

    bool operator==(const LinkProfile&) const = default;
};

/// Under what a prediction is made.
struct Conditions {
    double bytesPerSecond = 0;  ///< of the uplink, wire bytes; 0: the link is down; infinity: no limit
    double rttMs = -1;  ///< negative: the table's own
    double deviceSlowdown = 1;  ///< beyond the table's device
    double edgeSlowdown = 1;
};

/// A request's expected time by stage, and what it brings.
struct Prediction {
    double captureMs = 0;
    double deviceMs = 0;
    double encodeMs = 0;
    double transferMs = 0;  ///< both ways: wire bytes over rate, round trip and overheads
    double decodeMs = 0;
    double edgeMs = 0;
    double totalMs = 0;  ///< T
    double payloadBytes = 0;  ///< per request
    double wireBytes = 0;
    double energyJoules = 0;  ///< e, per frame, modelled
    double accuracy = 0;
    double accuracyLow = 0;
    double accuracyHigh = 0;
    bool feasible = true;  ///< false: it needs a link that is down
};

/// One row: a distinct decision, with what does not depend on the conditions.
struct CostRow {
    decision::Decision decision;
    std::string tensor;
    DecisionAccuracy accuracy;
};

/// Immutable once made; thread-safe.
class CostTable {
public:
    /// The profiles and the accuracy table must be of the same model hash and hold every decision of the space.
    static base::Result<CostTable> make(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                        ComputeProfile device, ComputeProfile edge, const LinkProfile& link,
                                        const AccuracyTable& accuracy);

    [[nodiscard]] const std::vector<CostRow>& rows() const;
    [[nodiscard]] const model::NetworkSpec& spec() const;
    [[nodiscard]] const ComputeProfile& device() const;
    [[nodiscard]] const ComputeProfile& edge() const;
    [[nodiscard]] const LinkProfile& link() const;
    [[nodiscard]] const std::string& data() const;
    [[nodiscard]] const std::string& modelHash() const;

    /// Rows are found by what a decision does: equal cuts are one. An Error for a decision outside the table.
    [[nodiscard]] base::Result<std::size_t> rowOf(const decision::Decision& decision) const;
    /// Microseconds; nothing is allocated.
    [[nodiscard]] Prediction predict(std::size_t row, int batch, const Conditions& conditions) const;
    [[nodiscard]] base::Result<Prediction> predict(const decision::Decision& decision, int batch,
                                                   const Conditions& conditions) const;

    /// JSON: format "splitscope-cost-table", version 1, with both profiles, the link and the rows.
    [[nodiscard]] std::string toJson() const;
    static base::Result<CostTable> parse(std::string_view json, const std::string& where);
    static base::Result<CostTable> load(const std::filesystem::path& path);
    [[nodiscard]] base::Status save(const std::filesystem::path& path) const;

private:
    struct Private;
    std::shared_ptr<const Private> d;
};

/// Which decisions are ever the fastest among those within `accuracyLoss` of the best accuracy, over log-spaced rates.
struct OptimalDecision {
    std::size_t row = 0;
    double fromBytesPerSecond = 0;
    double toBytesPerSecond = 0;
};
std::vector<OptimalDecision> everFastest(const CostTable& table, int batch, double accuracyLoss, const Conditions& conditions,
                                         double lowBytesPerSecond, double highBytesPerSecond, int steps);

}  // namespace splitscope::profile
