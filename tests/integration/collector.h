// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment.h"

#include <algorithm>
#include <map>
#include <mutex>

/// Keeps everything that an experiment tells.
class Collector : public splitscope::session::ExperimentObserver {
public:
    void onSample(const splitscope::session::Sample& sample) override
    {
        const std::lock_guard lock(m_mutex);
        m_records.push_back(sample.record);
    }
    void onStatus(const splitscope::session::ExperimentStatus& status) override
    {
        const std::lock_guard lock(m_mutex);
        if (m_phases.empty() || m_phases.back() != status.phase)
            m_phases.push_back(status.phase);
    }
    void onTrouble(const splitscope::base::Error& error) override
    {
        const std::lock_guard lock(m_mutex);
        m_troubles.push_back(error.message());
    }
    void onLogits(const splitscope::wire::Request& request, const splitscope::base::Tensor& logits) override
    {
        const std::lock_guard lock(m_mutex);
        m_logits[request.firstFrame] = logits;
    }

    [[nodiscard]] std::vector<splitscope::wire::FrameRecord> records() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records;
    }
    [[nodiscard]] std::size_t recordCount() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records.size();
    }
    [[nodiscard]] std::vector<std::string> troubles() const
    {
        const std::lock_guard lock(m_mutex);
        return m_troubles;
    }
    [[nodiscard]] bool saw(splitscope::session::Phase phase) const
    {
        const std::lock_guard lock(m_mutex);
        return std::find(m_phases.begin(), m_phases.end(), phase) != m_phases.end();
    }
    [[nodiscard]] const splitscope::base::Tensor* logits(std::uint64_t firstFrame) const
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_logits.find(firstFrame);
        return it == m_logits.end() ? nullptr : &it->second;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<splitscope::wire::FrameRecord> m_records;
    std::vector<splitscope::session::Phase> m_phases;
    std::vector<std::string> m_troubles;
    std::map<std::uint64_t, splitscope::base::Tensor> m_logits;
};
