// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/base/files.h"
#include "core/model/checkpoint_p.h"

#include <optional>
#include <string_view>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kMagic = "SSC1";
constexpr std::size_t kHashSize = 64;  ///< SHA-256, hexadecimal
constexpr const char* kIdentity = "checkpoint identity";
constexpr const char* kEpoch = "checkpoint epoch";

/// What follows the magic and the hash, where the hash is right. LibTorch's reader trusts what it reads, even the file's length.
std::optional<base::ByteView> contentOf(base::ByteView file)
{
    if (file.size() < kMagic.size() + kHashSize || base::asText(file.first(kMagic.size())) != kMagic)
        return std::nullopt;
    const auto content = file.subspan(kMagic.size() + kHashSize);
    if (base::asText(file.subspan(kMagic.size(), kHashSize)) != base::sha256(content))
        return std::nullopt;
    return content;
}

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
    const auto pickled = base::asBytes({data.data(), data.size()});
    const auto start = std::string(kMagic) + base::sha256(pickled);
    base::Bytes file(start.begin(), start.end());
    file.insert(file.end(), pickled.begin(), pickled.end());
    return base::writeFileAtomically(path, file);
}

base::Result<Checkpoint> loadCheckpoint(const std::filesystem::path& path, const std::string& identity)
{
    const auto bytes = base::readFile(path);
    if (!bytes)
        return bytes.error();
    const Error damaged{ErrorCode::InvalidInput, "is no checkpoint, or a damaged one; remove it to train from the start",
                        path.string()};
    const auto pickled = contentOf(*bytes);
    if (!pickled)
        return damaged;
    try {
        const auto content = torch::pickle_load(std::vector<char>(pickled->begin(), pickled->end()));
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
