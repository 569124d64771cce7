// SPDX-License-Identifier: GPL-3.0-or-later
// A stretch of a run's requests column by column, and the same as bytes: what lets a long run be opened at once. Rows of the
// tables stay the truth; parts are made of them and may be made again.
#pragma once

#include "core/session/record_columns_p.h"
#include "core/session/sqlite_p.h"
#include "core/session/summary.h"

#include <functional>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace splitscope::session {

/// Single-threaded. NaN is null in a column of reals.
class RunPart {
public:
    RunPart();

    void append(const Sample& sample);
    void clear();
    [[nodiscard]] std::size_t size() const { return m_size; }

    [[nodiscard]] const std::vector<double>& reals(Field field) const { return m_reals[at(field)]; }
    [[nodiscard]] const std::vector<std::int64_t>& wholes(Field field) const { return m_wholes[at(field)]; }
    [[nodiscard]] const std::string& text(Field field, std::size_t row) const { return m_texts[textIndex(field, row)]; }
    [[nodiscard]] std::size_t textIndex(Field field, std::size_t row) const
    {
        return static_cast<std::size_t>(m_wholes[at(field)][row]);
    }
    [[nodiscard]] const std::vector<std::string>& texts() const { return m_texts; }  ///< the first is empty
    /// One a frame, request after request.
    [[nodiscard]] const std::vector<std::int64_t>& labels() const { return m_labels; }
    [[nodiscard]] const std::vector<std::int64_t>& truths() const { return m_truths; }
    [[nodiscard]] std::uint64_t firstFrame() const;
    [[nodiscard]] std::uint64_t lastFrame() const;  ///< first frame of the last request

    /// Requests in order of first frame; stable.
    void sort();
    /// The first `rows` requests leave this part and come back as one.
    [[nodiscard]] RunPart takeFirst(std::size_t rows);

    [[nodiscard]] std::string encode() const;
    /// False where the bytes are damaged; nothing is believed before it is in range.
    bool decode(const void* data, std::size_t bytes);

    // Row by row, from a database's columns.
    void addReal(Field field, double value) { m_reals[at(field)].push_back(value); }
    void addWhole(Field field, std::int64_t value) { m_wholes[at(field)].push_back(value); }
    void addText(Field field, const char* text, std::size_t bytes);
    void addFrame(std::int64_t label, std::int64_t truth);
    void endRow() { ++m_size; }

private:
    static std::size_t at(Field field) { return static_cast<std::size_t>(field); }
    std::int64_t intern(std::string text);
    [[nodiscard]] RunPart rowsOf(const std::vector<std::size_t>& order) const;

    std::size_t m_size = 0;
    std::vector<std::vector<double>> m_reals;  ///< by field; empty for the others
    std::vector<std::vector<std::int64_t>> m_wholes;  ///< by field; of texts: their index
    std::vector<std::string> m_texts;
    std::unordered_map<std::string, std::int64_t> m_textIndex;
    std::vector<std::int64_t> m_labels, m_truths;
};

inline constexpr std::size_t kPartRequests = 8192;

/// May move the part away.
using PartTaker = std::function<void(RunPart&)>;
/// All requests of a run in order of first frame: from its parts where they are whole, else from the rows. `isPacked`, where
/// given, tells which. An Error: Cancelled, or the database is damaged.
base::Status forEachPart(const Database& database, int schema, std::uint64_t run, const std::stop_token& stop,
                         const PartTaker& take, bool* isPacked = nullptr);
/// Makes the parts of a run anew from its rows; the caller's connection may write. Cheap to call for one that has them.
base::Status packRun(const Database& database, std::uint64_t run, const std::stop_token& stop);

/// Makes parts of what a run's writer writes, while it does. Calls give SQLITE_OK or SQLite's error, inside a transaction of the
/// caller; where that is rolled back, abandon().
class PartWriter {
public:
    explicit PartWriter(const Database& database);
    /// Forgets the parts that there are. Where the run has requests already (it is resumed), parts are made of its rows later.
    int begin(std::uint64_t run);
    /// Requests of another run than the one that was begun, or out of order by more than a part, or twice: the run's parts go,
    /// and are made of its rows when they are wanted.
    int add(std::uint64_t run, const Sample& sample);
    int end(std::uint64_t run);
    /// What was gathered is not to be written: parts of the run are made of its rows later.
    void abandon() { m_active = false; }

private:
    int writePart(const RunPart& part);
    int forget(std::uint64_t run);

    Statement m_insert, m_delete, m_mark, m_any;
    bool m_active = false;
    std::uint64_t m_run = 0;
    RunPart m_part;
    std::uint64_t m_nextFrame = 0;  ///< lowest first frame that may still come
    std::int64_t m_parts = 0, m_requests = 0;
};

}  // namespace splitscope::session
