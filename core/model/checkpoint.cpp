// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/base/files.h"
#include "core/model/checkpoint_p.h"

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr const char* kIdentity = "checkpoint identity";
constexpr const char* kEpoch = "checkpoint epoch";

at::Tensor toTensor(const std::string& text)
{
    auto tensor = at::empty({static_cast<std::int64_t>(text.size())}, at::kByte);
    std::copy(text.begin(), text.end(), tensor.data_ptr<std::uint8_t>());
    return tensor;
}

std::string toText(const at::Tensor& tensor)
{
    const auto bytes = tensor.to(at::kByte).contiguous();
    return {reinterpret_cast<const char*>(bytes.data_ptr<std::uint8_t>()), static_cast<std::size_t>(bytes.numel())};
}

}  // namespace

base::Status saveCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& path)
{
    c10::Dict<std::string, at::Tensor> content;
    content.insert(kIdentity, toTensor(checkpoint.identity));
    content.insert(kEpoch, at::scalar_tensor(checkpoint.epoch, at::kLong));
    for (const auto& [name, tensor] : checkpoint.tensors)
        content.insert(name, tensor.detach().to(at::kCPU));
    const auto data = torch::pickle_save(content);
    return base::writeFileAtomically(path, base::asBytes({data.data(), data.size()}));
}

base::Result<Checkpoint> loadCheckpoint(const std::filesystem::path& path, const std::string& identity)
{
    const auto bytes = base::readFile(path);
    if (!bytes)
        return bytes.error();
    const Error damaged{ErrorCode::InvalidInput, "is no checkpoint, or a damaged one; remove it to train from the start",
                        path.string()};
    try {
        const auto content = torch::pickle_load(std::vector<char>(bytes->begin(), bytes->end()));
        if (!content.isGenericDict())
            return damaged;
        Checkpoint checkpoint;
        for (const auto& entry : content.toGenericDict())
            checkpoint.tensors[entry.key().toStringRef()] = entry.value().toTensor();
        const auto text = checkpoint.tensors.extract(kIdentity);
        const auto epoch = checkpoint.tensors.extract(kEpoch);
        if (text.empty() || epoch.empty())
            return damaged;
        checkpoint.identity = toText(text.mapped());
        checkpoint.epoch = static_cast<int>(epoch.mapped().item<std::int64_t>());
        if (checkpoint.identity != identity)
            return Error{ErrorCode::Mismatch,
                         "is the checkpoint of a training with another network, data or options; remove it or name another file",
                         path.string()};
        return checkpoint;
    } catch (const std::exception&) {
        return damaged;
    }
}

}  // namespace splitscope::model
