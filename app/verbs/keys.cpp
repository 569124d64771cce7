// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli keys
#include "core/link/keys.h"
#include "app/verbs/verbs.h"

#include <cstdio>

namespace splitscope::app {

namespace {

std::filesystem::path daemonKeysPath() { return link::configFolder() / "daemon-keys.json"; }

/// --device means the daemon's keys on this machine, otherwise the edge's.
std::filesystem::path chosenPath(bool device, const std::filesystem::path& file)
{
    return !file.empty() ? file : device ? daemonKeysPath() : link::edgeKeysPath();
}

int make(const std::vector<std::string>& arguments, std::stop_token)
{
    std::filesystem::path file;
    bool device = false, replace = false;
    Options options("keys new [options]", "Makes a key pair and prints its public key.");
    options.flag("--device", "for the daemon on this machine, not for this edge", device);
    options.path("--file", "FILE", "where to (default: in the configuration folder)", file);
    options.flag("--replace", "replaces an existing pair: its peers must then be told the new key", replace);
    if (const auto answered = parseOrAnswer(options, "keys new", arguments))
        return *answered;
    const auto path = chosenPath(device, file);
    std::error_code ec;
    if (!replace && std::filesystem::exists(path, ec))
        return fail({base::ErrorCode::Refused, "is there already; add --replace to make a new pair", path.string()});
    const auto keys = link::newKeyPair();
    if (const auto status = link::saveKeyPair(keys, path); !status)
        return fail(status.error());
    std::printf("%s\n", keys.publicKey.c_str());
    std::fprintf(stderr, "saved in %s\n", path.c_str());
    return kDone;
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    std::filesystem::path file;
    bool device = false;
    Options options("keys show [options]", "Prints the public key: what the other side must know or allow. Made on first use.");
    options.flag("--device", "of the daemon on this machine, not of this edge", device);
    options.path("--file", "FILE", "the key pair (default: in the configuration folder)", file);
    if (const auto answered = parseOrAnswer(options, "keys show", arguments))
        return *answered;
    const auto keys = link::loadOrCreateKeyPair(chosenPath(device, file));
    if (!keys)
        return fail(keys.error());
    std::printf("%s\n", keys->publicKey.c_str());
    return kDone;
}

int allow(const std::vector<std::string>& arguments, std::stop_token)
{
    std::filesystem::path file = link::configFolder() / "allowed-edges";
    std::vector<std::string> keyAndName;
    Options options("keys allow KEY [NAME] [options]", "Lets the edge with this public key use the daemon on this machine.");
    options.positional("KEY [NAME]", "the edge's public key (`keys show` there), and a name for people", keyAndName, 2);
    options.path("--file", "FILE", "the list (default: allowed-edges in the configuration folder)", file);
    if (const auto answered = parseOrAnswer(options, "keys allow", arguments))
        return *answered;
    if (keyAndName.empty() || !link::isKey(keyAndName[0]))
        return wrongUsage("keys allow",
                          {base::ErrorCode::InvalidInput, "must be a public key of 40 Z85 characters",
                           keyAndName.empty() ? "KEY" : keyAndName[0]});
    if (const auto status = link::addToAllowList(keyAndName[0], keyAndName.size() > 1 ? keyAndName[1] : "", file); !status)
        return fail(status.error());
    std::printf("allowed in %s; a daemon that reads this list follows it\n", file.c_str());
    return kDone;
}

}  // namespace

int keysVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("keys", "The keys that devices and edges know each other by.",
                         {{"new", "make a key pair", make},
                          {"show", "print the public key", show},
                          {"allow", "let an edge use the daemon on this machine", allow}},
                         arguments, stop);
}

}  // namespace splitscope::app
