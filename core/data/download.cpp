// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/download.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared, glibc also does

namespace splitscope::data {

namespace {

using base::Error;
using base::ErrorCode;

class Pipe {
public:
    Pipe() { m_open = ::pipe2(m_ends.data(), O_CLOEXEC) == 0; }
    ~Pipe()
    {
        closeWriter();
        if (m_open)
            ::close(m_ends[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] int reader() const { return m_ends[0]; }
    [[nodiscard]] int writer() const { return m_ends[1]; }
    void closeWriter()
    {
        if (m_open && m_ends[1] >= 0)
            ::close(m_ends[1]);
        m_ends[1] = -1;
    }

private:
    std::array<int, 2> m_ends{-1, -1};
    bool m_open = false;
};

/// Starts a program found in PATH with its standard error in `errors`; 0 or an errno value.
int spawn(const std::vector<std::string>& command, int errors, pid_t& child)
{
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    // This program may block the signals that should end its child.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failure = ::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/// Collects what the child writes until it closes its end or a stop is requested.
std::string listen(int descriptor, const std::stop_token& stop, const std::function<void()>& tick)
{
    constexpr int kTickMs = 200;
    std::string text;
    while (!stop.stop_requested()) {
        pollfd waiting{descriptor, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, kTickMs);
        tick();
        if (ready <= 0)
            continue;
        std::array<char, 512> piece{};
        const auto count = ::read(descriptor, piece.data(), piece.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        if (text.size() < 4096)
            text.append(piece.data(), static_cast<std::size_t>(count));
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

int waitFor(pid_t child)
{
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

}  // namespace

base::Status download(const std::string& url, const std::filesystem::path& file, const std::stop_token& stop,
                      const std::function<void(std::uint64_t)>& progress)
{
    Pipe errors;
    if (!errors.isOpen())
        return Error{ErrorCode::Io, std::string("no pipe could be made (") + std::strerror(errno) + ")", url};
    pid_t child = 0;
    // Given up after a minute without a byte, and never left waiting for an answer to the first packet.
    const int failure = spawn({"curl", "--fail", "--location", "--silent", "--show-error", "--connect-timeout", "20",
                               "--speed-limit", "1", "--speed-time", "60", "--output", file.string(), "--url", url},
                              errors.writer(), child);
    if (failure == ENOENT)
        return Error{ErrorCode::NotFound, "the program curl, which downloads, is not installed", url};
    if (failure != 0)
        return Error{ErrorCode::Io, std::string("curl cannot be started (") + std::strerror(failure) + ")", url};
    errors.closeWriter();

    const std::string words = listen(errors.reader(), stop, [&] {
        std::error_code missing;
        const auto size = std::filesystem::file_size(file, missing);
        progress(missing ? 0 : size);
    });
    if (stop.stop_requested()) {
        ::kill(child, SIGKILL);
        waitFor(child);
        return Error{ErrorCode::Cancelled, "the download was stopped", url};
    }
    const int status = waitFor(child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return {};
    return Error{ErrorCode::Unreachable, words.empty() ? "curl ended without saying why" : words, url};
}

}  // namespace splitscope::data
