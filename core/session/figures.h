// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's figures 3, 5(a) and 5(b) from this program's own measurements, with what the paper says about them checked;
// size against accuracy; and the map of which kind of decision wins where.
#pragma once

#include "core/profile/cost_table.h"
#include "core/session/figure.h"

#include <functional>
#include <stop_token>

namespace splitscope::session {

/// What figures are made of. Each figure says what it needs.
struct FigureInputs {
    model::NetworkSpec spec;
    std::string data;
    std::optional<profile::ComputeProfile> device;
    std::optional<profile::ComputeProfile> edge;
    std::vector<profile::CostRow> rows;  ///< what each decision answers and sends
    std::optional<profile::AccuracyTable> accuracy;  ///< image by image: for paired intervals
    std::optional<profile::CostTable> costs;
};

/// The rows of an accuracy table, as a cost table has them; columns that name no cut of the network are left out.
std::vector<profile::CostRow> rowsOf(const model::NetworkSpec& spec, const profile::AccuracyTable& table);

/// The best that an exit answers with nothing quantized: what "best accuracy" means here. A quantized decision that is better
/// by chance must not rule out all others.
double bestExitAccuracy(const std::vector<profile::CostRow>& rows);

/// The table as figures over rates take it: on a link that is itself that slow, every byte waits. A bucket's burst, through
/// which small payloads pass at once, belongs to how a rate is emulated.
profile::CostTable onSustainedLink(const profile::CostTable& table);

/// Fig. 3: time of every layer, trunk and heads, on the device and on the edge. Needs a profile that has layers. `batch`
/// is the paper's 8; where it was not measured, the largest measured one is taken.
base::Result<Figure> layerLatencyFigure(const FigureInputs& inputs, int batch = 8);

/// Fig. 5(a): bytes that cross at each cut of an exit's path (0: the last exit), as float32 and as each coding. Needs rows.
base::Result<Figure> dataSizeFigure(const FigureInputs& inputs, int exit = 0);

/// Fig. 5(b): accuracy lost at each cut by each bit width, in percentage points against the same exit unquantized. Needs rows.
base::Result<Figure> accuracyLossFigure(const FigureInputs& inputs, int exit = 0);

/// Series that drawings know apart: the line, and the points that have their names beside them.
inline constexpr const char* kFrontKey = "front";
inline constexpr const char* kNamedKey = "named";
/// What every decision of an exit (0: the best one) sends by every coder, against what it answers; the front, and the decisions
/// that no other beats in bytes, accuracy and depth. Needs rows; coders other than the table's need the accuracy table.
base::Result<Figure> sizeAccuracyFigure(const FigureInputs& inputs, int exit = 0);

struct RegionOptions {
    std::vector<double> rttsMs{2, 10, 40};
    double lowBytesPerSecond = 10e3;
    double highBytesPerSecond = 20e6;
    int rates = 67;  ///< log-spaced, as are the slowdowns
    double highSlowdown = 32;  ///< from 1
    int slowdowns = 41;
    double accuracyLoss = 0.01;  ///< decisions this far below bestExitAccuracy() take part
    int batch = 1;
};

/// Which kind of decision is the fastest: one map per network and round trip. An empty list is an Error; so is Cancelled.
base::Result<Figure> regionsFigure(const std::vector<profile::CostTable>& tables, const RegionOptions& options = {},
                                   std::stop_token stop = {});

}  // namespace splitscope::session
