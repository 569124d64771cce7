// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/accuracy_batch_p.h"

#include "core/base/clock.h"
#include "core/base/softmax.h"
#include "core/codec/bit_packer.h"
#include "core/codec/feature_codec.h"
#include "core/codec/quantizer.h"
#include "core/profile/accuracy_coders_p.h"

#include <algorithm>

namespace splitscope::profile {

using base::Status;
using base::Tensor;
using codec::Coding;
using codec::CodingKind;
using codec::EntropyCoder;

namespace {

constexpr std::size_t kRangeBytes = 2 * sizeof(float);  ///< of a quantized record, before its levels

/// A batch in one coding: how long its records are, and what the other side has of it.
struct Coded {
    std::map<EntropyCoder, std::vector<std::uint32_t>> bytes;
    Tensor decoded;  ///< empty where the coding is exact
};

class Batch {
public:
    Batch(const model::Executor& executor, const AccuracyPlan& plan) : m_executor(executor), m_plan(plan) {}

    Status run(const data::DataSet& images, std::size_t first, std::size_t count);
    BatchResult takeResult() { return std::move(m_result); }

private:
    base::Result<Tensor> layers(int exit, int first, int last, const Tensor& input);
    Status walkTrunk(const Tensor& input);
    Status walkHead(int exit, const CutPlan& cuts, const Tensor& atBranch);
    Status visit(const std::vector<CodedCut>& cuts, int cut, const Tensor& tensor);
    base::Result<Coded> code(const Coding& coding, const Tensor& tensor, const std::string& name) const;
    base::Result<Coded> codeFrames(const Coding& coding) const;
    Status finish(int cut, Tensor decoded, const std::vector<CodedCut::Follower>& followers);
    void answer(BatchAnswers& column, const Tensor& logits) const;

    [[nodiscard]] const model::NetworkSpec& spec() const { return m_executor.spec(); }
    [[nodiscard]] const model::ExitSpec& exitSpec(int exit) const { return spec().exits[static_cast<std::size_t>(exit - 1)]; }

    const model::Executor& m_executor;
    const AccuracyPlan& m_plan;
    std::vector<data::Image> m_frames;
    std::vector<int> m_labels;
    std::map<int, BatchAnswers> m_whole;  ///< by exit: the network's own answers, nothing coded
    std::vector<CodedCut::Follower> m_exact;  ///< columns that answer the same
    BatchResult m_result;
};

Status Batch::run(const data::DataSet& images, std::size_t first, std::size_t count)
{
    for (std::size_t i = first; i < first + count; ++i) {
        auto image = images.image(i);
        if (!image)
            return image.error();
        m_frames.push_back(*std::move(image));
        m_labels.push_back(images.label(i));
    }
    const auto input = model::toInput(spec(), m_frames);
    if (!input)
        return input.error();
    if (auto status = walkTrunk(*input); !status)
        return status;
    for (const auto& follower : m_exact) {
        auto& column = m_result.answers[follower.column];
        column.correct = m_whole[follower.exit].correct;
        column.entropy = m_whole[follower.exit].entropy;
    }
    return {};
}

base::Result<Tensor> Batch::layers(int exit, int first, int last, const Tensor& input)
{
    const auto begin = base::nowNs();
    auto output = m_executor.run(exit, first, last, input);
    m_result.layerSeconds += base::toMs(base::nowNs() - begin) / 1000;
    return output;
}

/// From stop to stop: cuts of the plan, and the branch points of the exits that are needed.
Status Batch::walkTrunk(const Tensor& input)
{
    std::map<int, int> stops;  // and an exit that lies behind
    for (const auto& [cut, coded] : m_plan.trunk)
        stops[cut] = coded.front().followers.back().exit;
    for (const auto& [exit, cuts] : m_plan.heads)
        stops[exitSpec(exit).after] = exit;
    Tensor tensor = input;
    int at = 0;
    for (const auto& [stop, exit] : stops) {
        auto next = layers(exit, at, stop, tensor);
        if (!next)
            return next.error();
        tensor = *std::move(next);
        at = stop;
        if (const auto coded = m_plan.trunk.find(stop); coded != m_plan.trunk.end())
            if (auto status = visit(coded->second, stop, tensor); !status)
                return status;
        for (const auto& [branching, cuts] : m_plan.heads)
            if (exitSpec(branching).after == stop)
                if (auto status = walkHead(branching, cuts, tensor); !status)
                    return status;
    }
    return {};
}

Status Batch::walkHead(int exit, const CutPlan& cuts, const Tensor& atBranch)
{
    Tensor tensor = atBranch;
    int at = exitSpec(exit).after;
    const int end = exitSpec(exit).layerCount();
    const auto advance = [&](int stop) -> Status {
        auto next = layers(exit, at, stop, tensor);
        if (!next)
            return next.error();
        tensor = *std::move(next);
        at = stop;
        return {};
    };
    for (const auto& [cut, coded] : cuts) {
        if (auto status = advance(cut); !status)
            return status;
        if (auto status = visit(coded, cut, tensor); !status)
            return status;
    }
    if (auto status = advance(end); !status)
        return status;
    answer(m_whole[exit], tensor);
    return {};
}

Status Batch::visit(const std::vector<CodedCut>& cuts, int cut, const Tensor& tensor)
{
    for (const auto& one : cuts) {
        const int exit = one.followers.front().exit;
        auto coded = code(one.coding, tensor, model::Path(spec(), exit).cutName(cut));
        if (!coded)
            return coded.error();
        for (const auto& follower : one.followers)
            m_result.answers[follower.column].bytes = coded->bytes;
        if (isExact(one.coding))
            m_exact.insert(m_exact.end(), one.followers.begin(), one.followers.end());
        else if (auto status = finish(cut, std::move(coded->decoded), one.followers); !status)
            return status;
    }
    return {};
}

/// As core/codec/feature_codec.h does it. Levels are not written out: what is decoded depends on them alone.
base::Result<Coded> Batch::code(const Coding& coding, const Tensor& tensor, const std::string& name) const
{
    const auto rows = static_cast<std::size_t>(tensor.batch);
    const std::size_t values = tensor.rowSize();
    Coded coded;
    if (coding.kind == CodingKind::LabelOnly || coding.kind == CodingKind::Float32) {
        const std::size_t size = coding.kind == CodingKind::Float32 ? values * sizeof(float) : 0;
        coded.bytes[EntropyCoder::None].assign(rows, static_cast<std::uint32_t>(size));
        return coded;
    }
    if (coding.kind != CodingKind::Quantized)
        return codeFrames(coding);
    const int bits = coding.parameter;
    const auto packed = static_cast<std::uint32_t>(kRangeBytes + codec::packedSize(values, bits));
    coded.bytes[EntropyCoder::None].assign(rows, packed);
    coded.decoded = Tensor(tensor.batch, tensor.shape);
    const auto* book = m_plan.codebook != nullptr ? m_plan.codebook->find(name, bits) : nullptr;
    std::vector<std::uint16_t> levels(values);
    for (int row = 0; row < tensor.batch; ++row) {
        const auto range = codec::quantize(tensor.row(row), bits, levels);
        addCodedSizes(levels, bits, book, coded.bytes);
        codec::dequantize(levels, bits, range, coded.decoded.row(row));
    }
    return coded;
}

base::Result<Coded> Batch::codeFrames(const Coding& coding) const
{
    Coded coded;
    std::vector<data::Image> frames;
    for (const auto& frame : m_frames) {
        base::Bytes record;
        if (auto status = codec::encodeImage(frame, coding, record); !status)
            return status.error();
        coded.bytes[EntropyCoder::None].push_back(static_cast<std::uint32_t>(record.size()));
        if (isExact(coding))
            continue;
        auto decoded = codec::decodeImage(record, coding, frame.size);
        if (!decoded)
            return decoded.error();
        frames.push_back(*std::move(decoded));
    }
    if (isExact(coding))
        return coded;
    auto input = model::toInput(spec(), frames);
    if (!input)
        return input.error();
    coded.decoded = *std::move(input);
    return coded;
}

/// The layers behind a cut, to each of the exits; the trunk's once.
Status Batch::finish(int cut, Tensor decoded, const std::vector<CodedCut::Follower>& followers)
{
    int at = cut;
    for (const auto& follower : followers) {
        const int branch = exitSpec(follower.exit).after;
        const bool last = &follower == &followers.back();
        if (!last && at < branch) {
            auto next = layers(follower.exit, at, branch, decoded);
            if (!next)
                return next.error();
            decoded = *std::move(next);
            at = branch;
        }
        const auto logits = layers(follower.exit, at, exitSpec(follower.exit).layerCount(), decoded);
        if (!logits)
            return logits.error();
        answer(m_result.answers[follower.column], *logits);
    }
    return {};
}

void Batch::answer(BatchAnswers& column, const Tensor& logits) const
{
    for (int row = 0; row < logits.batch; ++row) {
        column.correct.push_back(base::argmax(logits.row(row)) == m_labels[static_cast<std::size_t>(row)]);
        column.entropy.push_back(base::softmaxEntropy(logits.row(row)));
    }
}

}  // namespace

base::Result<BatchResult> computeBatch(const model::Executor& executor, const data::DataSet& images, const AccuracyPlan& plan,
                                       std::size_t first, std::size_t count)
{
    Batch batch(executor, plan);
    if (auto status = batch.run(images, first, count); !status)
        return status.error();
    return batch.takeResult();
}

}  // namespace splitscope::profile
