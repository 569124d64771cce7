// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/envelope_cache.h"

#include <utility>

namespace splitscope::ui {

namespace {

constexpr std::size_t kNew = static_cast<std::size_t>(-1);

}  // namespace

void EnvelopeCache::setBuckets(std::vector<Bucket> buckets)
{
    const std::size_t dropped = m_store.dropped();
    m_before.assign(buckets.size(), kNew);
    const bool sameRun = m_generation == m_store.generation();
    std::size_t old = sameRun ? 0 : m_buckets.size();
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const std::size_t first = buckets[i].first + dropped, last = buckets[i].last + dropped;
        while (old < m_buckets.size() && m_buckets[old].first + m_dropped < first)
            ++old;
        if (old < m_buckets.size() && m_buckets[old].first + m_dropped == first && m_buckets[old].last + m_dropped == last)
            m_before[i] = old;
    }
    m_buckets = std::move(buckets);
    m_dropped = dropped;
    m_generation = m_store.generation();
    ++m_version;
}

const std::vector<Envelope>& EnvelopeCache::of(Column which)
{
    Entry& entry = m_entries[static_cast<std::size_t>(which)];
    if (entry.version == m_version)
        return entry.envelopes;
    const bool hasLast = entry.version + 1 == m_version;
    const std::vector<Envelope> before = std::exchange(entry.envelopes, {});
    entry.envelopes.reserve(m_buckets.size());
    const EnvelopeColumn& values = m_store.column(which);
    for (std::size_t i = 0; i < m_buckets.size(); ++i) {
        const bool known = hasLast && m_before[i] != kNew;
        entry.envelopes.push_back(known ? before[m_before[i]] : values.envelope(m_buckets[i].first, m_buckets[i].last));
    }
    entry.version = m_version;
    return entry.envelopes;
}

}  // namespace splitscope::ui
