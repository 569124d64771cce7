// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/keys.h"

#include "core/base/files.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <sys/stat.h>
#include <zmq.h>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyLength = 40;
constexpr std::size_t kMaxKeyFileBytes = 4096;
constexpr std::size_t kMaxAllowListBytes = 1 << 20;
constexpr std::size_t kMaxAllowedKeys = 4096;
constexpr std::size_t kIdentityPrefix = 16;
constexpr std::size_t kMaxIdentity = 64;

struct stat statusOf(const fs::path& path)
{
    struct stat status = {};
    ::stat(path.c_str(), &status);
    return status;
}

/// One line of an allow-list: its key, empty for a comment or blank line.
std::string keyOfLine(const std::string& line)
{
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key.starts_with('#'))  // a Z85 letter, but never a key's first: its first five would exceed 32 bits
        key.clear();
    return key;
}

Error noKey(const fs::path& path, std::size_t line)
{
    return {ErrorCode::InvalidInput, "does not begin with a public key (40 characters); see 'splitscope-cli keys'",
            path.string() + ":" + std::to_string(line)};
}

Error tooManyKeys(const fs::path& path)
{
    return {ErrorCode::TooLarge,
            "at most " + std::to_string(kMaxAllowedKeys) + " keys may be listed; remove those of edges that are gone",
            path.string()};
}

base::Result<std::string> readAllowList(const fs::path& path)
{
    if ((statusOf(path).st_mode & S_IWOTH) != 0)
        return Error{ErrorCode::Refused, "everybody could add keys to this file; run: chmod o-w " + path.string(), path.string()};
    auto bytes = base::readFile(path, kMaxAllowListBytes);
    if (!bytes)
        return bytes.error();
    return std::string(base::asText(*bytes));
}

}  // namespace

KeyPair newKeyPair()
{
    std::array<char, kKeyLength + 1> publicKey{};
    std::array<char, kKeyLength + 1> secretKey{};
    if (zmq_curve_keypair(publicKey.data(), secretKey.data()) != 0)
        return {};  // a ZeroMQ without CURVE: start() of a link says so
    return {publicKey.data(), secretKey.data()};
}

bool isKey(const std::string& text)
{
    if (text.size() != kKeyLength)
        return false;
    std::array<std::uint8_t, 32> raw{};
    return zmq_z85_decode(raw.data(), text.c_str()) != nullptr;
}

base::Status saveKeyPair(const KeyPair& keys, const fs::path& path)
{
    const QJsonObject object{{"public", QString::fromStdString(keys.publicKey)},
                             {"secret", QString::fromStdString(keys.secretKey)}};
    const auto json = QJsonDocument(object).toJson().toStdString();
    return base::writeFileAtomically(path, base::asBytes(json), 0600);
}

base::Result<KeyPair> loadKeyPair(const fs::path& path)
{
    auto bytes = base::readFile(path, kMaxKeyFileBytes);
    if (!bytes)
        return bytes.error();
    if ((statusOf(path).st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return Error{ErrorCode::Refused,
                     "others may read this secret key; run: chmod 600 " + path.string() + " (or delete it for a new one)",
                     path.string()};
    const auto text = QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size()));
    const auto object = QJsonDocument::fromJson(text).object();
    const KeyPair keys{object["public"].toString().toStdString(), object["secret"].toString().toStdString()};
    if (!isKey(keys.publicKey) || !isKey(keys.secretKey))
        return Error{ErrorCode::InvalidInput, "is no key file: it must hold \"public\" and \"secret\", 40 Z85 characters each",
                     path.string()};
    std::array<char, kKeyLength + 1> belonging{};
    if (zmq_curve_public(belonging.data(), keys.secretKey.c_str()) != 0 || keys.publicKey != belonging.data())
        return Error{ErrorCode::Mismatch, "the public key does not belong to the secret key", path.string()};
    return keys;
}

base::Result<KeyPair> loadOrCreateKeyPair(const fs::path& path)
{
    std::error_code ec;
    if (fs::exists(path, ec))
        return loadKeyPair(path);
    const auto keys = newKeyPair();
    if (keys.publicKey.empty())
        return Error{ErrorCode::Unsupported, "this ZeroMQ was built without CURVE", path.string()};
    if (auto saved = saveKeyPair(keys, path); !saved)
        return saved.error();
    return keys;
}

base::Result<std::vector<std::string>> loadAllowList(const fs::path& path)
{
    auto text = readAllowList(path);
    if (!text)
        return text.error();
    std::vector<std::string> keys;
    std::istringstream lines(*text);
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        const auto key = keyOfLine(line);
        if (key.empty())
            continue;
        if (!isKey(key))
            return noKey(path, number);
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            continue;
        if (keys.size() == kMaxAllowedKeys)
            return tooManyKeys(path);
        keys.push_back(key);
    }
    return keys;
}

base::Status addToAllowList(const std::string& publicKey, const std::string& peerName, const fs::path& path)
{
    if (!isKey(publicKey))
        return Error{ErrorCode::InvalidInput, "is no public key: 40 Z85 characters", "'" + publicKey + "'"};
    if (peerName.find_first_of("\r\n") != std::string::npos)
        return Error{ErrorCode::InvalidInput, "a name is one line", "'" + peerName + "'"};
    std::string text;
    std::error_code ec;
    if (fs::exists(path, ec)) {
        auto allowed = loadAllowList(path);
        if (!allowed)
            return allowed.error();
        if (std::find(allowed->begin(), allowed->end(), publicKey) != allowed->end())
            return {};
        if (allowed->size() == kMaxAllowedKeys)  // one more, and nobody's key could be read any more
            return tooManyKeys(path);
        auto before = readAllowList(path);
        if (!before)
            return before.error();
        text = std::move(*before);
        if (!text.empty() && text.back() != '\n')
            text += '\n';
    }
    text += publicKey + (peerName.empty() ? "" : " " + peerName) + "\n";
    return base::writeFileAtomically(path, base::asBytes(text), 0600);
}

std::string identityOf(const std::string& publicKey, const std::string& suffix)
{
    auto identity = base::sha256(base::asBytes(publicKey)).substr(0, kIdentityPrefix);
    if (!suffix.empty())
        identity += "." + suffix.substr(0, kMaxIdentity - kIdentityPrefix - 1);
    return identity;
}

bool isIdentityOf(const std::string& publicKey, const std::string& identity)
{
    return identity.size() <= kMaxIdentity && identity.starts_with(identityOf(publicKey))
        && (identity.size() == kIdentityPrefix || identity[kIdentityPrefix] == '.');
}

fs::path configFolder()
{
    if (const char* folder = std::getenv("XDG_CONFIG_HOME"); folder && *folder == '/')
        return fs::path(folder) / "splitscope";
    if (const char* home = std::getenv("HOME"); home && *home)
        return fs::path(home) / ".config/splitscope";
    return fs::path(".splitscope");
}

fs::path edgeKeysPath() { return configFolder() / "edge-keys.json"; }

base::Result<KeyPair> edgeKeys() { return loadOrCreateKeyPair(edgeKeysPath()); }

}  // namespace splitscope::link
