// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/text_format.h"

#include <optional>
#include <string>
#include <vector>

namespace splitscope::app {

/// What a metric should be at most, or at least.
struct Goal {
    double limit = 0;
    bool atMost = true;
};

/// A benchmark's numbers, in the order in which they were measured.
class BenchReport {
public:
    explicit BenchReport(std::string bench) : m_bench(std::move(bench)) {}

    void add(const std::string& metric, double value, std::optional<Goal> goal = {});
    /// Of many, which people see in a table of their own: only in JSON.
    void addDetail(const std::string& metric, double value);
    /// Lines that end in '\n', for people: between the metrics and the notes.
    void table(const std::string& lines) { m_tables += lines; }
    /// A line for people: how it was measured, where the time goes, what could not be measured and why.
    void note(const std::string& text) { m_notes.push_back(text); }

    /// {"bench": NAME, "metrics": {…}, "notes": […]} on one line.
    [[nodiscard]] std::string toJson() const;
    /// The metrics with their goals, the tables and the notes.
    [[nodiscard]] std::string toTable() const;

private:
    struct Metric {
        std::string name;
        double value = 0;
        std::optional<Goal> goal;
        bool detail = false;
    };
    std::string m_bench;
    std::vector<Metric> m_metrics;
    std::string m_tables;
    std::vector<std::string> m_notes;
};

/// The value below which the share q of them lies (linear between neighbours); 0 of none.
double quantile(std::vector<double> values, double q);

}  // namespace splitscope::app
