// SPDX-License-Identifier: GPL-3.0-or-later
// Rows as text: CSV or JSON.
#pragma once

#include "core/base/result.h"
#include "core/session/run_part_p.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace splitscope::session {

enum class RowStyle { Csv, Json };

/// Writes one row after the other: "1,2,text\n", or "[1,2,\"text\"],\n".
class RowWriter {
public:
    explicit RowWriter(RowStyle style) : m_style(style) {}

    void beginRow();
    void endRow();
    void whole(std::int64_t value);
    void real(double value, const RecordColumn& column);  ///< NaN: nothing, or null; infinite: nothing as well in JSON
    void text(const std::string& value) { quoted(quote(value)); }
    /// What quote() made.
    void quoted(const std::string& value);
    [[nodiscard]] std::string quote(const std::string& value) const;

    std::string out;

private:
    void separate();

    RowStyle m_style;
    bool m_first = true;
};

/// All requests of a part, labels and truths included; or all its frames.
std::string requestRows(const RunPart& part, RowStyle style);
std::string frameRows(const RunPart& part, RowStyle style);

/// A file that comes into being when it is whole: written beside its place, then renamed. Gone where commit() was not called.
class WholeFile {
public:
    explicit WholeFile(std::filesystem::path path);
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    [[nodiscard]] bool ok() const { return m_file.good(); }
    void write(const std::string& text) { m_file.write(text.data(), static_cast<std::streamsize>(text.size())); }
    base::Status commit();

private:
    std::filesystem::path m_path, m_partial;
    std::ofstream m_file;
    bool m_done = false;
};

}  // namespace splitscope::session
