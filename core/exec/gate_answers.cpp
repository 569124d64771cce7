// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/gate_answers.h"

#include "core/base/softmax.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"

#include <algorithm>
#include <cassert>

namespace splitscope::exec {

namespace {

int branchOf(const model::Executor& network, int exit) { return network.spec().exits[static_cast<std::size_t>(exit - 1)].after; }

}  // namespace

base::Result<AtGate> runToGate(const model::Executor& network, int gateExit, int cut, const base::Tensor& input)
{
    const int branch = branchOf(network, gateExit);
    auto trunk = network.run(gateExit, cut, branch, input);
    if (!trunk)
        return trunk.error();
    auto logits = network.run(gateExit, branch, decision::onDevice(network.spec(), gateExit).partition, *trunk);
    if (!logits)
        return logits.error();
    return AtGate{*std::move(trunk), *std::move(logits)};
}

base::Result<GatedAnswers> runGated(const model::Executor& network, int exit, int cut, std::span<const decision::Gate> gates,
                                    const base::Tensor& input)
{
    assert(gates.size() == static_cast<std::size_t>(input.batch) && input.batch > 0);
    const int gateExit = gates.front().exit;
    auto at = runToGate(network, gateExit, cut, input);
    if (!at)
        return at.error();
    GatedAnswers answers{std::move(at->logits), {}};
    std::vector<int> goingOn;
    for (int row = 0; row < input.batch; ++row) {
        const bool early = gates[static_cast<std::size_t>(row)].answers(base::softmaxEntropy(answers.logits.row(row)));
        answers.early.push_back(early);
        if (!early)
            goingOn.push_back(row);
    }
    if (goingOn.empty())
        return answers;
    const auto rest = network.run(exit, branchOf(network, gateExit), decision::onDevice(network.spec(), exit).partition,
                                  rowsOf(at->trunk, goingOn));
    if (!rest)
        return rest.error();
    for (std::size_t i = 0; i < goingOn.size(); ++i)
        std::ranges::copy(rest->row(static_cast<int>(i)), answers.logits.row(goingOn[i]).begin());
    return answers;
}

std::uint64_t earlyBits(const std::vector<bool>& early, std::size_t first, int count)
{
    std::uint64_t bits = 0;
    for (int i = 0; i < count; ++i)
        if (early[first + static_cast<std::size_t>(i)])
            bits |= std::uint64_t{1} << static_cast<unsigned>(i);
    return bits;
}

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
