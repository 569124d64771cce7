// SPDX-License-Identifier: GPL-3.0-or-later
// How the daemon is told what to do: flags, a JSON file, or its parent process over a pipe.
#pragma once

#include "core/base/result.h"
#include "core/link/keys.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::daemon {

inline constexpr int kDefaultPort = 47610;

/// Keys of the configuration file are the flags' names in camelCase: bind, port, keys, allow, dataRoot, modelCache,
/// interface, threads, name. Flags win over the file.
struct Config {
    std::string bind = "127.0.0.1";  ///< this machine only, unless told otherwise
    int port = kDefaultPort;  ///< control; data listens on the next one. 0: any free ones
    std::filesystem::path keysFile;  ///< made on first use; empty: daemon-keys.json in the configuration folder
    std::filesystem::path allowFile;  ///< empty: allowed-edges in the configuration folder
    std::filesystem::path dataRoot;  ///< folders and zips under it may be read by runs; empty: built-in sources only
    std::filesystem::path modelCache;  ///< models that were pushed, kept for the next start; empty: memory only
    std::string interface;  ///< the network interface that the kernel may shape; empty: none
    int threads = 0;  ///< Torch threads at most; 0: as many as runs ask for
    std::string name;  ///< shown on the edge; empty: the host's name
    int loopbackFd = -1;  ///< the parent's pipe; -1: none

    // From the parent, over the pipe.
    link::KeyPair loopbackKeys;
    std::vector<std::string> loopbackAllowed;
};

enum class Wanted { Serve, Help, Version, SelfTest, PublicKey, Admit, Pair };

struct CommandLine {
    Wanted wanted = Wanted::Serve;
    Config config;
    std::vector<std::string> selfTestArguments = {};  ///< what follows --self-test
    std::string edgeKey = {}, edgeName = {};  ///< to admit
};

/// Reads flags, and the file that --config names. An InvalidInput Error is wrong usage.
base::Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments);
std::string usage();

/// The file's settings over `config`'s. Unknown keys and wrong types are Errors that name the key.
base::Status applyConfigFile(std::string_view json, const std::string& where, Config& config);

/// Reads the parent's one line from the pipe: {"secret": Z85, "public": Z85, "allowed": Z85 or [Z85…], "bind": ADDRESS}.
/// Loopback listens on any free ports of 127.0.0.1, unless the line says where, and may read whatever this user may, unless
/// --data-root says less.
base::Status readLoopbackLine(Config& config);
/// Parses that line.
base::Status applyLoopbackLine(std::string_view line, Config& config);

/// What a run's "data" names on this device: "patterns", "cifar10", "imagenette", or a path that lies under the data root,
/// symbolic links resolved. Anything else is refused.
base::Result<std::string> resolveSource(const Config& config, const std::string& source);

}  // namespace splitscope::daemon
