// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace splitscope::link {

/// The edges that a device has heard of. One thread.
class PeerTable {
public:
    PeerTable(int maxPeers, double silenceMs, double messagesPerSecond);

    enum class Socket { Control, Data };
    struct Heard {
        bool accepted = false;  ///< the identity belongs to the key, and there is room
        bool cameAlive = false;  ///< first message, or first after silence
        bool tooFast = false;  ///< it is known, but has sent more than its rate for over a second: to be dropped
    };
    /// A message came in under this identity from the owner of this public key.
    Heard heard(const std::string& identity, const std::string& publicKey, Socket socket, std::int64_t nowNs);

    /// Heard of, and not silent.
    [[nodiscard]] bool isAlive(const std::string& identity) const;
    /// Its data connection has proved whose it is: nothing is sent there before.
    [[nodiscard]] bool hasData(const std::string& identity) const;

    /// Calls `silent` for each peer that has become silent.
    void findSilent(std::int64_t nowNs, const std::function<void(const std::string&)>& silent);
    /// This process itself was stopped for so long: nobody else is to blame.
    void forgive(std::int64_t gapNs);

    /// Whether an answer to a malformed message may go out now: at most a few a second for each peer.
    bool mayComplain(const std::string& identity, std::int64_t nowNs);

private:
    struct Peer {
        std::int64_t lastHeardNs = 0;
        bool silent = false;
        bool dataProved = false;
        std::int64_t complainedSinceNs = 0;
        int complaints = 0;
        double credit = 0;  ///< messages that it may send at once, a second's at most
        std::int64_t creditNs = 0;  ///< when that was reckoned
    };
    bool makeRoom();
    bool takeCredit(Peer& peer, std::int64_t nowNs) const;

    std::size_t m_maxPeers;
    std::int64_t m_silenceNs;
    double m_messagesPerSecond;
    std::map<std::string, Peer> m_peers;
};

}  // namespace splitscope::link
