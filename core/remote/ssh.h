// SPDX-License-Identifier: GPL-3.0-or-later
// A device's shell, by the system's own ssh: its agent, configuration and known hosts count, and no password is ever asked for.
#pragma once

#include "core/base/process.h"
#include "core/session/known_devices.h"

#include <map>

namespace splitscope::remote {

/// A place from what somebody typed. Options that would make ssh do something else than log in (forwarding, background) are
/// refused, and so is a destination that ssh would take for an option.
base::Result<session::SshPlace> parsePlace(const std::string& destination, const std::vector<std::string>& options);
/// "-p 2222 -i key" as its words; quotes (' or ") keep a word with spaces together.
base::Result<std::vector<std::string>> splitOptions(const std::string& text);

/// 'one word' for a shell, whatever is in it.
std::string shellQuote(const std::string& word);

/// What a script said with `say NAME VALUE`.
using Said = std::map<std::string, std::string>;
std::string told(const Said& said, const std::string& name);  ///< empty: it did not say

class Ssh {
public:
    explicit Ssh(session::SshPlace place, std::stop_token stop = {}) : m_place(std::move(place)), m_stop(std::move(stop)) {}

    /// Runs a POSIX shell script there. An Error where ssh could not, saying why and what to try; how the script itself ended is
    /// the result. Nothing of a script is seen in the process list.
    base::Result<base::ProcessResult> run(const std::string& script, double timeoutMs = 30'000) const;
    /// What such a script said. It fails by ending with another status than 0; the last line of its standard error is the Error.
    base::Result<Said> ask(const std::string& script, double timeoutMs = 30'000) const;
    /// Writes a file there, readable by its owner alone; `sent` is told the bytes that have left.
    base::Status upload(std::string bytes, const std::string& path, const std::function<void(std::size_t)>& sent) const;
    /// Runs a script until it ends or somebody stops it, and hands on what it writes.
    base::Status follow(const std::string& script, const std::function<void(std::string_view)>& heard) const;

    /// The host's name as ssh understands it, with all of its configuration.
    [[nodiscard]] base::Result<std::string> hostName() const;
    /// "ssh -p 2222 pi@kitchen COMMAND", to be tried by hand. An empty command: to log in.
    [[nodiscard]] std::string byHand(const std::string& command) const;
    [[nodiscard]] const session::SshPlace& place() const { return m_place; }
    [[nodiscard]] const std::stop_token& stop() const { return m_stop; }

private:
    [[nodiscard]] std::vector<std::string> command(const std::string& remoteCommand) const;
    [[nodiscard]] base::Result<base::ProcessResult> start(const std::string& remoteCommand,
                                                          const base::ProcessOptions& options) const;
    [[nodiscard]] base::Error problem(const base::ProcessResult& result) const;

    session::SshPlace m_place;
    std::stop_token m_stop;
};

/// The last line that says something.
std::string lastLine(const std::string& text);

}  // namespace splitscope::remote
