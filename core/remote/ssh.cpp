// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/ssh.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

namespace splitscope::remote {

using base::Error;
using base::ErrorCode;

namespace {

constexpr double kNoLimitMs = 1e11;
constexpr double kUploadMs = 30 * 60'000;
constexpr int kSshFailed = 255;
constexpr const char* kSaying = "splitscope:";

/// In front of the user's own options, as the first value counts.
constexpr std::array kAlways{"-o", "BatchMode=yes", "-T"};
/// Behind them, so that they may choose otherwise.
constexpr std::array kUnlessTold{"-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3",
                                 "-o", "ControlMaster=no",  "-o", "ForwardX11=no",         "-o", "ClearAllForwardings=yes"};

constexpr std::array kWithValue{"-p", "-i", "-F", "-o", "-J", "-l", "-b", "-B", "-c", "-m"};
constexpr std::array kAlone{"-4", "-6", "-C", "-q", "-v", "-A", "-a", "-k", "-K"};

template <typename List>
bool contains(const List& list, const std::string& word)
{
    return std::any_of(list.begin(), list.end(), [&](const char* each) { return word == each; });
}

Error wrong(const std::string& text, const std::string& where) { return {ErrorCode::InvalidInput, text, where}; }

bool mentions(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

/// Everything is read before the first command runs, and no command can swallow what follows it.
std::string asScript(const std::string& body)
{
    return "{\nsay() { printf '" + std::string(kSaying)
        + "%s=%s\\n' \"$1\" \"$2\"; }\nfail() { printf '%s\\n' \"$*\" >&2; exit 1; }\n" + body + "\nexit 0\n} </dev/null\n";
}

}  // namespace

std::string lastLine(const std::string& text)
{
    std::istringstream lines(text);
    std::string line, last;
    while (std::getline(lines, line)) {
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
            line.pop_back();
        if (!line.empty())
            last = line;
    }
    return last;
}

std::string shellQuote(const std::string& word)
{
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) || std::string_view("@%_-+=:,./").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain)
        return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string told(const Said& said, const std::string& name)
{
    const auto found = said.find(name);
    return found == said.end() ? std::string() : found->second;
}

base::Result<std::vector<std::string>> splitOptions(const std::string& text)
{
    std::vector<std::string> words;
    bool inWord = false;
    char quote = 0;
    for (const char c : text) {
        if (quote == 0 && std::isspace(static_cast<unsigned char>(c))) {
            inWord = false;
            continue;
        }
        if (!std::exchange(inWord, true))
            words.emplace_back();
        if (c == quote)
            quote = 0;
        else if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else
            words.back() += c;
    }
    if (quote != 0)
        return wrong("a quotation mark is not closed", text);
    return words;
}

base::Result<session::SshPlace> parsePlace(const std::string& destination, const std::vector<std::string>& options)
{
    const bool printable = std::all_of(destination.begin(), destination.end(), [](unsigned char c) { return std::isgraph(c); });
    if (destination.empty() || destination.starts_with('-') || !printable)
        return wrong("must be user@host, or a name of ssh's configuration", destination.empty() ? "device" : destination);
    for (std::size_t i = 0; i < options.size(); ++i) {
        const auto& word = options[i];
        if (contains(kAlone, word))
            continue;
        if (contains(kWithValue, word)) {
            if (++i == options.size())
                return wrong("needs a value", word);
            continue;
        }
        const bool glued = word.size() > 2 && contains(kWithValue, word.substr(0, 2));
        if (!glued)
            return wrong("is no option that logging in needs; those that may be given are -p -i -F -o -J -l -b -B -c -m -4 -6 -C",
                         word);
    }
    return session::SshPlace{destination, options};
}

std::vector<std::string> Ssh::command(const std::string& remoteCommand) const
{
    std::vector<std::string> words{"ssh"};
    words.insert(words.end(), kAlways.begin(), kAlways.end());
    words.insert(words.end(), m_place.options.begin(), m_place.options.end());
    words.insert(words.end(), kUnlessTold.begin(), kUnlessTold.end());
    words.insert(words.end(), {"--", m_place.destination, remoteCommand});
    return words;
}

std::string Ssh::byHand(const std::string& command) const
{
    std::string text = "ssh";
    for (const auto& word : m_place.options)
        text += " " + shellQuote(word);
    text += " " + shellQuote(m_place.destination);
    return command.empty() ? text : text + " " + shellQuote(command);
}

/// ssh itself failed; it says why in English only.
Error Ssh::problem(const base::ProcessResult& result) const
{
    const auto& said = result.errors;
    auto quoted = lastLine(said);
    if (result.exitStatus > 128 && result.exitStatus != kSshFailed)
        quoted = "ssh was killed by signal " + std::to_string(result.exitStatus - 128);
    const auto error = [&](ErrorCode code, const std::string& what, const std::string& command) {
        return Error{code, what + (quoted.empty() ? "" : " (" + quoted + ")") + "; try: " + command, m_place.destination};
    };
    if (mentions(said, "REMOTE HOST IDENTIFICATION HAS CHANGED"))
        return error(ErrorCode::Refused,
                     "the host's key is another one than before: if the device was set up anew, remove the old key "
                     "(ssh-keygen -R), else somebody may stand between",
                     byHand({}));
    if (mentions(said, "Host key verification failed"))
        return error(ErrorCode::Refused, "ssh does not know this host's key: log in once by hand and compare it", byHand({}));
    if (mentions(said, "Permission denied") || mentions(said, "Too many authentication failures"))
        return error(ErrorCode::Refused,
                     "the device refused every ssh key: load yours into the agent (ssh-add), name it (-i FILE), or copy it there "
                     "(ssh-copy-id)",
                     byHand("true"));
    if (mentions(said, "Connection refused"))
        return error(ErrorCode::Unreachable, "no ssh server listens there: is it switched on, is the port right (-p)?",
                     byHand("true"));
    if (mentions(said, "Could not resolve"))
        return error(ErrorCode::Unreachable, "the host's name is not known", byHand("true"));
    if (mentions(said, "timed out") || mentions(said, "No route to host") || mentions(said, "unreachable"))
        return error(ErrorCode::Unreachable, "the device does not answer: is it on, and on this network?", byHand("true"));
    return error(ErrorCode::Unreachable, "the connection by ssh failed or was cut", byHand("true"));
}

base::Result<base::ProcessResult> Ssh::start(const std::string& remoteCommand, const base::ProcessOptions& options) const
{
    auto result = base::runProcess(command(remoteCommand), options);
    if (!result) {
        auto error = result.error();
        if (error.code == ErrorCode::NotFound)
            error.text = "ssh is not installed on this machine; try: sudo apt install openssh-client";
        else if (error.code == ErrorCode::Cancelled)
            error.text = "was cancelled";
        else
            error.text = "took too long; try: " + byHand("true");
        error.where = m_place.destination;
        return error;
    }
    if (result->exitStatus == kSshFailed || result->exitStatus > 128)
        return problem(*result);
    return result;
}

base::Result<base::ProcessResult> Ssh::run(const std::string& script, double timeoutMs) const
{
    return start("exec sh -s", {.timeoutMs = timeoutMs, .input = asScript(script), .stop = m_stop});
}

base::Result<Said> Ssh::ask(const std::string& script, double timeoutMs) const
{
    const auto result = run(script, timeoutMs);
    if (!result)
        return result.error();
    if (!result->ok()) {
        const auto why = lastLine(result->errors);
        return Error{ErrorCode::Io, why.empty() ? "ended with status " + std::to_string(result->exitStatus) : why,
                     m_place.destination};
    }
    Said said;
    std::istringstream lines(result->output);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        // A login script may write before us, on the same line even.
        const auto begin = line.find(kSaying);
        if (begin == std::string::npos || equals == std::string::npos || equals < begin)
            continue;
        const auto from = begin + std::string_view(kSaying).size();
        said[line.substr(from, equals - from)] = line.substr(equals + 1);
    }
    return said;
}

base::Status Ssh::upload(std::string bytes, const std::string& path, const std::function<void(std::size_t)>& sent) const
{
    const auto size = std::to_string(bytes.size());
    const auto file = shellQuote(path);
    const auto command = "umask 077; cat > " + file + " && test \"$(wc -c < " + file + ")\" -eq " + size;
    const auto result = start("exec sh -c " + shellQuote(command),
                              {.timeoutMs = kUploadMs, .input = std::move(bytes), .stop = m_stop, .fed = sent});
    if (!result)
        return result.error();
    if (!result->ok())
        return Error{ErrorCode::Io,
                     "could not be written whole" + (result->errors.empty() ? "" : " (" + lastLine(result->errors) + ")")
                         + "; try: " + byHand("df -h ."),
                     m_place.destination + ":" + path};
    return {};
}

base::Status Ssh::follow(const std::string& script, const std::function<void(std::string_view)>& heard) const
{
    const auto result = start("exec sh -s", {.timeoutMs = kNoLimitMs, .input = asScript(script), .stop = m_stop, .heard = heard});
    if (!result)
        return result.error();
    if (!result->ok())
        return Error{ErrorCode::Io, lastLine(result->errors), m_place.destination};
    return {};
}

base::Result<std::string> Ssh::hostName() const
{
    std::vector<std::string> words{"ssh", "-G"};
    words.insert(words.end(), m_place.options.begin(), m_place.options.end());
    words.insert(words.end(), {"--", m_place.destination});
    const auto result = base::runProcessOrFail(words);
    if (!result)
        return result.error();
    std::istringstream lines(result->output);
    for (std::string key, value; lines >> key && std::getline(lines >> std::ws, value);)
        if (key == "hostname")
            return value;
    return wrong("ssh does not tell the host's name", m_place.destination);
}

}  // namespace splitscope::remote
