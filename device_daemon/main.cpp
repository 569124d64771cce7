// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "device_daemon/server.h"

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

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

base::Result<Identity> loadIdentity(const daemon::Config& config)
{
    if (config.loopbackFd >= 0)
        return Identity{config.loopbackKeys, config.loopbackAllowed};
    const auto keysFile = config.keysFile.empty() ? link::configFolder() / "daemon-keys.json" : config.keysFile;
    const auto allowFile = config.allowFile.empty() ? link::configFolder() / "allowed-edges" : config.allowFile;
    auto keys = link::loadOrCreateKeyPair(keysFile);
    if (!keys)
        return keys.error();
    auto allowed = link::loadAllowList(allowFile);
    if (!allowed || allowed->empty())
        return base::Error{base::ErrorCode::NotFound,
                           "lists nobody who may connect; add the public key of each edge, one a line (this device's own key is "
                               + keys->publicKey + ")" + (allowed ? "" : ": " + allowed.error().text),
                           allowFile.string()};
    return Identity{std::move(*keys), std::move(*allowed)};
}

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
    ended.wait(lock, ending.get_token(), [] { return false; });
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
    return serve(std::move(line->config));
}
