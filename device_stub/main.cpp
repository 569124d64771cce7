// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-stubs: many devices in one small process, for trying how an edge serves them.
//   splitscope-stubs COUNT RECORDING EDGE-KEY
// Tells the stubs' public key, then the control port of each, a line each. Ends with its parent, or by a signal.
#include "core/base/log.h"
#include "device_stub/device_stub.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace splitscope;

/// A socket or two for each connection, and what ZeroMQ takes for itself, are more than a shell usually allows.
void allowManyFiles()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

int fail(const base::Error& error)
{
    std::fprintf(stderr, "splitscope-stubs: %s\n", error.message().c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv)
{
    base::setLogLevel(base::LogLevel::Error);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    allowManyFiles();
    const int count = argc == 4 ? std::atoi(argv[1]) : 0;
    constexpr int kMost = 1'000;
    if (count < 1 || count > kMost) {
        std::fputs("usage: splitscope-stubs COUNT RECORDING EDGE-KEY   (COUNT: 1 to 1000; see device_stub/main.cpp)\n", stderr);
        return 2;
    }
    auto loaded = stub::loadRecording(argv[2]);
    if (!loaded)
        return fail(loaded.error());
    const auto recording = std::make_shared<const stub::Recording>(*std::move(loaded));
    link::DeviceLinkOptions options;
    if (!link::isKey(argv[3]))
        return fail({base::ErrorCode::InvalidInput, "is no public key: 40 Z85 characters", "the edge's key"});
    options.allowedKeys = {argv[3]};
    options.keys = link::newKeyPair();
    const auto hub = std::make_shared<link::DeviceHub>(options.allowedKeys);  // one thread for all: they are to cost little
    std::vector<std::unique_ptr<stub::DeviceStub>> stubs;
    for (int i = 0; i < count; ++i) {
        auto started = stub::DeviceStub::start(options, "stub " + std::to_string(i + 1), recording, hub);
        if (!started)
            return fail(started.error());
        stubs.push_back(std::move(*started));
    }
    std::printf("%s\n", options.keys.publicKey.c_str());
    for (const auto& each : stubs)
        std::printf("%d\n", each->controlPort());
    std::fflush(stdout);
    for (;;)
        ::pause();
}
