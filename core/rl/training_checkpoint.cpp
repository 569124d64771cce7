// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/training_checkpoint_p.h"

#include "core/base/files.h"

#include <algorithm>

namespace splitscope::rl {

namespace {

constexpr std::string_view kMagic = "SSC1";
constexpr std::size_t kHash = 64;  ///< hexadecimal SHA-256
constexpr std::size_t kNumbers = 8 + 4 + 8 + 8;
constexpr std::size_t kHead = kMagic.size() + kHash + kNumbers;

base::Error broken(const std::string& text, const std::filesystem::path& path)
{
    return {base::ErrorCode::InvalidInput, text + "; delete it to begin anew", path.string()};
}

}  // namespace

base::Status save(const TrainingCheckpoint& checkpoint, const std::filesystem::path& path)
{
    const std::string head = std::string(kMagic) + checkpoint.identity;
    base::Bytes bytes(head.begin(), head.end());
    base::append(bytes, checkpoint.step);
    base::append(bytes, static_cast<std::int32_t>(checkpoint.update));
    base::append(bytes, checkpoint.episode);
    const auto state = checkpoint.learner->state();
    base::append(bytes, static_cast<std::uint64_t>(state.size()));
    const auto* raw = reinterpret_cast<const std::uint8_t*>(state.data());
    bytes.insert(bytes.end(), raw, raw + state.size() * sizeof(float));
    if (checkpoint.buffer)
        checkpoint.buffer->appendState(bytes);
    const auto hash = base::sha256(bytes);
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return base::writeFileAtomically(path, bytes);
}

base::Status load(TrainingCheckpoint& checkpoint, const std::filesystem::path& path)
{
    const auto file = base::readFile(path);
    if (!file)
        return file.error();
    const base::ByteView bytes(*file);
    if (bytes.size() < kHead + kHash || base::asText(bytes.first(kMagic.size())) != kMagic)
        return broken("is no checkpoint of a policy's training", path);
    auto body = bytes.first(bytes.size() - kHash);
    if (base::sha256(body) != base::asText(bytes.last(kHash)))
        return broken("is damaged: its checksum does not fit", path);
    if (base::asText(body.subspan(kMagic.size(), kHash)) != checkpoint.identity)
        return broken("belongs to a training with other options, table or traces", path);
    body = body.subspan(kMagic.size() + kHash);
    checkpoint.step = base::readAt<std::uint64_t>(body, 0);
    checkpoint.update = base::readAt<std::int32_t>(body, 8);
    checkpoint.episode = base::readAt<std::uint64_t>(body, 12);
    const auto count = base::readAt<std::uint64_t>(body, 20);
    body = body.subspan(kNumbers);
    if (count > body.size() / sizeof(float))
        return broken("ends before its networks do", path);
    std::vector<float> state(count);
    std::memcpy(state.data(), body.data(), count * sizeof(float));
    body = body.subspan(count * sizeof(float));
    if (auto status = checkpoint.learner->restore(state); !status)
        return status;
    if (checkpoint.buffer && !checkpoint.buffer->restoreState(body))
        return broken("holds transitions that do not fit", path);
    return {};
}

}  // namespace splitscope::rl
