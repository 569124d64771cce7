// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a decision depends on, in one file. Simulator, strategies, dashboard and verifier all read this one.
#pragma once

#include "core/profile/accuracy_table.h"
#include "core/profile/compute_profile.h"

#include <limits>
#include <memory>
#include <span>

namespace splitscope::profile {

/// What the link adds to bytes over rate.
struct LinkProfile {
    double rttMs = 0;  ///< round trip of an empty message
    double requestOverheadMs = 0;  ///< per request, on both machines, what no other stage counts
    double perChunkMs = 0;  ///< per chunk of a payload beyond the first; hidden where the rate takes longer
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
    double intervalMs = std::numeric_limits<double>::infinity();  ///< from one request's start to the next one's, at least: only
                                                                  ///< while nothing is sent does a bucket fill again
    bool pacedByDevice = true;  ///< the device's own bucket keeps to the rate, as a scenario's shaping does: in smaller chunks
                                ///< where it is low. false: the link itself is that slow
};

/// A request's expected time by stage, and what it brings. With a gate: means over how many of its frames go on.
struct Prediction {
    double captureMs = 0;
    double deviceMs = 0;  ///< a gate's head included, where it is the device's
    double encodeMs = 0;
    double transferMs = 0;  ///< both ways: wire bytes over rate, round trip and overheads
    double decodeMs = 0;
    double edgeMs = 0;  ///< a gate's head included, where it is the edge's
    double totalMs = 0;  ///< T; infinite where not feasible
    double payloadBytes = 0;  ///< per request
    double wireBytes = 0;  ///< per request
    double energyJoules = 0;  ///< e, per frame, modelled; sending counts wire bytes, as records of runs do
    double accuracy = 0;
    double accuracyLow = 0;
    double accuracyHigh = 0;
    bool feasible = true;  ///< false: it needs a link that is down
};

/// One row: a distinct decision, with what does not depend on the conditions.
struct CostRow {
    decision::Decision decision;
    std::string tensor;
    DecisionAccuracy accuracy;  ///< of no images where only sizes are known
};

/// Of a decision whose answers nobody has counted.
struct CodedSize {
    decision::Decision decision;
    double meanBytes = 0;  ///< per frame
    double p95Bytes = 0;
};

/// Immutable once made; thread-safe.
class CostTable {
public:
    /// The profiles and the accuracy table must be of the same model hash and hold every decision of the space.
    static base::Result<CostTable> make(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                        ComputeProfile device, ComputeProfile edge, const LinkProfile& link,
                                        const AccuracyTable& accuracy);
    /// The same without accuracies: for times alone.
    static base::Result<CostTable> makeOfSizes(const model::NetworkSpec& spec, const decision::SpaceOptions& actions,
                                               ComputeProfile device, ComputeProfile edge, const LinkProfile& link,
                                               std::span<const CodedSize> sizes);
    /// The same table with what another link adds.
    [[nodiscard]] CostTable withLink(const LinkProfile& link) const;
    /// The same table with those of its rows alone that are actions; an Error where only all-local ones would be left, or where
    /// it does not price the gates among them.
    [[nodiscard]] base::Result<CostTable> withActions(const decision::SpaceOptions& actions) const;
    /// Whether a gated decision of these actions is missing whose decision without a gate is there.
    [[nodiscard]] bool lacksGates(const decision::SpaceOptions& actions) const;
    /// Its rows with, behind each, those of the actions' gates: priced from its own times and, image by image, from the accuracy
    /// table of the same weights and data.
    [[nodiscard]] base::Result<CostTable> withGates(const decision::SpaceOptions& actions, const AccuracyTable& accuracy) const;
    /// The same table without rows that have a gate: what figures of cuts and codings are about.
    [[nodiscard]] CostTable withoutGates() const;

    [[nodiscard]] const std::vector<CostRow>& rows() const;
    [[nodiscard]] const model::NetworkSpec& spec() const;
    [[nodiscard]] const ComputeProfile& device() const;
    [[nodiscard]] const ComputeProfile& edge() const;
    [[nodiscard]] const LinkProfile& link() const;
    [[nodiscard]] const std::string& data() const;  ///< that the accuracies are of; empty: there are none
    [[nodiscard]] const std::string& modelHash() const;
    [[nodiscard]] codec::EntropyCoder coder() const;  ///< that bytes and coding times are of
    [[nodiscard]] const std::string& accuracyHash() const;  ///< SHA-256 of the accuracy table that it was made with
    [[nodiscard]] const std::string& date() const;  ///< ISO 8601, UTC: when it was made

    /// Rows are found by what a decision does: equal cuts are one. An Error for a decision outside the table.
    [[nodiscard]] base::Result<std::size_t> rowOf(const decision::Decision& decision) const;
    /// Microseconds; nothing is allocated. `batch` is 1 .. kMaxBatch.
    [[nodiscard]] Prediction predict(std::size_t row, int batch, const Conditions& conditions) const;
    /// Of a request of which `goingOn` frames are not answered by the row's gate. Rows without a gate let all go on.
    [[nodiscard]] Prediction predictGoingOn(std::size_t row, int batch, int goingOn, const Conditions& conditions) const;
    /// How likely so many of a request's frames go on: each does by itself, with the share of the table's images that do.
    [[nodiscard]] double goingOnProbability(std::size_t row, int batch, int goingOn) const;
    [[nodiscard]] base::Result<Prediction> predict(const decision::Decision& decision, int batch,
                                                   const Conditions& conditions) const;

    /// JSON: format "splitscope-cost-table" with both profiles, the link and the rows; version 1, 2 where it prices gates of the
    /// device, 3 where it prices some of the edge.
    [[nodiscard]] std::string toJson() const;
    static base::Result<CostTable> parse(std::string_view json, const std::string& where);
    /// The JSON document, or the same in one zstd frame, told by its first bytes.
    static base::Result<CostTable> load(const std::filesystem::path& path);
    /// Compressed where the name ends in ".zst": a tenth of the size.
    [[nodiscard]] base::Status save(const std::filesystem::path& path) const;

    static constexpr int kMaxBatch = 64;

private:
    struct Private;
    explicit CostTable(std::shared_ptr<const Private> table) : d(std::move(table)) {}
    std::shared_ptr<const Private> d;
};

/// The table shipped for a network's weights on `data` (models/NETWORK/DATA.costs.json.zst): a run of all decisions on the
/// machine that it names. NotFound where none ships.
base::Result<CostTable> loadShippedCostTable(const std::string& network, const std::string& data);

/// Which decisions are ever the fastest among those within `accuracyLoss` of the best accuracy, over log-spaced rates: the
/// ranges in which they are, from low rates to high ones. A row that wins twice is there twice. Where the table holds no
/// accuracies every decision counts.
struct OptimalDecision {
    std::size_t row = 0;
    double fromBytesPerSecond = 0;
    double toBytesPerSecond = 0;
};
std::vector<OptimalDecision> everFastest(const CostTable& table, int batch, double accuracyLoss, const Conditions& conditions,
                                         double lowBytesPerSecond, double highBytesPerSecond, int steps);
/// How many distinct rows are among them.
std::size_t countDistinct(std::span<const OptimalDecision> ranges);

}  // namespace splitscope::profile
