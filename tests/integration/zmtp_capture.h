// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <cstdint>
#include <memory>
#include <vector>

/// Reads a captured ZMTP 3 stream under CURVE: the frame lengths are in the clear, the contents are not. Gives the
/// plaintext size of each frame that carries a part of a message.
class ZmtpReader {
public:
    void append(const QByteArray& bytes)
    {
        m_buffer += bytes;
        if (!m_greeted) {
            if (m_buffer.size() < kGreetingBytes)
                return;
            m_buffer.remove(0, kGreetingBytes);
            m_greeted = true;
        }
        while (takeFrame()) {}
    }
    [[nodiscard]] const std::vector<std::size_t>& frames() const { return m_frames; }

private:
    static constexpr qsizetype kGreetingBytes = 64;
    /// "\x07MESSAGE", an 8-byte nonce, a 16-byte authenticator and one byte of flags wrap every frame.
    static constexpr std::uint64_t kCurveBytes = 8 + 8 + 16 + 1;

    bool takeFrame()
    {
        if (m_buffer.size() < 2)
            return false;
        const auto flags = static_cast<std::uint8_t>(m_buffer[0]);
        const bool isLong = flags & 2;
        const qsizetype header = isLong ? 9 : 2;
        if (m_buffer.size() < header)
            return false;
        std::uint64_t length = 0;
        for (qsizetype i = 1; i < header; ++i)
            length = length << 8 | static_cast<std::uint8_t>(m_buffer[i]);
        if (static_cast<std::uint64_t>(m_buffer.size() - header) < length)
            return false;
        // What is not a MESSAGE belongs to the handshake.
        if (m_buffer.mid(header, 8) == "\x07MESSAGE")
            m_frames.push_back(length - kCurveBytes);
        m_buffer.remove(0, header + static_cast<qsizetype>(length));
        return true;
    }

    QByteArray m_buffer;
    bool m_greeted = false;
    std::vector<std::size_t> m_frames;
};

/// Stands between edge and device on one port and reads what the device sends.
class CapturingProxy : public QObject {
public:
    CapturingProxy(int listenPort, int targetPort)
    {
        m_listening = m_server.listen(QHostAddress::LocalHost, static_cast<quint16>(listenPort));
        connect(&m_server, &QTcpServer::newConnection, this, [this, targetPort] {
            auto* edge = m_server.nextPendingConnection();
            auto* device = new QTcpSocket(edge);
            m_readers.push_back(std::make_unique<ZmtpReader>());
            auto* reader = m_readers.back().get();
            connect(edge, &QTcpSocket::readyRead, device, [edge, device] {
                if (device->state() == QAbstractSocket::ConnectedState)
                    device->write(edge->readAll());
            });
            connect(device, &QTcpSocket::connected, edge, [edge, device] { device->write(edge->readAll()); });
            connect(device, &QTcpSocket::readyRead, edge, [edge, device, reader] {
                const auto bytes = device->readAll();
                reader->append(bytes);
                edge->write(bytes);
            });
            device->connectToHost(QHostAddress::LocalHost, static_cast<quint16>(targetPort));
        });
    }
    [[nodiscard]] bool listening() const { return m_listening; }
    /// What the device sent, over all connections.
    [[nodiscard]] std::vector<std::size_t> frames() const
    {
        std::vector<std::size_t> all;
        for (const auto& reader : m_readers)
            all.insert(all.end(), reader->frames().begin(), reader->frames().end());
        return all;
    }

private:
    QTcpServer m_server;
    bool m_listening = false;
    std::vector<std::unique_ptr<ZmtpReader>> m_readers;
};
