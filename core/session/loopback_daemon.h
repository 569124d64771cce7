// SPDX-License-Identifier: GPL-3.0-or-later
// The device's daemon as a child process on this machine.
#pragma once

#include "core/base/result.h"
#include "core/link/keys.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <sys/types.h>
#include <vector>

namespace splitscope::session {

/// Where a loopback daemon runs: here, or on another host of a test bench.
struct LoopbackPlace {
    std::vector<std::string> commandPrefix;  ///< runs it elsewhere: {"ip", "netns", "exec", NAME}. Must become the daemon (exec)
    std::string address = "127.0.0.1";  ///< of that place; the daemon listens on no other
    std::string interface = {};  ///< that the kernel may shape there; empty: none
};

/// One `splitscoped --loopback`. It gets its key pair and the one allowed key over an inherited pipe, which also ends it
/// should this process die. Its log lines go to ours at level debug, the last ones are kept. Single-threaded.
class LoopbackDaemon {
public:
    struct Ports {
        int control = 0;
        int data = 0;
    };

    /// An empty program means the one that SPLITSCOPE_DAEMON names, else splitscoped beside this one.
    LoopbackDaemon(std::filesystem::path program, link::KeyPair daemonKeys, std::string edgePublicKey, LoopbackPlace place = {});
    ~LoopbackDaemon();  ///< end()
    LoopbackDaemon(const LoopbackDaemon&) = delete;
    LoopbackDaemon& operator=(const LoopbackDaemon&) = delete;

    /// Starts the child (ending an earlier one) and waits for its ports, 15 s at most or until the token stops.
    base::Result<Ports> start(const std::stop_token& stop);
    /// Reads what the child has logged; false once it has died, which reaps it.
    bool alive();
    /// How it ended and what it said last, for people.
    [[nodiscard]] std::string lastWords() const;
    /// Ends it at once, without a word, as when the power fails; alive() is false soon.
    void kill();
    /// Closes its pipe, then SIGTERM, and SIGKILL after 2 s. Idempotent; leaves no zombie.
    void end();

    [[nodiscard]] const link::KeyPair& keys() const { return m_keys; }
    [[nodiscard]] const std::string& address() const { return m_place.address; }
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    base::Status spawn();
    base::Result<Ports> readPorts(const std::stop_token& stop);
    void readLog();
    bool reap(int flags);
    void closePipes();

    std::filesystem::path m_program;
    link::KeyPair m_keys;
    std::string m_edgePublicKey;
    LoopbackPlace m_place;
    pid_t m_pid = -1;
    int m_toChild = -1;  ///< kept open: its end means ours
    int m_output = -1;
    int m_log = -1;
    std::string m_partialLine;
    std::vector<std::string> m_lastLines;
    std::string m_ending;
};

}  // namespace splitscope::session
