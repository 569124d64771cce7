// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/device_sender_p.h"

#include "core/base/clock.h"
#include "core/wire/encoding.h"

#include <algorithm>

namespace splitscope::link {

namespace {

constexpr std::int64_t kRetryNs = 1'000'000;  ///< a ROUTER cannot be polled for room in one peer's pipe
constexpr std::int64_t kHoldForConnectionNs = 1'000'000'000;
constexpr int kChunksPerPump = 64;  ///< then incoming messages get their turn

std::int64_t dueAfter(const auto& queue, std::int64_t dueNs)
{
    return queue.empty() ? dueNs : std::max(dueNs, queue.back().dueNs);  // nothing overtakes when the delay is lowered
}

base::ByteView slice(const std::shared_ptr<const base::Bytes>& payload, std::size_t offset, std::size_t length)
{
    return payload ? base::ByteView(*payload).subspan(offset, length) : base::ByteView();
}

}  // namespace

DeviceSender::DeviceSender(zmq::socket_t& control, zmq::socket_t& data, const PeerTable& peers, DeviceLinkHandler& handler,
                           AtomicCounters& counters, QueueLoad& load)
    : m_controlSocket(control), m_dataSocket(data), m_peers(peers), m_handler(handler), m_counters(counters), m_load(load)
{
}

void DeviceSender::addControl(const std::string& peer, base::Bytes header, std::int64_t nowNs)
{
    Leaving leaving;
    leaving.peer = peer;
    leaving.dueNs = dueAfter(m_control, nowNs + delayNs());
    leaving.header = std::move(header);
    m_control.push_back(std::move(leaving));
}

void DeviceSender::addRequest(WaitingRequest request)
{
    if (!request.isProbe) {
        for (const auto& waiting : m_waiting)
            if (waiting.isProbe)
                finish(waiting);
        std::erase_if(m_waiting, [](const WaitingRequest& waiting) { return waiting.isProbe; });
    }
    m_waiting.push_back(std::move(request));
}

void DeviceSender::cancel(std::uint64_t run, std::uint64_t firstFrame)
{
    const auto found = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const WaitingRequest& waiting) {
        return waiting.request.run == run && waiting.request.firstFrame == firstFrame;
    });
    if (found == m_waiting.end())
        return;
    finish(*found);
    m_waiting.erase(found);
}

void DeviceSender::setShaping(const ShapingOrder& order, std::int64_t nowNs)
{
    m_shaping = order.shaping;
    m_kernel = order.kernel;
    if (order.trace)
        m_rate.play(order.trace, order.startMs, nowNs);
    else
        m_rate.hold(order.shaping.bytesPerSecond);
    followRate(nowNs);
}

void DeviceSender::followRate(std::int64_t nowNs)
{
    m_rateChangesNs = m_rate.nextChangeNs(nowNs);
    const double rate = m_rate.rateAt(nowNs);
    m_load.setBytesPerSecond.store(rate, std::memory_order_relaxed);
    const double waitingBytes = m_waiting.empty() ? 0 : nextCost(m_waiting.front());
    m_bucket.setRate(m_kernel ? 0 : rate, m_shaping.burstBytes, nowNs, waitingBytes);
    if (m_kernel)
        m_kernel->want(rate, m_shaping.burstBytes);
}

std::int64_t DeviceSender::delayNs()
{
    const double jitter = m_shaping.jitterMs > 0 ? m_shaping.jitterMs * (2.0 * m_random.unit() - 1.0) : 0;
    return base::fromMs(std::max(0.0, m_shaping.delayMs + jitter));
}

std::int64_t DeviceSender::pump(std::int64_t nowNs)
{
    m_nextNs = kNever;
    if (nowNs >= m_rateChangesNs)
        followRate(nowNs);
    later(m_rateChangesNs);
    pumpControl(nowNs);
    pumpData(nowNs);
    return m_nextNs;
}

void DeviceSender::pumpControl(std::int64_t nowNs)
{
    std::set<std::string> full;
    for (auto item = m_control.begin(); item != m_control.end();) {
        if (item->dueNs > nowNs) {
            later(item->dueNs);
            break;
        }
        const auto sent = full.contains(item->peer) ? Sent::Full : sendFrames(m_controlSocket, &item->peer, item->header, {});
        if (sent == Sent::Full) {
            full.insert(item->peer);
            later(nowNs + kRetryNs);
            ++item;
            continue;
        }
        if (sent == Sent::Yes)
            m_counters.sent(item->header.size());
        else
            m_counters.refusedSends.fetch_add(1, std::memory_order_relaxed);
        m_load.controls.fetch_sub(1, std::memory_order_relaxed);
        item = m_control.erase(item);
    }
}

void DeviceSender::pumpData(std::int64_t nowNs)
{
    m_blocked.clear();
    flushData(nowNs);
    int chunks = 0;
    while (startNextChunk(nowNs)) {
        flushData(nowNs);
        if (++chunks == kChunksPerPump) {
            later(nowNs);
            break;
        }
    }
}

void DeviceSender::flushData(std::int64_t nowNs)
{
    for (std::size_t i = 0; i < m_data.size();) {
        if (m_data[i].dueNs > nowNs) {
            later(m_data[i].dueNs);
            break;
        }
        const auto fate = m_blocked.contains(m_data[i].peer) ? Fate::Kept : hand(m_data[i], nowNs);
        if (fate == Fate::Kept) {
            later(nowNs + kRetryNs);
            ++i;
        } else if (fate == Fate::Sent) {
            m_data.erase(m_data.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            giveUp(m_data[i]);
        }
    }
}

DeviceSender::Fate DeviceSender::hand(Leaving& leaving, std::int64_t nowNs)
{
    const auto payload = slice(leaving.payload, leaving.offset, leaving.length);
    const auto handedNs = base::nowNs();
    const auto sent
        = m_peers.hasData(leaving.peer) ? sendFrames(m_dataSocket, &leaving.peer, leaving.header, payload) : Sent::NoPeer;
    if (sent == Sent::Yes) {
        m_counters.sent(leaving.header.size() + leaving.length);
        if (leaving.isLast)
            m_handler.onHandedOver(handoverOf(leaving, handedNs));
        return Fate::Sent;
    }
    if (sent == Sent::NoPeer) {
        // The peer may only just have reconnected its control socket: its data connection follows at once.
        if (leaving.heldSinceNs == 0)
            leaving.heldSinceNs = nowNs;
        if (!m_peers.isAlive(leaving.peer) || nowNs - leaving.heldSinceNs > kHoldForConnectionNs) {
            return Fate::Hopeless;
        }
    }
    m_blocked.insert(leaving.peer);
    return Fate::Kept;
}

Handover DeviceSender::handoverOf(const Leaving& leaving, std::int64_t handedNs) const
{
    const auto firstNs = std::min(leaving.firstHandedNs, handedNs);
    const auto leftNs = std::max(firstNs, leaving.leftNs);
    return {leaving.run, leaving.firstFrame, firstNs, handedNs, leaving.wireBytes, m_rate.meanRate(firstNs, leftNs)};
}

void DeviceSender::giveUp(const Leaving& leaving)
{
    const auto peer = leaving.peer;
    const auto run = leaving.run;
    const auto firstFrame = leaving.firstFrame;
    m_counters.refusedSends.fetch_add(1, std::memory_order_relaxed);
    cancel(run, firstFrame);
    std::erase_if(m_data, [&](const Leaving& other) { return other.run == run && other.firstFrame == firstFrame; });
    const wire::Failure failure{std::string(base::name(base::ErrorCode::Unreachable)), "the edge has no data connection", peer};
    m_handler.onData(peer, {0, wire::RequestFailed{run, firstFrame, failure}});
}

std::deque<WaitingRequest>::iterator DeviceSender::nextWaiting()
{
    return std::find_if(m_waiting.begin(), m_waiting.end(),
                        [&](const WaitingRequest& waiting) { return !m_blocked.contains(waiting.peer); });
}

void DeviceSender::prepareHeader(WaitingRequest& waiting) const
{
    if (!waiting.header.empty())
        return;
    const auto& request = waiting.request;
    if (waiting.isProbe)
        waiting.header = wire::encode({0, wire::Filler{request.firstFrame, waiting.offset, request.payloadBytes}});
    else if (waiting.opened)
        waiting.header = wire::encode({0, wire::Chunk{request.run, request.firstFrame, waiting.offset}});
    else
        waiting.header = wire::encode({0, request});
}

std::size_t DeviceSender::nextChunkBytes(const WaitingRequest& waiting) const
{
    const auto piece = waiting.isProbe ? codec::fillerChunkBytesOf(waiting.request.payloadBytes, m_bucket.bytesPerSecond())
                                       : codec::chunkBytesOf(waiting.request.payloadBytes, m_bucket.bytesPerSecond());
    return std::min<std::size_t>(piece, waiting.request.payloadBytes - waiting.offset);
}

double DeviceSender::nextCost(const WaitingRequest& waiting) const
{
    return static_cast<double>(wireBytesOf(waiting.header.size(), nextChunkBytes(waiting)));
}

bool DeviceSender::startNextChunk(std::int64_t nowNs)
{
    const auto waiting = nextWaiting();
    if (waiting == m_waiting.end())
        return false;
    prepareHeader(*waiting);
    const auto bytes = nextChunkBytes(*waiting);
    const auto cost = nextCost(*waiting);
    const auto leaveNs = m_bucket.leaveNs(cost, waiting->readyNs);
    if (waiting->firstHandedNs == 0 && m_bucket.bytesPerSecond() > 0)
        waiting->firstHandedNs = m_bucket.startNs(waiting->readyNs);  // its turn: what it waits from here on is the link's doing
    if (leaveNs > nowNs) {
        later(leaveNs);
        return false;
    }
    if (waiting->firstHandedNs == 0)
        waiting->firstHandedNs = base::nowNs();
    m_bucket.take(cost, waiting->readyNs, nowNs);
    waiting->wireBytes += static_cast<std::uint64_t>(cost);

    Leaving leaving;
    leaving.peer = waiting->peer;
    leaving.dueNs = dueAfter(m_data, leaveNs + delayNs());
    leaving.leftNs = leaveNs;
    leaving.header = std::move(waiting->header);
    leaving.payload = waiting->payload;
    leaving.offset = waiting->offset;
    leaving.length = bytes;
    leaving.run = waiting->request.run;
    leaving.firstFrame = waiting->request.firstFrame;
    leaving.firstHandedNs = waiting->firstHandedNs;
    leaving.wireBytes = waiting->wireBytes;
    waiting->header.clear();
    waiting->opened = true;
    waiting->offset += bytes;
    leaving.isLast = waiting->offset == waiting->request.payloadBytes;
    m_data.push_back(std::move(leaving));
    if (m_data.back().isLast) {
        finish(*waiting);
        m_waiting.erase(waiting);
    }
    return true;
}

void DeviceSender::finish(const WaitingRequest& waiting)
{
    m_load.requests.fetch_sub(1, std::memory_order_relaxed);
    m_load.requestBytes.fetch_sub(waiting.request.payloadBytes, std::memory_order_relaxed);
}

}  // namespace splitscope::link
