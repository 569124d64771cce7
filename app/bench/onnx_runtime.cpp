// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/onnx_runtime.h"

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared, glibc also does

namespace splitscope::app {

namespace {

constexpr double kPatienceMs = 60'000;

base::Error trouble(base::ErrorCode code, const std::string& text) { return {code, text, "ONNX Runtime"}; }
base::Error osTrouble(const std::string& what, int code)
{
    return trouble(base::ErrorCode::Io, what + ": " + std::strerror(code));
}

bool sendAll(int socket, const std::string& text)
{
    for (std::size_t sent = 0; sent < text.size();) {
        const auto count = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR)
            return false;
        sent += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    return true;
}

}  // namespace

std::filesystem::path onnxRuntimeFolder() { return SPLITSCOPE_ONNXRUNTIME; }

base::Result<std::unique_ptr<OnnxRuntime>> OnnxRuntime::start(const std::filesystem::path& folder, std::stop_token stop)
{
    const auto node = base::findProgram("node");
    if (node.empty())
        return trouble(base::ErrorCode::NotFound, "there is no node: apt-get install nodejs npm");
    std::error_code ec;
    if (!std::filesystem::exists(folder / "node_modules/onnxruntime-node", ec))
        return trouble(base::ErrorCode::NotFound,
                       "not installed: npm install --ignore-scripts --prefix " + folder.string() + " (300 MB)");
    std::unique_ptr<OnnxRuntime> runtime(new OnnxRuntime(std::move(stop)));
    if (auto status = runtime->spawn(node, folder / "serve.mjs"); !status)
        return status.error();
    const auto first = runtime->nextLine();
    if (!first)
        return first.error();
    runtime->m_version = QJsonDocument::fromJson(QByteArray::fromStdString(*first))["version"].toString().toStdString();
    return runtime;
}

OnnxRuntime::~OnnxRuntime()
{
    if (m_socket >= 0)
        ::close(m_socket);
    if (m_process > 0) {
        ::kill(m_process, SIGTERM);  // it may be amidst a round that nobody waits for any more
        ::waitpid(m_process, nullptr, 0);
    }
}

base::Status OnnxRuntime::spawn(const std::filesystem::path& node, const std::filesystem::path& script)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return osTrouble("no socket", errno);
    std::string program = node.string(), argument = script.string();
    std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);  // this program blocks the signals that should end its child
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failure = ::posix_spawn(&m_process, program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    m_socket = ends[0];
    return failure == 0 ? base::Status() : osTrouble(program + " cannot be started", failure);
}

base::Result<std::string> OnnxRuntime::nextLine()
{
    const auto deadlineNs = base::nowNs() + base::fromMs(kPatienceMs);
    for (;;) {
        if (const auto end = m_unread.find('\n'); end != std::string::npos) {
            auto line = m_unread.substr(0, end);
            m_unread.erase(0, end + 1);
            return line;
        }
        if (m_stop.stop_requested())
            return trouble(base::ErrorCode::Cancelled, "stopped");
        if (base::nowNs() > deadlineNs)
            return trouble(base::ErrorCode::Unreachable, "no answer within a minute");
        constexpr int kSliceMs = 100;
        pollfd waiting{m_socket, POLLIN, 0};
        if (::poll(&waiting, 1, kSliceMs) <= 0)
            continue;
        std::array<char, 1 << 16> piece;
        const auto count = ::recv(m_socket, piece.data(), piece.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR))
            return trouble(base::ErrorCode::Io, "its process ended; what it said stands above");
        m_unread.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
}

namespace {

/// The answer as an object, or the Error in it.
base::Result<QJsonObject> parsed(const base::Result<std::string>& line)
{
    if (!line)
        return line.error();
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*line)).object();
    if (object.contains("error"))
        return trouble(base::ErrorCode::Internal, object["error"].toString().toStdString());
    return object;
}

std::string lineOf(const QJsonObject& request)
{
    return QJsonDocument(request).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

}  // namespace

base::Status OnnxRuntime::load(const std::string& name, base::ByteView onnx, const base::Tensor& input)
{
    const auto model = m_files.filePath("model.onnx"), values = m_files.filePath("input");
    if (auto status = base::writeFileAtomically(model.toStdString(), onnx); !status)
        return status;
    const base::ByteView bytes{reinterpret_cast<const std::uint8_t*>(input.values.data()), input.values.size() * sizeof(float)};
    if (auto status = base::writeFileAtomically(values.toStdString(), bytes); !status)
        return status;
    QJsonArray shape{input.batch};
    for (const int extent : input.shape)
        shape << extent;
    const QJsonObject request{{"load", QString::fromStdString(name)}, {"file", model}, {"input", values}, {"shape", shape}};
    if (!sendAll(m_socket, lineOf(request)))
        return osTrouble("cannot be asked", errno);
    const auto answer = parsed(nextLine());
    return answer ? base::Status() : answer.error();
}

base::Result<std::vector<float>> OnnxRuntime::run(const std::string& name)
{
    if (!sendAll(m_socket, lineOf({{"run", QString::fromStdString(name)}})))
        return osTrouble("cannot be asked", errno);
    const auto answer = parsed(nextLine());
    if (!answer)
        return answer.error();
    const auto bytes = QByteArray::fromBase64((*answer)["output"].toString().toLatin1());
    std::vector<float> output(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    std::memcpy(output.data(), bytes.data(), output.size() * sizeof(float));
    return output;
}

base::Result<std::vector<double>> OnnxRuntime::time(const std::string& name, int warmUp, int runs)
{
    if (!sendAll(m_socket, lineOf({{"time", QString::fromStdString(name)}, {"warmUp", warmUp}, {"runs", runs}})))
        return osTrouble("cannot be asked", errno);
    const auto answer = parsed(nextLine());
    if (!answer)
        return answer.error();
    std::vector<double> us;
    for (const auto& value : (*answer)["us"].toArray())
        us.push_back(value.toDouble());
    return us;
}

base::Status OnnxRuntime::drop(const std::string& name)
{
    if (!sendAll(m_socket, lineOf({{"drop", QString::fromStdString(name)}})))
        return osTrouble("cannot be asked", errno);
    const auto answer = parsed(nextLine());
    return answer ? base::Status() : answer.error();
}

}  // namespace splitscope::app
