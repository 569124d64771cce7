// SPDX-License-Identifier: GPL-3.0-or-later
// Requests as a device made them once: what crossed the wire, and what the device knew of it.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/wire/messages.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace splitscope::stub {

struct RecordedRequest {
    wire::Request request;  ///< of coded tensors or frames; run and first frame are whoever replays it's
    std::shared_ptr<const base::Bytes> payload;
    wire::FrameRecord record;  ///< with the true labels and the whole network's
};
using Recording = std::vector<RecordedRequest>;

/// For each: the request's header, its payload, and a journal's header with the one record, each behind its size (32 bits). The
/// headers are the protocol's own.
base::Status save(const Recording& recording, const std::filesystem::path& path);
/// An Error where the file is cut short or holds something else; a recording is never empty.
base::Result<Recording> loadRecording(const std::filesystem::path& path);

}  // namespace splitscope::stub
