// SPDX-License-Identifier: GPL-3.0-or-later
// What follows the colon in a bandwidth: values, key=value pairs and flags between commas.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace splitscope::sim {

/// Bytes/s; infinity for "unlimited".
base::Result<double> parseRate(const std::string& text);
/// "10KB/s..5MB/s", both limited, in any order.
base::Result<std::pair<double, double>> rateRange(const std::string& text);

/// Each key is asked for once; what nobody has asked for is unknown. The first wrong value is kept as the Error.
class Arguments {
public:
    explicit Arguments(const std::string& text);

    [[nodiscard]] const std::vector<std::string>& values() const { return m_values; }
    /// The first value that is neither a pair nor a flag, removed; empty if there is none.
    std::string takeValue();

    std::optional<std::string> text(const std::string& key);
    std::optional<double> number(const std::string& key);
    std::optional<std::uint64_t> seed(const std::string& key);
    std::optional<double> time(const std::string& key);  ///< ms
    std::optional<double> rate(const std::string& key);
    std::optional<std::pair<double, double>> times(const std::string& key);  ///< "10s..70s"
    std::optional<std::pair<double, double>> rates(const std::string& key);
    std::vector<double> rateList(const std::string& key);  ///< "1MB/s:2MB/s"
    std::vector<std::vector<double>> matrix(const std::string& key);  ///< "0.9:0.1/0.2:0.8"
    bool flag(const std::string& key);

    /// What was asked for so far makes sense.
    [[nodiscard]] base::Status valid() const;
    /// … and there is nothing else.
    [[nodiscard]] base::Status done() const;

private:
    template <typename T, typename Parse>
    std::optional<T> parsed(const std::string& key, Parse parse);
    void fail(const std::string& key, const base::Error& error);

    std::vector<std::string> m_values;
    std::vector<std::pair<std::string, std::string>> m_pairs;
    std::string m_known;  ///< keys that were asked for
    std::optional<base::Error> m_error;
};

}  // namespace splitscope::sim
