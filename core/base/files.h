// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <filesystem>

namespace splitscope::base {

/// The whole file; an Error names it. Files over `limit` bytes are refused before they are read.
Result<Bytes> readFile(const std::filesystem::path& path, std::uintmax_t limit = 1ULL << 31);

/// Replaces the file in one step: a temporary file beside it, flushed, then renamed. On failure (a full
/// disk too) the earlier file is intact. `mode` are the permissions of a new file, e.g. 0600 for keys.
/// What root writes belongs to the earlier file's owner, else to the folder's: keys that an administrator
/// adds are a service's to read.
Status writeFileAtomically(const std::filesystem::path& path, ByteView bytes, unsigned mode = 0644);

/// A file or folder of the installed resources, e.g. "models/alexnet3/model.json". Looked for in $SPLITSCOPE_RESOURCES, then
/// beside the program's folder (../share/splitscope), which in a build tree leads to the source tree's.
Result<std::filesystem::path> resourcePath(const std::string& relative);

/// $SPLITSCOPE_DATA, if it is set and a folder.
Result<std::filesystem::path> dataFolder();

/// The version of this build, e.g. "0.1.0".
std::string programVersion();

}  // namespace splitscope::base
