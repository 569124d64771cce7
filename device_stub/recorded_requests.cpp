// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_stub/recorded_requests.h"

#include "core/base/files.h"
#include "core/wire/encoding.h"

namespace splitscope::stub {

namespace {

void appendBlock(base::Bytes& to, base::ByteView block)
{
    base::append(to, static_cast<std::uint32_t>(block.size()));
    to.insert(to.end(), block.begin(), block.end());
}

/// The next block, which it takes off; nothing where the rest is too short.
std::optional<base::ByteView> takeBlock(base::ByteView& from)
{
    if (from.size() < sizeof(std::uint32_t))
        return std::nullopt;
    const auto size = base::readAt<std::uint32_t>(from, 0);
    from = from.subspan(sizeof(std::uint32_t));
    if (from.size() < size)
        return std::nullopt;
    const auto block = from.first(size);
    from = from.subspan(size);
    return block;
}

std::optional<RecordedRequest> takeRequest(base::ByteView& from)
{
    const auto header = takeBlock(from), payload = takeBlock(from), journal = takeBlock(from);
    if (!header || !payload || !journal)
        return std::nullopt;
    const auto request = wire::decode(*header), books = wire::decode(*journal);
    const auto* made = request ? std::get_if<wire::Request>(&request->body) : nullptr;
    const auto* written = books ? std::get_if<wire::Journal>(&books->body) : nullptr;
    if (!made || !written || written->records.size() != 1 || written->records.front().count != made->count)
        return std::nullopt;
    return RecordedRequest{*made, std::make_shared<const base::Bytes>(payload->begin(), payload->end()),
                           written->records.front()};
}

}  // namespace

base::Status save(const Recording& recording, const std::filesystem::path& path)
{
    base::Bytes file;
    for (const auto& each : recording) {
        auto request = each.request;
        request.run = 1;  // no number of a run is 0
        appendBlock(file, wire::encode({0, request}));
        appendBlock(file, *each.payload);
        appendBlock(file, wire::encode({0, wire::Journal{1, {each.record}}}));
    }
    return base::writeFileAtomically(path, file);
}

base::Result<Recording> loadRecording(const std::filesystem::path& path)
{
    const auto file = base::readFile(path);
    if (!file)
        return file.error();
    Recording recording;
    for (base::ByteView rest = *file; !rest.empty();) {
        auto request = takeRequest(rest);
        if (!request)
            return base::Error{base::ErrorCode::InvalidInput,
                               "is no recording of requests, or cut short behind request " + std::to_string(recording.size()),
                               path.string()};
        recording.push_back(*std::move(request));
    }
    if (recording.empty())
        return base::Error{base::ErrorCode::InvalidInput, "holds no requests", path.string()};
    return recording;
}

}  // namespace splitscope::stub
