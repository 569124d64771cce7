// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_columns.h"
#include "core/session/run_part_p.h"

#include <unordered_map>

namespace splitscope::session {

/// Puts a run's parts together.
class ColumnsBuilder {
public:
    /// Of requests: memory is taken once.
    void reserve(std::size_t requests);
    void append(const RunPart& part);
    [[nodiscard]] RunColumns take();

private:
    std::uint8_t codingOf(const std::string& text);
    std::uint8_t gateIndexOf(const std::string& text);
    std::uint32_t textOf(const std::string& text);
    void appendLabels(const RunPart& part);

    RunColumns m_columns;
    std::unordered_map<std::string, std::uint32_t> m_texts;
    std::uint64_t m_correct = 0, m_labelled = 0;
};

}  // namespace splitscope::session
