// SPDX-License-Identifier: GPL-3.0-or-later
// The cuts of an exit's path and what an accuracy table says of them: shared by figures 5(a) and 5(b).
#pragma once

#include "core/session/figures.h"

namespace splitscope::session {

struct Cut {
    std::string tensor;
    int layer = 0;  ///< p
    double float32Bytes = 0;
    std::string kind;  ///< type of the layer that makes the tensor; "input"

    [[nodiscard]] bool quantizable() const { return layer > 0; }
    [[nodiscard]] bool isProduct() const { return kind == "conv" || kind == "fc"; }
};

struct PathCuts {
    int exit = 1;
    std::vector<Cut> cuts;  ///< distinct, without the label
};

/// The path to an exit (0: the last); an Error where there is no such exit, or no table. `figure` names who asks.
base::Result<PathCuts> cutsOf(const FigureInputs& inputs, int exit, const char* figure);

/// Null where the decision is not in the table.
const profile::CostRow* findRow(const FigureInputs& inputs, int exit, const std::string& tensor, const codec::Coding& coding);
/// The exit's answers with nothing quantized: all on the device.
const profile::CostRow* referenceOf(const FigureInputs& inputs, int exit);

std::vector<int> bitWidths(const FigureInputs& inputs);  ///< of quantized tensors, ascending
inline codec::Coding quantized(int bits) { return {codec::CodingKind::Quantized, bits}; }

std::vector<FigureCategory> categoriesOf(const PathCuts& path);
FigureSeries emptySeries(std::string key, std::string name, std::size_t size);
std::string subtitleOf(const FigureInputs& inputs, int exit);
/// Which table the numbers come from.
std::string tableNote(const FigureInputs& inputs, const PathCuts& path);

}  // namespace splitscope::session
