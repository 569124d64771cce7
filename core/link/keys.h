// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::link {

/// A CURVE key pair, Z85 (40 characters each).
struct KeyPair {
    std::string publicKey;
    std::string secretKey;
};

KeyPair newKeyPair();
bool isKey(const std::string& text);  ///< 40 Z85 characters

/// Key files are JSON {"public": …, "secret": …}, mode 0600; a file that others can read is refused, saying so.
base::Status saveKeyPair(const KeyPair& keys, const std::filesystem::path& path);
base::Result<KeyPair> loadKeyPair(const std::filesystem::path& path);
/// Loads, or makes and saves on first use.
base::Result<KeyPair> loadOrCreateKeyPair(const std::filesystem::path& path);

/// Public keys that may connect: a text file, one key a line, then an optional name; '#' starts a comment.
base::Result<std::vector<std::string>> loadAllowList(const std::filesystem::path& path);
base::Status addToAllowList(const std::string& publicKey, const std::string& peerName, const std::filesystem::path& path);

/// The ZeroMQ identity that belongs to a public key: 16 characters of its SHA-256, and ".suffix" where one key serves several
/// edges at once. The device drops what comes under an identity that does not belong to the sender's key.
std::string identityOf(const std::string& publicKey, const std::string& suffix = {});
bool isIdentityOf(const std::string& publicKey, const std::string& identity);

/// $XDG_CONFIG_HOME/splitscope, or ~/.config/splitscope.
std::filesystem::path configFolder();

/// This edge's own pair: where it is, and the pair itself, made on first use.
std::filesystem::path edgeKeysPath();
base::Result<KeyPair> edgeKeys();

}  // namespace splitscope::link
