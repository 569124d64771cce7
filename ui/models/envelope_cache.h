// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sample_store.h"

namespace splitscope::ui {

/// The envelopes of the buckets that a chart shows. From one frame to the next nearly all buckets stay: those are not summed up
/// again, so that a day that goes on costs what comes to it.
class EnvelopeCache {
public:
    /// The store must outlive the cache.
    explicit EnvelopeCache(const SampleStore& store) : m_store(store) {}

    void setBuckets(std::vector<Bucket> buckets);
    [[nodiscard]] const std::vector<Bucket>& buckets() const { return m_buckets; }
    /// One for each bucket; valid until setBuckets().
    const std::vector<Envelope>& of(Column which);

private:
    struct Entry {
        std::uint64_t version = 0;
        std::vector<Envelope> envelopes;
    };

    const SampleStore& m_store;
    std::vector<Bucket> m_buckets;
    std::vector<std::size_t> m_before;  ///< where a bucket stood before; kNew: nowhere
    std::size_t m_dropped = 0;  ///< by the store, when the buckets were made
    std::uint64_t m_generation = 0;  ///< of the store
    std::uint64_t m_version = 0;
    std::array<Entry, static_cast<std::size_t>(Column::Count)> m_entries;
};

}  // namespace splitscope::ui
