// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process.h"

#include "core/base/clock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared, glibc also does

namespace splitscope::base {

namespace {

constexpr std::size_t kMaxKeptBytes = 16 << 20;

class Pipe {
public:
    ~Pipe()
    {
        closeReader();
        closeWriter();
    }
    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    bool open() { return ::pipe2(m_ends.data(), O_CLOEXEC) == 0; }
    [[nodiscard]] int reader() const { return m_ends[0]; }
    [[nodiscard]] int writer() const { return m_ends[1]; }
    void closeReader() { closeEnd(m_ends[0]); }
    void closeWriter() { closeEnd(m_ends[1]); }

private:
    static void closeEnd(int& end)
    {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
    std::array<int, 2> m_ends{-1, -1};
};

/// 0 or an errno value.
int spawn(const std::string& program, const std::vector<std::string>& command, int output, int errors, pid_t& child)
{
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    // This program may block the signals that should end its child.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failure = ::posix_spawn(&child, program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/// Takes what is there; false once the other end is closed.
bool readSome(int descriptor, std::string& text)
{
    std::array<char, 4096> piece{};
    const auto count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0)
        return errno == EINTR || errno == EAGAIN;
    text.append(piece.data(), std::min(static_cast<std::size_t>(count), kMaxKeptBytes - text.size()));
    return count > 0;
}

/// Reads both streams to their ends; false if they are still open at the deadline.
bool listen(Pipe& output, Pipe& errors, std::int64_t deadlineNs, ProcessResult& result)
{
    while (output.reader() >= 0 || errors.reader() >= 0) {
        const auto leftNs = deadlineNs - nowNs();
        if (leftNs <= 0)
            return false;
        std::array<pollfd, 2> waiting{{{output.reader(), POLLIN, 0}, {errors.reader(), POLLIN, 0}}};
        constexpr double kLongestMs = 1'000;
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(std::min(kLongestMs, toMs(leftNs)) + 1)) <= 0)
            continue;
        if (waiting[0].revents != 0 && !readSome(output.reader(), result.output))
            output.closeReader();
        if (waiting[1].revents != 0 && !readSome(errors.reader(), result.errors))
            errors.closeReader();
    }
    return true;
}

/// The wait status, or nothing at the deadline: a program may close its streams long before it ends.
std::optional<int> waitUntil(pid_t child, std::int64_t deadlineNs)
{
    constexpr int kSliceMs = 1;
    int status = 0;
    for (;;) {
        const auto ended = ::waitpid(child, &status, WNOHANG);
        if (ended == child)
            return status;
        if (ended < 0 && errno != EINTR)
            return std::nullopt;
        if (nowNs() >= deadlineNs)
            return std::nullopt;
        ::poll(nullptr, 0, kSliceMs);
    }
}

void killAndReap(pid_t child)
{
    ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
}

std::string joined(const std::vector<std::string>& command)
{
    std::string text;
    for (const auto& word : command)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

bool isProgram(const std::filesystem::path& path)
{
    std::error_code failed;
    return std::filesystem::is_regular_file(path, failed) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::filesystem::path findProgram(const std::string& name)
{
    if (name.find('/') != std::string::npos)
        return isProgram(name) ? std::filesystem::path(name) : std::filesystem::path();
    const char* const path = std::getenv("PATH");
    std::string folders = std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin";
    for (std::size_t begin = 0; begin <= folders.size();) {
        const auto end = std::min(folders.find(':', begin), folders.size());
        const auto folder = folders.substr(begin, end - begin);
        if (!name.empty() && !folder.empty() && isProgram(std::filesystem::path(folder) / name))
            return std::filesystem::path(folder) / name;
        begin = end + 1;
    }
    return {};
}

Result<ProcessResult> runProcess(const std::vector<std::string>& command, double timeoutMs)
{
    const auto program = command.empty() ? std::filesystem::path() : findProgram(command[0]);
    if (program.empty())
        return Error{ErrorCode::NotFound, "this program is not installed", command.empty() ? "empty command" : command[0]};
    Pipe output, errors;
    if (!output.open() || !errors.open())
        return Error{ErrorCode::Io, std::string("no pipe could be made (") + std::strerror(errno) + ")", program.string()};
    const auto deadlineNs = nowNs() + fromMs(timeoutMs);
    pid_t child = 0;
    if (const int failure = spawn(program.string(), command, output.writer(), errors.writer(), child); failure != 0)
        return Error{ErrorCode::Io, std::string("cannot be started (") + std::strerror(failure) + ")", program.string()};
    output.closeWriter();
    errors.closeWriter();

    ProcessResult result;
    // Streams that outlive the program belong to children it left behind.
    const bool heardAll = listen(output, errors, deadlineNs, result);
    const auto status = waitUntil(child, heardAll ? deadlineNs : 0);
    if (!status) {
        killAndReap(child);
        return Error{ErrorCode::Unreachable,
                     "did not end within " + std::to_string(static_cast<int>(timeoutMs)) + " ms and was killed", joined(command)};
    }
    result.exitStatus = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
    return result;
}

Result<ProcessResult> runProcessOrFail(const std::vector<std::string>& command, double timeoutMs)
{
    auto result = runProcess(command, timeoutMs);
    if (!result || result->ok())
        return result;
    auto said = result->errors.empty() ? result->output : result->errors;
    while (!said.empty() && (said.back() == '\n' || said.back() == '\r'))
        said.pop_back();
    return Error{ErrorCode::Io, said.empty() ? "ended with status " + std::to_string(result->exitStatus) : said, joined(command)};
}

}  // namespace splitscope::base
