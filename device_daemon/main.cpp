// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu.h"
#include "core/base/files.h"
#include "core/base/host_name.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/link/pairing_terminal.h"
#include "core/session/self_test.h"
#include "device_daemon/server.h"

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/stat.h>
#include <tuple>

using namespace splitscope;

namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int fail(const base::Error& error)
{
    std::fprintf(stderr, "splitscoped: %s\n", error.message().c_str());
    return kFailed;
}

struct Identity {
    link::KeyPair keys;
    std::vector<std::string> allowed;
};

std::filesystem::path keysFile(const daemon::Config& config)
{
    return config.keysFile.empty() ? link::configFolder() / "daemon-keys.json" : config.keysFile;
}

std::filesystem::path allowFile(const daemon::Config& config)
{
    return config.allowFile.empty() ? link::configFolder() / "allowed-edges" : config.allowFile;
}

base::Result<Identity> loadIdentity(const daemon::Config& config)
{
    if (config.loopbackFd >= 0)
        return Identity{config.loopbackKeys, config.loopbackAllowed};
    auto keys = link::loadOrCreateKeyPair(keysFile(config));
    if (!keys)
        return keys.error();
    auto allowed = link::loadAllowList(allowFile(config));
    if (!allowed || allowed->empty())
        return base::Error{base::ErrorCode::NotFound,
                           "lists nobody who may connect; pair with an edge (splitscoped --pair), or add the public key of each "
                           "edge, one a line (this device's own key is "
                               + keys->publicKey + ")" + (allowed ? "" : ": " + allowed.error().text),
                           allowFile(config).string()};
    return Identity{std::move(*keys), std::move(*allowed)};
}

/// Prints this device's public key; first lets an edge in where the line names one.
int tellKey(const daemon::CommandLine& line)
{
    const auto keys = link::loadOrCreateKeyPair(keysFile(line.config));
    if (!keys)
        return fail(keys.error());
    if (line.wanted == daemon::Wanted::Admit)
        if (const auto added = link::addToAllowList(line.edgeKey, line.edgeName, allowFile(line.config)); !added)
            return fail(added.error());
    std::printf("%s\n", keys->publicKey.c_str());
    return 0;
}

/// For two minutes an edge that is not listed may pair; whoever sits here confirms it. A daemon that runs hears of it by itself.
int pair(const daemon::Config& config)
{
    const auto keys = link::loadOrCreateKeyPair(keysFile(config));
    if (!keys)
        return fail(keys.error());
    const auto host = base::hostName();
    link::PairingOptions options;
    options.host = config.bind;
    options.port = config.port + link::kPairingPortOffset;
    options.keys = *keys;
    options.name = config.name.empty() ? host : config.name;
    std::printf("For two minutes an edge may pair with this device (%s, port %d). There:\n\n"
                "    splitscope-cli device pair tcp://%s:%d\n\n",
                config.bind.c_str(), options.port, host.c_str(), config.port);
    if (config.bind == "127.0.0.1")
        std::printf("Only this machine is listened to; --bind 0.0.0.0 (or the file of --config) lets others in.\n");
    std::fflush(stdout);
    link::PairingTerminal people;
    const auto peer = link::hostPairing(options, people, base::stopOnSignals());
    if (!peer)
        return fail(peer.error());
    if (const auto added = link::addToAllowList(peer->publicKey, peer->name, allowFile(config)); !added)
        return fail(added.error());
    std::printf("paired: '%s' may use this device (%s)\n", peer->name.c_str(), allowFile(config).c_str());
    return 0;
}

/// Hands a changed allow-list to the server, so that nobody has to restart it. A list that cannot be read changes nothing.
class AllowListWatch {
public:
    explicit AllowListWatch(std::filesystem::path file) : m_file(std::move(file)), m_seen(look()) {}

    void check(daemon::Server& server)
    {
        const auto now = look();
        if (now == m_seen)
            return;
        m_seen = now;
        const auto allowed = link::loadAllowList(m_file);
        if (!allowed) {
            base::logError("daemon", allowed.error());
            return;
        }
        server.setAllowedKeys(*allowed);
        base::log(base::LogLevel::Info, "daemon", "the allow-list has changed: " + std::to_string(allowed->size()) + " allowed");
    }

private:
    using Look = std::tuple<ino_t, off_t, time_t, long>;
    [[nodiscard]] Look look() const
    {
        struct stat status {};
        if (::stat(m_file.c_str(), &status) != 0)
            return {};
        return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    }

    std::filesystem::path m_file;
    Look m_seen;
};

/// Blocks until the stop is requested or the pipe's other end is closed: then the parent is gone.
void watchParent(int fd, std::stop_token stop, std::stop_source& ending)
{
    base::nameThisThread("parent-watch");
    constexpr int kTickMs = 100;
    while (!stop.stop_requested()) {
        pollfd pipe{fd, POLLIN, 0};
        if (::poll(&pipe, 1, kTickMs) <= 0)
            continue;
        char rest[256];
        if (::read(fd, rest, sizeof rest) > 0)
            continue;  // nothing more is expected; it does no harm
        base::log(base::LogLevel::Info, "daemon", "the parent process is gone");
        ending.request_stop();
        return;
    }
}

int serve(daemon::Config config)
{
    std::stop_source ending;
    const std::stop_callback onSignal(base::stopOnSignals(), [&ending] { ending.request_stop(); });
    std::signal(SIGPIPE, SIG_IGN);
    if (config.loopbackFd >= 0)
        if (auto status = daemon::readLoopbackLine(config); !status)
            return fail(status.error());
    const auto identity = loadIdentity(config);
    if (!identity)
        return fail(identity.error());
    const auto server = daemon::Server::start(config, identity->keys, identity->allowed);
    if (!server)
        return fail(server.error());

    const int control = (*server)->controlPort();
    const int data = (*server)->dataPort();
    std::fprintf(stderr, "splitscoped %s listening on %s:%d (control), %d (data), key %s, %zu %s allowed\n",
                 base::programVersion().c_str(), config.bind.c_str(), control, data, identity->keys.publicKey.c_str(),
                 identity->allowed.size(), identity->allowed.size() == 1 ? "peer" : "peers");
    std::jthread parentWatch;
    if (config.loopbackFd >= 0) {
        std::printf("{\"control\": %d, \"data\": %d}\n", control, data);
        std::fflush(stdout);
        parentWatch = std::jthread([&](std::stop_token stop) { watchParent(config.loopbackFd, stop, ending); });
    }

    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    AllowListWatch allowList(allowFile(config));
    while (!ending.stop_requested()) {
        ended.wait_for(lock, ending.get_token(), std::chrono::seconds(1), [] { return false; });
        if (config.loopbackFd < 0 && !ending.stop_requested())
            allowList.check(**server);
    }
    base::log(base::LogLevel::Info, "daemon", "ending");
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    base::chooseFastBlasKernels(argv);
    auto line = daemon::parseCommandLine({argv + 1, argv + argc});
    if (!line) {
        const bool usageWrong = line.error().code == base::ErrorCode::InvalidInput;
        std::fprintf(stderr, "splitscoped: %s\n%s", line.error().message().c_str(), usageWrong ? "Try splitscoped --help\n" : "");
        return usageWrong ? kWrongUsage : kFailed;
    }
    if (line->wanted == daemon::Wanted::Help) {
        std::fputs(daemon::usage().c_str(), stdout);
        return 0;
    }
    if (line->wanted == daemon::Wanted::Version) {
        std::printf("splitscoped %s\n", base::programVersion().c_str());
        return 0;
    }
    if (line->wanted == daemon::Wanted::SelfTest)
        return session::selfTestMain("splitscoped", line->selfTestArguments, base::stopOnSignals());
    if (line->wanted == daemon::Wanted::PublicKey || line->wanted == daemon::Wanted::Admit)
        return tellKey(*line);
    if (line->wanted == daemon::Wanted::Pair)
        return pair(line->config);
    return serve(std::move(line->config));
}
