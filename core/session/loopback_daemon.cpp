// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/loopback_daemon.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace splitscope::session {

namespace {

constexpr double kStartMs = 60'000;  ///< a slow board, or an emulated one, takes its time to link LibTorch
constexpr double kTermMs = 2'000;
constexpr int kSliceMs = 20;
constexpr int kChildFd = 3;
constexpr std::size_t kKeptLines = 20;

void closeFd(int& fd)
{
    if (fd >= 0)
        ::close(fd);
    fd = -1;
}

/// Both ends close on exec and stay clear of the descriptors that a child gets.
struct Pipe {
    int readEnd = -1, writeEnd = -1;

    ~Pipe()
    {
        closeFd(readEnd);
        closeFd(writeEnd);
    }
    bool open()
    {
        std::array<int, 2> fds{};
        if (::pipe2(fds.data(), O_CLOEXEC) != 0)
            return false;
        readEnd = moveUp(fds[0]);
        writeEnd = moveUp(fds[1]);
        return readEnd >= 0 && writeEnd >= 0;
    }
    static int release(int& fd) { return std::exchange(fd, -1); }

private:
    static int moveUp(int fd)
    {
        const int higher = ::fcntl(fd, F_DUPFD_CLOEXEC, kChildFd + 1);
        ::close(fd);
        return higher;
    }
};

std::filesystem::path besideThisProgram()
{
    if (const char* named = std::getenv("SPLITSCOPE_DAEMON"); named && *named)
        return named;
    std::error_code ec;
    return std::filesystem::read_symlink("/proc/self/exe", ec).parent_path() / "splitscoped";
}

base::Error osError(const std::string& what, int code)
{
    return {base::ErrorCode::Io, what + ": " + std::strerror(code), "loopback daemon"};
}

std::string secretLine(const link::KeyPair& keys, const std::string& allowed, const std::string& address)
{
    const QJsonObject object{{"public", QString::fromStdString(keys.publicKey)},
                             {"secret", QString::fromStdString(keys.secretKey)},
                             {"allowed", QString::fromStdString(allowed)},
                             {"bind", QString::fromStdString(address)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

/// Attributes and actions of posix_spawn that free themselves.
struct SpawnSetup {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    SpawnSetup(int childEnd, int output, int log)
    {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
        posix_spawn_file_actions_adddup2(&actions, childEnd, kChildFd);
        posix_spawnattr_init(&attributes);
        // A group of its own: Ctrl-C in the terminal is for the parent, which ends the child in order. Signals that
        // the parent blocks are open in the child again.
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnSetup()
    {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;
};

}  // namespace

LoopbackDaemon::LoopbackDaemon(std::filesystem::path program, link::KeyPair daemonKeys, std::string edgePublicKey,
                               LoopbackPlace place)
    : m_program(program.empty() ? besideThisProgram() : std::move(program)), m_keys(std::move(daemonKeys)),
      m_edgePublicKey(std::move(edgePublicKey)), m_place(std::move(place))
{
}

LoopbackDaemon::~LoopbackDaemon() { end(); }

base::Result<LoopbackDaemon::Ports> LoopbackDaemon::start(const std::stop_token& stop)
{
    end();
    m_lastLines.clear();
    m_partialLine.clear();
    if (const auto status = spawn(); !status)
        return status.error();
    auto ports = readPorts(stop);
    if (!ports)
        end();
    return ports;
}

base::Status LoopbackDaemon::spawn()
{
    std::error_code ec;
    if (!std::filesystem::exists(m_program, ec))
        return base::Error{base::ErrorCode::NotFound, "the device's daemon is missing; build or install splitscoped",
                           m_program.string()};
    Pipe secret, output, log;
    if (!secret.open() || !output.open() || !log.open())
        return osError("no pipe", errno);
    const SpawnSetup setup(secret.readEnd, output.writeEnd, log.writeEnd);
    auto command = m_place.commandPrefix;
    command.insert(command.end(), {m_program.string(), "--loopback", std::to_string(kChildFd)});
    if (!m_place.interface.empty())
        command.insert(command.end(), {"--interface", m_place.interface});
    const auto program = base::findProgram(command[0]);
    if (program.empty())
        return base::Error{base::ErrorCode::NotFound, "this program, which starts the device's daemon, is not installed",
                           command[0]};
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int code = ::posix_spawn(&m_pid, program.c_str(), &setup.actions, &setup.attributes, arguments.data(), environ);
    if (code != 0) {
        m_pid = -1;
        return osError("cannot start " + program.string(), code);
    }
    m_toChild = Pipe::release(secret.writeEnd);
    m_output = Pipe::release(output.readEnd);
    m_log = Pipe::release(log.readEnd);
    ::fcntl(m_log, F_SETFL, O_NONBLOCK);
    const auto line = secretLine(m_keys, m_edgePublicKey, m_place.address);
    // Fits the pipe's buffer; a child that died already is noticed below, and SIGPIPE must not end us for it.
    struct sigaction ignore {
    }, before{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before);
    const auto written = ::write(m_toChild, line.data(), line.size());
    ::sigaction(SIGPIPE, &before, nullptr);
    if (written != static_cast<ssize_t>(line.size()))
        return osError("its pipe is closed", errno);
    return {};
}

base::Result<LoopbackDaemon::Ports> LoopbackDaemon::readPorts(const std::stop_token& stop)
{
    std::string line;
    const auto deadline = base::nowNs() + base::fromMs(kStartMs);
    while (!line.ends_with('\n')) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped while it was starting", "loopback daemon"};
        if (base::nowNs() > deadline)
            return base::Error{base::ErrorCode::Unreachable, "told no ports within 60 s", m_program.string()};
        readLog();
        pollfd output{m_output, POLLIN, 0};
        if (::poll(&output, 1, kSliceMs) <= 0)
            continue;
        char c = 0;
        if (::read(m_output, &c, 1) != 1) {
            reap(0);
            readLog();
            return base::Error{base::ErrorCode::Io, "ended while it was starting: " + lastWords(), m_program.string()};
        }
        line += c;
    }
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    const Ports ports{object["control"].toInt(), object["data"].toInt()};
    if (ports.control <= 0 || ports.data <= 0)
        return base::Error{base::ErrorCode::InvalidInput, "told no ports but: " + line, m_program.string()};
    return ports;
}

void LoopbackDaemon::readLog()
{
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; m_log >= 0 && (n = ::read(m_log, buffer.data(), buffer.size())) > 0;) {
        m_partialLine.append(buffer.data(), static_cast<std::size_t>(n));
        for (auto end = m_partialLine.find('\n'); end != std::string::npos; end = m_partialLine.find('\n')) {
            m_lastLines.push_back(m_partialLine.substr(0, end));
            m_partialLine.erase(0, end + 1);
            base::log(base::LogLevel::Debug, "device", m_lastLines.back());
        }
    }
    if (m_lastLines.size() > kKeptLines)
        m_lastLines.erase(m_lastLines.begin(), m_lastLines.end() - kKeptLines);
}

bool LoopbackDaemon::alive()
{
    readLog();
    return m_pid > 0 && !reap(WNOHANG);
}

/// True if the child has ended (and is no zombie any more).
bool LoopbackDaemon::reap(int flags)
{
    if (m_pid <= 0)
        return true;
    int status = 0;
    pid_t reaped = -1;
    do {
        reaped = ::waitpid(m_pid, &status, flags);
    } while (reaped < 0 && errno == EINTR);
    if (reaped == 0)
        return false;
    m_ending = WIFSIGNALED(status) ? std::string("killed by signal ") + ::strsignal(WTERMSIG(status))
                                   : "exit status " + std::to_string(WEXITSTATUS(status));
    m_pid = -1;
    return true;
}

std::string LoopbackDaemon::lastWords() const
{
    return m_lastLines.empty() ? m_ending : m_ending + "; it said: " + m_lastLines.back();
}

void LoopbackDaemon::closePipes()
{
    closeFd(m_toChild);
    closeFd(m_output);
    closeFd(m_log);
}

void LoopbackDaemon::kill()
{
    if (m_pid > 0)
        ::kill(m_pid, SIGKILL);
}

void LoopbackDaemon::end()
{
    closeFd(m_toChild);
    if (m_pid > 0)
        ::kill(m_pid, SIGTERM);
    const auto deadline = base::nowNs() + base::fromMs(kTermMs);
    while (!reap(WNOHANG)) {
        readLog();  // a child that blocks on a full pipe could not end
        if (base::nowNs() > deadline) {
            ::kill(m_pid, SIGKILL);
            reap(0);
            break;
        }
        ::poll(nullptr, 0, 5);
    }
    readLog();
    closePipes();
}

}  // namespace splitscope::session
