// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli device
#include "app/verbs/verbs.h"
#include "core/link/pairing_terminal.h"
#include "core/remote/remote_device.h"
#include "core/session/device_pairing.h"

#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

namespace {

using base::Error;
using base::ErrorCode;

/// The options of ssh that every verb that logs in takes.
struct SshOptions {
    std::vector<std::string> words;

    void declare(Options& options)
    {
        take(options, "-p", "PORT", "ssh: the server's port");
        take(options, "-i", "FILE", "ssh: the private key");
        take(options, "-F", "FILE", "ssh: the configuration file");
        take(options, "-J", "HOST", "ssh: through this host");
        take(options, "-o", "OPTION", "ssh: any of its options, e.g. -o ConnectTimeout=30; several times");
    }

private:
    void take(Options& options, const char* name, const char* argument, const char* help)
    {
        options.custom(name, argument, help, [this, name](const std::string& value) {
            words.insert(words.end(), {name, value});
            return base::Status();
        });
    }
};

/// A known device by its name, or any user@host.
base::Result<session::KnownDevice> findDevice(const std::string& name, const std::vector<std::string>& sshWords)
{
    const auto devices = session::loadKnownDevices(session::knownDevicesPath());
    if (!devices)
        return devices.error();
    for (const auto& device : *devices)
        if (device.name == name || (device.ssh && device.ssh->destination == name)) {
            if (!device.ssh)
                return Error{ErrorCode::Unsupported,
                             "was not started from here, so how to log in there is not known; `splitscope-cli device add` "
                             "user@host takes it over",
                             name};
            auto words = sshWords;
            words.insert(words.end(), device.ssh->options.begin(), device.ssh->options.end());
            return session::KnownDevice{device.name, device.host, device.port, device.key,
                                        session::SshPlace{device.ssh->destination, std::move(words)}};
        }
    if (name.find('@') == std::string::npos && sshWords.empty())
        return Error{ErrorCode::NotFound, "there is no device of this name; `splitscope-cli device list` shows them", name};
    auto place = remote::parsePlace(name, sshWords);
    if (!place)
        return place.error();
    return session::KnownDevice{name, {}, 0, {}, *std::move(place)};
}

/// One line a step, on standard error; in a terminal the last one is redrawn while the step runs.
void show(const remote::StepReport& report)
{
    static const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const bool running = report.state == remote::StepReport::State::Running;
    if (running && !terminal)
        return;
    const char* const mark = running ? "…" : report.state == remote::StepReport::State::Done ? "✓" : "✗";
    const bool failed = report.state == remote::StepReport::State::Failed;  // fail() says the rest
    std::fprintf(stderr, "%s%zu/%zu %s %s%s%s%s", terminal ? "\r\033[K" : "", report.number, report.total, mark,
                 report.title.c_str(), report.detail.empty() || failed ? "" : ": ", failed ? "" : report.detail.c_str(),
                 running ? "" : "\n");
}

int add(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::vector<std::string> destination;
    remote::AddOptions what;
    SshOptions ssh;
    Options options("device add USER@HOST [options]",
                    "Installs the device's daemon by ssh, exchanges keys with it, starts it and connects to it. ssh's agent,\n"
                    "configuration and known hosts are used; no password is asked for. Add it again to repair it.");
    options.positional("USER@HOST", "as for ssh; a name of its configuration as well", destination, 1);
    options.text("--name", "NAME", "how it is to be called here (default: the device's own name)", what.name);
    options.text("--host", "HOST", "where this edge connects to (default: the host that ssh goes to)", what.host);
    options.text("--bind", "ADDRESS", "what the daemon listens on (0.0.0.0: all of the device's networks)", what.bind);
    options.integer("--port", "N", "the daemon's control port, data uses the next one (47610)", what.port, 1, 65534);
    options.text("--data-root", "DIR", "images under this folder of the device may be read by runs", what.dataRoot);
    options.path("--daemon", "FILE", "splitscoped for the device, a program or a .deb (default: what is at hand)", what.daemon);
    ssh.declare(options);
    if (const auto answered = parseOrAnswer(options, "device add", arguments))
        return *answered;
    if (destination.empty())
        return wrongUsage("device add", {ErrorCode::InvalidInput, "which device?", "USER@HOST"});
    const auto place = remote::parsePlace(destination[0], ssh.words);
    if (!place)
        return wrongUsage("device add", place.error());
    const auto device = remote::addDevice(*place, what, show, stop);
    if (!device)
        return fail(device.error());
    if (const auto remembered = session::rememberDevice(*device, session::knownDevicesPath()); !remembered)
        return fail(remembered.error());
    std::printf("%s is ready: splitscope-cli run --device %s\n", device->name.c_str(), addressOf(*device).c_str());
    return kDone;
}

int list(const std::vector<std::string>& arguments, std::stop_token)
{
    bool json = false;
    Options options("device list [options]", "The devices that this edge knows.");
    options.flag("--json", "prints the file of known devices' entries as JSON", json);
    if (const auto answered = parseOrAnswer(options, "device list", arguments))
        return *answered;
    const auto devices = session::loadKnownDevices(session::knownDevicesPath());
    if (!devices)
        return fail(devices.error());
    if (json) {
        std::fputs((session::knownDevicesJson(*devices) + "\n").c_str(), stdout);
        return kDone;
    }
    for (const auto& device : *devices) {
        std::printf("%-16s %s  %s", device.name.c_str(), addressOf(device).c_str(), device.key.c_str());
        if (device.ssh)
            std::printf("  %s", remote::Ssh(*device.ssh).byHand({}).c_str());
        std::printf("\n");
    }
    if (devices->empty())
        std::fprintf(stderr, "no device is known yet; see `splitscope-cli device add --help`\n");
    return kDone;
}

/// Runs `what` on the device that the arguments name.
template <typename What>
int onDevice(const std::string& verb, const std::string& about, const std::vector<std::string>& arguments, const What& what,
             const std::function<void(Options&)>& declare = {})
{
    std::vector<std::string> name;
    SshOptions ssh;
    Options options("device " + verb + " NAME [options]", about);
    options.positional("NAME", "as `device list` has it, or user@host", name, 1);
    if (declare)
        declare(options);
    ssh.declare(options);
    if (const auto answered = parseOrAnswer(options, "device " + verb, arguments))
        return *answered;
    if (name.empty())
        return wrongUsage("device " + verb, {ErrorCode::InvalidInput, "which device?", "NAME"});
    const auto device = findDevice(name[0], ssh.words);
    if (!device)
        return fail(device.error());
    const base::Status done = what(*device);
    return done ? kDone : fail(done.error());
}

int control(const std::string& verb, const char* about, remote::Action action, const std::vector<std::string>& arguments,
            const std::stop_token& stop)
{
    return onDevice(verb, about, arguments,
                    [&](const session::KnownDevice& device) { return remote::controlDevice(*device.ssh, action, show, stop); });
}

int start(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return control("start", "Starts the device's daemon, where it does not run already.", remote::Action::Start, arguments, stop);
}

int halt(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return control("stop", "Stops the device's daemon; it stays installed.", remote::Action::Stop, arguments, stop);
}

int restart(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return control("restart", "Stops the device's daemon and starts it again.", remote::Action::Restart, arguments, stop);
}

int status(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return control("status", "Says whether the device's daemon runs, and which version.", remote::Action::Status, arguments,
                   stop);
}

int upgrade(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::filesystem::path daemon;
    return onDevice(
        "upgrade", "Installs this version's daemon; where it does not start, the earlier one comes back.", arguments,
        [&](const session::KnownDevice& device) { return remote::upgradeDevice(*device.ssh, daemon, show, stop); },
        [&](Options& options) {
            options.path("--daemon", "FILE", "splitscoped for the device, a program or a .deb (default: what is at hand)",
                         daemon);
        });
}

int remove(const std::vector<std::string>& arguments, std::stop_token stop)
{
    bool forget = false;
    return onDevice(
        "remove", "Stops the device's daemon, takes everything away that was installed there, and forgets the device.", arguments,
        [&](const session::KnownDevice& device) -> base::Status {
            if (!forget)
                if (auto removed = remote::removeDevice(*device.ssh, show, stop); !removed)
                    return removed;
            if (device.key.empty())
                return {};
            return session::forgetDevice(device.name, session::knownDevicesPath());
        },
        [&](Options& options) { options.flag("--forget", "changes nothing on the device: only this edge forgets it", forget); });
}

int log(const std::vector<std::string>& arguments, std::stop_token stop)
{
    int lines = 50;
    bool follow = false;
    return onDevice(
        "log", "Prints what the device's daemon logged.", arguments,
        [&](const session::KnownDevice& device) -> base::Status {
            const auto print = [](std::string_view text) {
                std::fwrite(text.data(), 1, text.size(), stdout);
                std::fflush(stdout);
            };
            auto read = remote::readLog(*device.ssh, lines, follow, print, stop);
            return !read && read.error().code == ErrorCode::Cancelled ? base::Status() : read;
        },
        [&](Options& options) {
            options.integer("--lines", "N", "the last ones (50)", lines, 0, 1'000'000);
            options.flag("--follow", "goes on with what is added, until Ctrl-C", follow);
        });
}

int pair(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::vector<std::string> address;
    std::string name;
    Options options(
        "device pair ADDRESS [options]",
        "Makes this edge and a device know each other's keys, without ssh. On the device run `splitscoped --pair`; then\n"
        "both sides show six digits, and whoever sees both confirms that they are the same.");
    options.positional("ADDRESS", "the device's host name, or tcp://HOST:PORT of its control port (it pairs two ports further)",
                       address, 1);
    options.text("--name", "NAME", "how it is to be called here (default: the device's own name)", name);
    if (const auto answered = parseOrAnswer(options, "device pair", arguments))
        return *answered;
    const auto tcp = session::parseDeviceAddress(address.empty() ? "" : address[0]);
    if (!tcp)
        return wrongUsage("device pair", tcp.error());
    link::PairingTerminal people;
    const auto device = session::pairWithDevice({.address = *tcp, .name = name}, people, stop);
    if (!device)
        return fail(device.error());
    if (const auto remembered = session::rememberDevice(*device, session::knownDevicesPath()); !remembered)
        return fail(remembered.error());
    std::printf("paired: '%s' is known; splitscope-cli run --device %s\n", device->name.c_str(), addressOf(*device).c_str());
    return kDone;
}

}  // namespace

int deviceVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("device", "The devices of this edge: their daemons by ssh, their keys.",
                         {{"add", "install, start and connect to the daemon on user@host", add},
                          {"pair", "know a device's key, and be known there, by six digits", pair},
                          {"list", "the known devices", list},
                          {"status", "whether a daemon runs, and which version", status},
                          {"start", "start a daemon", start},
                          {"stop", "stop a daemon", halt},
                          {"restart", "stop and start a daemon", restart},
                          {"upgrade", "install this version's daemon", upgrade},
                          {"remove", "take a daemon away and forget the device", remove},
                          {"log", "print or follow a daemon's log", log}},
                         arguments, stop);
}

}  // namespace splitscope::app
