// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process.h"

#include "core/base/clock.h"
#include "core/base/text.h"

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
#include <sys/socket.h>
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
    /// Where it is written to after its reader is gone, no signal comes.
    bool openSocket() { return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, m_ends.data()) == 0; }
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
int spawn(const std::string& program, const std::vector<std::string>& command, int input, int output, int errors, pid_t& child)
{
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    else
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

/// A program that runs: its streams are read and its input is written until it ends.
class Running {
public:
    explicit Running(const ProcessOptions& options) : m_options(options), m_deadlineNs(nowNs() + fromMs(options.timeoutMs)) {}

    /// 0 or an errno value.
    int start(const std::string& program, const std::vector<std::string>& command)
    {
        const bool fed = !m_options.input.empty();
        if (!m_output.open() || !m_errors.open() || (fed && !m_input.openSocket()))
            return errno;
        const int failure = spawn(program, command, fed ? m_input.reader() : -1, m_output.writer(), m_errors.writer(), m_child);
        m_output.closeWriter();
        m_errors.closeWriter();
        m_input.closeReader();
        if (failure == 0 && m_options.started)
            m_options.started(m_child);
        return failure;
    }

    enum class End { Itself, TooLate, Stopped };
    /// Until it has ended and its streams have, too; a little longer at most where its children hold these.
    End listen()
    {
        std::int64_t goneNs = 0;
        for (;;) {
            const auto now = nowNs();
            if (m_status && goneNs == 0)
                goneNs = now;
            const bool streaming = m_output.reader() >= 0 || m_errors.reader() >= 0;
            if (m_status && (!streaming || now - goneNs > fromMs(kAfterlifeMs)))
                return End::Itself;
            if (m_options.stop.stop_requested())
                return End::Stopped;
            if (now >= m_deadlineNs)
                return End::TooLate;
            serve(streaming ? kSliceMs : 1);
            reap();
        }
    }

    /// SIGTERM lets it end what it started itself; SIGKILL where that takes long.
    void end()
    {
        if (!m_status)
            ::kill(m_child, SIGTERM);
        for (const auto untilNs = nowNs() + fromMs(kTermMs); !m_status && nowNs() < untilNs; reap())
            ::poll(nullptr, 0, 1);
        if (m_status)
            return;
        ::kill(m_child, SIGKILL);
        int status = 0;
        while (::waitpid(m_child, &status, 0) < 0 && errno == EINTR) {}
    }

    ProcessResult take()
    {
        const int status = m_status.value_or(0);
        m_result.exitStatus = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return std::move(m_result);
    }

private:
    static constexpr int kSliceMs = 20;
    static constexpr double kAfterlifeMs = 200, kTermMs = 500;

    void serve(int waitMs)
    {
        std::array<pollfd, 3> waiting{
            {{m_output.reader(), POLLIN, 0}, {m_errors.reader(), POLLIN, 0}, {m_input.writer(), POLLOUT, 0}}};
        if (::poll(waiting.data(), waiting.size(), waitMs) <= 0)
            return;
        if (waiting[0].revents != 0 && !readSome(m_output.reader(), m_result.output, m_options.heard))
            m_output.closeReader();
        if (waiting[1].revents != 0 && !readSome(m_errors.reader(), m_result.errors, {}))
            m_errors.closeReader();
        if (waiting[2].revents != 0)
            feed();
    }

    void feed()
    {
        const auto& input = m_options.input;
        const auto count = ::send(m_input.writer(), input.data() + m_fed, input.size() - m_fed, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        m_fed += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        if (count > 0 && m_options.fed)
            m_options.fed(m_fed);
        if (count < 0 || m_fed == input.size())
            m_input.closeWriter();  // it has everything, or reads no more
    }

    /// Takes what is there; false once the other end is closed.
    static bool readSome(int descriptor, std::string& text, const std::function<void(std::string_view)>& heard)
    {
        std::array<char, 4096> piece{};
        const auto count = ::read(descriptor, piece.data(), piece.size());
        if (count < 0)
            return errno == EINTR || errno == EAGAIN;
        const auto size = static_cast<std::size_t>(count);
        if (heard && size > 0)
            heard({piece.data(), size});
        else
            text.append(piece.data(), std::min(size, kMaxKeptBytes - text.size()));
        return count > 0;
    }

    void reap()
    {
        int status = 0;
        if (!m_status && ::waitpid(m_child, &status, WNOHANG) == m_child)
            m_status = status;
    }

    const ProcessOptions& m_options;
    const std::int64_t m_deadlineNs;
    Pipe m_input, m_output, m_errors;
    std::size_t m_fed = 0;
    pid_t m_child = 0;
    std::optional<int> m_status;
    ProcessResult m_result;
};

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
    return runProcess(command, ProcessOptions{.timeoutMs = timeoutMs});
}

Result<ProcessResult> runProcess(const std::vector<std::string>& command, const ProcessOptions& options)
{
    const auto program = command.empty() ? std::filesystem::path() : findProgram(command[0]);
    if (program.empty())
        return Error{ErrorCode::NotFound, "this program is not installed", command.empty() ? "empty command" : command[0]};
    Running running(options);
    if (const int failure = running.start(program.string(), command); failure != 0)
        return Error{ErrorCode::Io, std::string("cannot be started (") + std::strerror(failure) + ")", program.string()};
    const auto end = running.listen();
    if (end == Running::End::Itself)
        return running.take();
    running.end();
    if (end == Running::End::Stopped)
        return Error{ErrorCode::Cancelled, "was ended on request", joined(command, " ")};
    return Error{ErrorCode::Unreachable,
                 "did not end within " + std::to_string(static_cast<long long>(options.timeoutMs)) + " ms and was killed",
                 joined(command, " ")};
}

Result<ProcessResult> runProcessOrFail(const std::vector<std::string>& command, double timeoutMs)
{
    auto result = runProcess(command, timeoutMs);
    if (!result || result->ok())
        return result;
    auto said = result->errors.empty() ? result->output : result->errors;
    while (!said.empty() && (said.back() == '\n' || said.back() == '\r'))
        said.pop_back();
    return Error{ErrorCode::Io, said.empty() ? "ended with status " + std::to_string(result->exitStatus) : said,
                 joined(command, " ")};
}

}  // namespace splitscope::base
