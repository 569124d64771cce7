// SPDX-License-Identifier: GPL-3.0-or-later
// A finished request held against the cost table: reward, regret, and what would have been best.
#pragma once

#include "core/link/bandwidth_estimator.h"
#include "core/profile/energy_model.h"
#include "core/profile/prediction_watch.h"
#include "core/session/summary.h"
#include "core/sim/evaluator.h"

namespace splitscope::session {

/// The rate that the uplink had for this request: its bytes over its transfer time, less the burst that passes at once and less
/// the round trip and the overheads, which the table adds by itself. Where the request says too little (it sent nothing or
/// little, or the round trip outweighs its bytes): the estimate, then the rate that was set, then infinity. 0 for a fallback: the
/// link did not carry it.
double uplinkRateOf(const wire::FrameRecord& record, const link::BandwidthEstimate& estimate, double rttMs,
                    const profile::LinkProfile& link);

/// Fills a sample's reward, regret, expected accuracy and optimum. `conditions` are those that it ran under, the rate being
/// uplinkRateOf(). Lost requests and decisions outside the table stay unpriced.
void price(Sample& sample, const sim::Evaluator& evaluator, const profile::Conditions& conditions);
/// The same, of who knows the best row already.
void price(Sample& sample, const sim::Evaluator& evaluator, const profile::Conditions& conditions, std::size_t best);

/// Evaluator::best(), which is most of what a record costs, for one record after the other: conditions seldom change between two.
class LastBest {
public:
    std::size_t of(const std::shared_ptr<const sim::Evaluator>& evaluator, const profile::Conditions& conditions);

private:
    std::shared_ptr<const sim::Evaluator> m_evaluator;  ///< kept, so that no other one takes its address
    profile::Conditions m_conditions;
    std::size_t m_best = 0;
};

/// What the device spent on a request, modelled, J per frame; 0 for a lost one, whose doings nobody knows. A fallback paid for
/// the whole path, and for what it sent in vain: no more bytes than the rate that was set lets pass within T, for on a link that
/// broke down it gave up long before the rest crossed.
double modelledEnergy(const wire::FrameRecord& record, const profile::EnergyModel& energy, const model::NetworkSpec& spec);

/// What a table's row foretells of a request that is done, and what it took: for a PredictionWatch.
struct Comparison {
    profile::StageMs predicted{}, measured{};
};
/// `rowsTogether`: of the batches in which the edge computes this device's requests with others'; 0: nobody shares the edge. A
/// table foretells requests alone. So where the edge is shared, waiting there is left out, and the edge segment is foretold as
/// the request's share of such a batch, which takes less than as many requests one by one.
Comparison compare(const wire::FrameRecord& record, const profile::CostTable& table, std::size_t row,
                   const profile::Conditions& conditions, double rowsTogether);

}  // namespace splitscope::session
