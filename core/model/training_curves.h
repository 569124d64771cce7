// SPDX-License-Identifier: GPL-3.0-or-later
// A training's course as a table: loss, learning rate and held-out accuracy of each exit.
#pragma once

#include "core/base/result.h"
#include "core/model/trainer.h"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

namespace splitscope::model {

/// One row of curves.csv.
struct CurvePoint {
    int epoch = 0;  ///< 1-based
    int step = 0;  ///< of `steps` in each epoch
    int steps = 0;
    double loss = 0;  ///< mean of the epoch so far
    double learningRate = 0;
    std::vector<double> accuracy;  ///< per exit, 0 to 1; empty but at the end of an epoch

    /// In epochs: 1.5 is in the middle of the second.
    [[nodiscard]] double position() const { return epoch - 1 + (steps > 0 ? static_cast<double>(step) / steps : 0); }
};

struct TrainingCurves {
    int exits = 0;
    std::vector<CurvePoint> points;  ///< in the order of training
};

/// "epoch,step,steps,loss,learning_rate,accuracy_1,…" and a line for each point.
std::string toCsv(const TrainingCurves& curves);

/// The reverse. A last line that is cut short is left out, as a training may be writing it; anything else that does not fit
/// is an Error with its line number.
base::Result<TrainingCurves> parseCurves(std::string_view csv, const std::string& where);
base::Result<TrainingCurves> readCurves(const std::filesystem::path& file);

/// Gathers a training's points while it runs, one every two seconds and at the end of each epoch, and appends them to a file.
/// A training that begins at an earlier point than the file ends at (resumed from a checkpoint, or started again) replaces
/// what the file says from that epoch on.
class CurveRecorder {
public:
    /// `file` may be empty: nothing is written then.
    CurveRecorder(std::filesystem::path file, int exits) : m_file(std::move(file)) { m_curves.exits = exits; }

    /// An Error where the file cannot be written, or holds something else than curves of as many exits; the points are kept
    /// all the same.
    base::Status add(const TrainingProgress& progress);

    /// What was before, and was added.
    [[nodiscard]] const TrainingCurves& curves() const { return m_curves; }

private:
    base::Status open(int epoch);

    std::filesystem::path m_file;
    std::ofstream m_stream;
    TrainingCurves m_curves;
    std::int64_t m_lastNs = 0;
};

}  // namespace splitscope::model
