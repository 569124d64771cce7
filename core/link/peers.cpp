// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/link/keys.h"
#include "core/link/peers_p.h"

#include <algorithm>

namespace splitscope::link {

namespace {

constexpr int kComplaintsPerSecond = 10;
constexpr std::int64_t kSecondNs = 1'000'000'000;

}  // namespace

PeerTable::PeerTable(int maxPeers, double silenceMs, double messagesPerSecond)
    : m_maxPeers(static_cast<std::size_t>(std::max(maxPeers, 1))), m_silenceNs(base::fromMs(silenceMs)),
      m_messagesPerSecond(messagesPerSecond)
{
}

PeerTable::Heard PeerTable::heard(const std::string& identity, const std::string& publicKey, Socket socket, std::int64_t nowNs)
{
    auto found = m_peers.find(identity);
    if (!isIdentityOf(publicKey, identity)) {
        // Somebody else's name, taken by one of the allowed peers: nothing for its owner may go to that connection.
        if (found != m_peers.end() && socket == Socket::Data)
            found->second.dataProved = false;
        return {};
    }
    const bool isNew = found == m_peers.end();
    if (isNew) {
        if (m_peers.size() >= m_maxPeers && !makeRoom())
            return {};
        found = m_peers.emplace(identity, Peer{}).first;
        found->second.credit = m_messagesPerSecond;
        found->second.creditNs = nowNs;
    }
    auto& peer = found->second;
    peer.lastHeardNs = nowNs;
    if (!takeCredit(peer, nowNs))
        return {false, false, true};
    if (socket == Socket::Data)
        peer.dataProved = true;
    const bool cameAlive = isNew || peer.silent;
    peer.silent = false;
    return {true, cameAlive, false};
}

bool PeerTable::takeCredit(Peer& peer, std::int64_t nowNs) const
{
    const double earned = static_cast<double>(nowNs - peer.creditNs) / kSecondNs * m_messagesPerSecond;
    peer.credit = std::min(peer.credit + earned, m_messagesPerSecond);
    peer.creditNs = nowNs;
    if (peer.credit < 1)
        return false;
    peer.credit -= 1;
    return true;
}

bool PeerTable::makeRoom()
{
    auto oldest = m_peers.end();
    for (auto peer = m_peers.begin(); peer != m_peers.end(); ++peer)
        if (peer->second.silent && (oldest == m_peers.end() || peer->second.lastHeardNs < oldest->second.lastHeardNs))
            oldest = peer;
    if (oldest == m_peers.end())
        return false;
    m_peers.erase(oldest);
    return true;
}

bool PeerTable::isAlive(const std::string& identity) const
{
    const auto found = m_peers.find(identity);
    return found != m_peers.end() && !found->second.silent;
}

bool PeerTable::hasData(const std::string& identity) const
{
    const auto found = m_peers.find(identity);
    return found != m_peers.end() && found->second.dataProved;
}

void PeerTable::findSilent(std::int64_t nowNs, const std::function<void(const std::string&)>& silent)
{
    for (auto& [identity, peer] : m_peers) {
        if (!peer.silent && nowNs - peer.lastHeardNs > m_silenceNs) {
            peer.silent = true;
            silent(identity);
        }
    }
}

void PeerTable::forgive(std::int64_t gapNs)
{
    for (auto& [identity, peer] : m_peers)
        peer.lastHeardNs += gapNs;
}

bool PeerTable::mayComplain(const std::string& identity, std::int64_t nowNs)
{
    const auto found = m_peers.find(identity);
    if (found == m_peers.end())
        return false;
    auto& peer = found->second;
    if (nowNs - peer.complainedSinceNs > kSecondNs) {
        peer.complainedSinceNs = nowNs;
        peer.complaints = 0;
    }
    return ++peer.complaints <= kComplaintsPerSecond;
}

}  // namespace splitscope::link
