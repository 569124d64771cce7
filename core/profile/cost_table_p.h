// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/cost_table.h"

#include <functional>

namespace splitscope::profile {

/// What a row costs at a batch whatever the conditions, in milliseconds per request. With a gate, capture and gate (and what lies
/// before it, where it is the edge's) are of a request of so many frames; what lies behind the gate is of so many that go on.
struct RowWork {
    double captureMs = 0;
    double gateMs = 0;  ///< on the half whose gate it is: the trunk to the gate's branch, and its head
    double deviceMs = 0;
    double encodeMs = 0;
    double decodeMs = 0;
    double edgeMs = 0;
};

/// What a table is made of.
struct CostTableParts {
    model::NetworkSpec spec;
    std::string modelHash;
    std::string data;
    std::string accuracyHash;
    std::string date;
    ComputeProfile device;
    ComputeProfile edge;
    LinkProfile link;
    std::vector<CostRow> rows;
};

struct CostTable::Private {
    CostTableParts parts;
    EnergyModel energy;
    std::vector<RowWork> work;  ///< [row · kMaxBatch + batch − 1]
    std::vector<char> gatedOnEdge;  ///< [row]: whether its gate is the edge's

    /// Checks that the parts belong together, and reads every row's times from the profiles.
    static base::Result<CostTable> assemble(CostTableParts parts);
    /// The same with those rows alone.
    [[nodiscard]] Private rowsThat(const std::function<bool(const decision::Decision&)>& chooses) const;
};

}  // namespace splitscope::profile
