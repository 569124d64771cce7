// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/row_coding.h"

#include "core/model/executor.h"

#include <numeric>

namespace splitscope::exec {

namespace {

/// Calls encodeOne(row, payload) for each row and notes how long its record became.
template <typename EncodeOne>
base::Result<CodedRows> encodeEach(int rows, EncodeOne encodeOne)
{
    CodedRows coded;
    for (int i = 0; i < rows; ++i) {
        const auto before = coded.payload.size();
        if (auto status = encodeOne(i, coded.payload); !status)
            return status.error();
        coded.sizes.push_back(static_cast<std::uint32_t>(coded.payload.size() - before));
    }
    return coded;
}

base::Error inRow(std::size_t row, base::Error error)
{
    error.where = "row " + std::to_string(row) + (error.where.empty() ? "" : ", " + error.where);
    return error;
}

base::Result<base::Tensor> decodeFrames(const model::NetworkSpec& spec, const codec::Coding& coding,
                                        const codec::CoderOptions& options, std::span<const base::ByteView> records)
{
    std::vector<data::Image> frames;
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto frame = codec::decodeImage(records[i], coding, model::frameSize(spec), options);
        if (!frame)
            return inRow(i, frame.error());
        frames.push_back(std::move(*frame));
    }
    return model::toInput(spec, frames);
}

}  // namespace

bool codesFrames(const codec::Coding& coding)
{
    return coding.kind == codec::CodingKind::Raw || coding.kind == codec::CodingKind::Lossless
        || coding.kind == codec::CodingKind::Jpeg;
}

base::Result<CodedRows> encodeFrames(std::span<const data::Image> frames, const codec::Coding& coding,
                                     const codec::CoderOptions& options)
{
    return encodeEach(static_cast<int>(frames.size()), [&](int i, base::Bytes& out) {
        return codec::encodeImage(frames[static_cast<std::size_t>(i)], coding, out, options);
    });
}

base::Result<CodedRows> encodeRows(const base::Tensor& activation, const codec::Coding& coding,
                                   const codec::CoderOptions& options)
{
    return encodeEach(activation.batch,
                      [&](int i, base::Bytes& out) { return codec::encodeFeatures(activation.row(i), coding, options, out); });
}

codec::CoderOptions coderFor(const codec::BookedCoder& coder, const model::NetworkSpec& spec, const decision::Decision& decision)
{
    if (codesFrames(decision.coding))
        return coder.forFrames();
    return coder.forTensor(std::string(model::cutName(spec, decision.exit, decision.partition)), decision.coding);
}

base::Status checkBook(const codec::BookedCoder& coder, const model::NetworkSpec& spec, const decision::Decision& decision)
{
    if (decision.coding.kind != codec::CodingKind::Quantized)
        return {};
    return codec::checkBook(coder, std::string(model::cutName(spec, decision.exit, decision.partition)), decision.coding);
}

base::Result<base::Tensor> decodeRows(const model::NetworkSpec& spec, const decision::Decision& decision,
                                      const codec::BookedCoder& coder, std::span<const std::uint32_t> sizes,
                                      base::ByteView payload)
{
    const auto total = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
    if (total != payload.size())
        return base::Error{base::ErrorCode::InvalidInput,
                           "the rows' sizes add up to " + std::to_string(total) + " bytes, the payload has "
                               + std::to_string(payload.size()),
                           "request"};
    std::vector<base::ByteView> records;
    for (auto size : sizes) {
        records.push_back(payload.first(size));
        payload = payload.subspan(size);
    }
    if (codesFrames(decision.coding))
        return decodeFrames(spec, decision.coding, coder.forFrames(), records);

    const auto options = coderFor(coder, spec, decision);
    base::Tensor activation(static_cast<int>(sizes.size()), model::cutShape(spec, decision.exit, decision.partition));
    for (std::size_t i = 0; i < records.size(); ++i)
        if (auto status = codec::decodeFeatures(records[i], decision.coding, options, activation.row(static_cast<int>(i)));
            !status)
            return inRow(i, status.error());
    return activation;
}

std::vector<int> labelsOf(const base::Tensor& logits)
{
    std::vector<int> labels;
    for (int i = 0; i < logits.batch; ++i)
        labels.push_back(base::argmax(logits.row(i)));
    return labels;
}

}  // namespace splitscope::exec
