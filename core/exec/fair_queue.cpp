// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/fair_queue.h"

#include <algorithm>
#include <tuple>

namespace splitscope::exec {

std::size_t rowsOf(const wire::Request& request)
{
    const auto rows = request.rowCount();
    return rows >= 1 && rows <= static_cast<std::size_t>(wire::kMaxBatch) ? rows : 1;
}

void FairQueue::join(Device device, std::size_t mostWaiting)
{
    auto& line = m_lines[device];
    line.mostWaiting = std::max<std::size_t>(mostWaiting, 1);
    line.servedMs = m_clockMs;
}

void FairQueue::leave(Device device) { m_lines.erase(device); }

std::optional<link::ArrivedRequest> FairQueue::push(Waiting waiting)
{
    auto& line = m_lines.at(waiting.device);
    if (line.queue.empty()) {
        line.servedMs = std::max(line.servedMs, m_clockMs);
        line.turn = m_turns++;
    }
    line.queue.push_back(std::move(waiting));
    if (line.queue.size() <= line.mostWaiting)
        return {};
    auto oldest = std::move(line.queue.front().arrived);
    line.queue.pop_front();
    return oldest;
}

std::vector<FairQueue::Line*> FairQueue::inFairOrder()
{
    std::vector<Line*> lines;
    for (auto& [device, line] : m_lines)
        if (!line.queue.empty())
            lines.push_back(&line);
    std::sort(lines.begin(), lines.end(),
              [](const Line* a, const Line* b) { return std::tie(a->servedMs, a->turn) < std::tie(b->servedMs, b->turn); });
    return lines;
}

std::vector<FairQueue::Waiting> FairQueue::take()
{
    const auto lines = inFairOrder();
    if (lines.empty())
        return {};
    m_clockMs = std::max(m_clockMs, lines.front()->servedMs);
    const auto suffix = lines.front()->queue.front().suffix;
    std::vector<Waiting> batch;
    std::size_t rows = 0;
    for (bool found = true; found;) {
        found = false;
        for (auto* line : lines) {
            if (line->queue.empty() || line->queue.front().suffix != suffix)
                continue;
            const auto more = rowsOf(line->queue.front().arrived.request);
            if (!batch.empty() && rows + more > m_mostRows)
                continue;
            rows += more;
            batch.push_back(std::move(line->queue.front()));
            line->queue.pop_front();
            found = true;
        }
    }
    return batch;
}

void FairQueue::charge(Device device, double computeMs)
{
    if (const auto line = m_lines.find(device); line != m_lines.end())
        line->second.servedMs += computeMs;
}

bool FairQueue::empty() const
{
    return std::all_of(m_lines.begin(), m_lines.end(), [](const auto& line) { return line.second.queue.empty(); });
}

std::size_t FairQueue::waiting(Device device) const
{
    const auto line = m_lines.find(device);
    return line == m_lines.end() ? 0 : line->second.queue.size();
}

}  // namespace splitscope::exec
