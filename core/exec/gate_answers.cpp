// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/gate_answers.h"

#include "core/base/softmax.h"
#include "core/exec/row_coding.h"

#include <algorithm>
#include <cassert>

namespace splitscope::exec {

void answerAtGate(const decision::Gate& gate, const base::Tensor& logits, bool keepLogits, wire::FrameRecord& record)
{
    record.labels = labelsOf(logits);
    if (keepLogits)
        record.logits = logits.values;
    std::uint64_t early = 0;
    for (int row = 0; row < logits.batch; ++row)
        if (gate.answers(base::softmaxEntropy(logits.row(row))))
            early |= std::uint64_t{1} << static_cast<unsigned>(row);
    record.answeredEarly = early;
}

std::vector<int> framesGoingOn(const wire::FrameRecord& record)
{
    std::vector<int> frames;
    for (int frame = 0; frame < record.count; ++frame)
        if (record.goesOn(frame))
            frames.push_back(frame);
    return frames;
}

void answerRest(const std::vector<int>& labels, const std::vector<float>& logits, wire::FrameRecord& record)
{
    const auto frames = framesGoingOn(record);
    assert(labels.size() == frames.size() && (labels.empty() || logits.size() % labels.size() == 0));
    const auto classes = labels.empty() ? 0 : logits.size() / labels.size();
    const auto count = static_cast<std::size_t>(record.count);
    record.labels.resize(count, -1);
    if (classes > 0)
        record.logits.resize(count * classes);
    else if (!labels.empty())
        record.logits.clear();  // the head's alone would say nothing true of these
    for (std::size_t row = 0; row < frames.size(); ++row) {
        const auto frame = static_cast<std::size_t>(frames[row]);
        record.labels[frame] = labels[row];
        std::copy_n(logits.begin() + static_cast<std::ptrdiff_t>(row * classes), classes,
                    record.logits.begin() + static_cast<std::ptrdiff_t>(frame * classes));
    }
}

base::Tensor rowsOf(const base::Tensor& batch, const std::vector<int>& rows)
{
    base::Tensor some(static_cast<int>(rows.size()), batch.shape);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = batch.row(rows[i]);
        std::copy(row.begin(), row.end(), some.row(static_cast<int>(i)).begin());
    }
    return some;
}

}  // namespace splitscope::exec
