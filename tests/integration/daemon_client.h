// SPDX-License-Identifier: GPL-3.0-or-later
// A splitscoped of one's own over the loopback pipe, and an edge of one's own that talks to it.
#pragma once

#include "core/base/clock.h"
#include "core/exec/edge_runtime.h"
#include "core/link/edge_link.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <unistd.h>

/// splitscoped --loopback: the keys go in, the ports come out. The pipe's end is closed with closePipe().
class LoopbackProcess {
public:
    explicit LoopbackProcess(const std::vector<std::string>& allowed) : keys(splitscope::link::newKeyPair())
    {
        int pipe[2];
        if (::pipe2(pipe, O_CLOEXEC) != 0)
            return;
        m_pipe = pipe[1];
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.setChildProcessModifier([fd = pipe[0]] { ::fcntl(fd, F_SETFD, 0); });
        process.start(SPLITSCOPE_BIN "/splitscoped", {"--loopback", QString::number(pipe[0]), "--name", "bench"});
        const bool started = process.waitForStarted();
        ::close(pipe[0]);
        std::string list;
        for (const auto& key : allowed)
            list += (list.empty() ? "\"" : ", \"") + key + "\"";
        const auto line
            = "{\"public\": \"" + keys.publicKey + "\", \"secret\": \"" + keys.secretKey + "\", \"allowed\": [" + list + "]}\n";
        if (!started || ::write(m_pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            return;
        while (!process.canReadLine() && process.waitForReadyRead()) {}
        const auto ports = QJsonDocument::fromJson(process.readLine()).object();
        controlPort = ports["control"].toInt();
        dataPort = ports["data"].toInt();
    }
    ~LoopbackProcess()
    {
        closePipe();
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(10'000))
            process.kill();
        process.waitForFinished();
    }
    void closePipe()
    {
        if (m_pipe >= 0)
            ::close(m_pipe);
        m_pipe = -1;
    }
    bool endsWell()
    {
        return process.waitForFinished(30'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }

    splitscope::link::KeyPair keys;
    QProcess process;
    int controlPort = 0;
    int dataPort = 0;

private:
    int m_pipe = -1;
};

/// An edge that keeps what the device tells, serves its requests, and acknowledges records if told to.
class TestEdge : public splitscope::link::EdgeLinkHandler {
public:
    using Executor = std::shared_ptr<const splitscope::model::Executor>;

    TestEdge(const LoopbackProcess& device, splitscope::link::KeyPair keys, Executor executor, bool acknowledge = true)
        : m_acknowledge(acknowledge)
    {
        namespace exec = splitscope::exec;
        if (executor)
            m_half = std::make_unique<exec::EdgeRuntime>(
                std::move(executor), exec::EdgeRuntimeOptions{}, [] { return std::nullopt; },
                [this](const splitscope::wire::Message& message) { static_cast<void>(link().sendData(message)); });
        splitscope::link::EdgeLinkOptions options;
        options.controlPort = device.controlPort;
        options.dataPort = device.dataPort;
        options.deviceKey = device.keys.publicKey;
        options.keys = std::move(keys);
        auto started = splitscope::link::EdgeLink::start(options, *this);
        const std::lock_guard lock(m_mutex);
        if (started.ok())
            m_link = std::move(*started);
        m_changed.notify_all();
    }
    ~TestEdge() override
    {
        m_half.reset();
        m_link.reset();
    }

    /// Sends and waits for the answer with the same id; an answer without a body says that none came.
    std::optional<splitscope::wire::Body> ask(splitscope::wire::Body body, splitscope::base::Bytes payload = {})
    {
        const auto id = ++m_lastId;
        if (!link().sendControl({id, std::move(body)}, std::move(payload)))
            return std::nullopt;
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, kPatience, [&] { return m_answers.contains(id); }))
            return std::nullopt;
        return m_answers[id];
    }
    /// The failure's code where the answer is one; "" else.
    std::string refusal(splitscope::wire::Body body, splitscope::base::Bytes payload = {})
    {
        const auto answer = ask(std::move(body), std::move(payload));
        const auto* failure = answer ? std::get_if<splitscope::wire::Failure>(&*answer) : nullptr;
        return failure ? failure->code : "";
    }
    bool accepted(splitscope::wire::Body body)
    {
        const auto answer = ask(std::move(body));
        return answer && std::holds_alternative<splitscope::wire::Ack>(*answer);
    }
    /// Id of the last message that was sent with ask().
    std::uint64_t lastId() const { return m_lastId; }
    /// The code of a failure that was the last answer to this id; "" else.
    std::string failureOf(std::uint64_t id) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_answers.find(id);
        const auto* failure = found == m_answers.end() ? nullptr : std::get_if<splitscope::wire::Failure>(&found->second);
        return failure ? failure->code : "";
    }
    std::map<std::uint64_t, splitscope::wire::FrameRecord> records() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records;
    }
    std::optional<splitscope::wire::RunState> ended() const
    {
        const std::lock_guard lock(m_mutex);
        return m_ended;
    }

    void onControl(const splitscope::wire::Message& message) override
    {
        namespace wire = splitscope::wire;
        wire::JournalAck ack;
        {
            const std::lock_guard lock(m_mutex);
            if (const auto* journal = std::get_if<wire::Journal>(&message.body)) {
                ack.run = journal->run;
                for (const auto& record : journal->records) {
                    m_records[record.firstFrame] = record;
                    ack.firstFrames.push_back(record.firstFrame);
                }
            } else if (const auto* over = std::get_if<wire::RunEnded>(&message.body)) {
                m_ended = over->state;
            } else if (message.id != 0) {
                m_answers[message.id] = message.body;
            }
        }
        m_changed.notify_all();
        if (m_acknowledge && !ack.firstFrames.empty())
            static_cast<void>(link().sendControl({0, ack}));
    }
    void onRequest(splitscope::link::ArrivedRequest request) override
    {
        if (m_half)
            m_half->submit(std::move(request));
    }
    void onState(splitscope::link::LinkState, const std::string&) override {}
    void onRoundTrip(double) override {}

    splitscope::link::EdgeLink& link()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_link != nullptr; });
        return *m_link;
    }

private:
    static constexpr std::chrono::seconds kPatience{30};

    const bool m_acknowledge;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::uint64_t, splitscope::wire::Body> m_answers;
    std::map<std::uint64_t, splitscope::wire::FrameRecord> m_records;
    std::optional<splitscope::wire::RunState> m_ended;
    std::uint64_t m_lastId = 0;
    std::unique_ptr<splitscope::exec::EdgeRuntime> m_half;
    std::unique_ptr<splitscope::link::EdgeLink> m_link;
};
