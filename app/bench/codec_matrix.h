// SPDX-License-Identifier: GPL-3.0-or-later
// Every cut at every width through every writer: bytes and time.
#pragma once

#include "app/bench/bench_report.h"
#include "app/bench/codec_writers.h"

namespace splitscope::app {

/// Means of the pictures' whole records; times are medians of a picture's.
struct CodecCell {
    double bytes = 0;
    double encodeUs = 0;
    double decodeUs = 0;
};

/// One cut at one width.
struct CodecRow {
    std::size_t cut = 0;
    int bits = 0;
    /// A picture's bytes by an ideal coder that knows how often each level is met in all pictures together, and nothing else.
    double entropyBytes = 0;
    std::array<std::optional<CodecCell>, kWriters.size()> cells;  ///< none without a book
};

using CodecRows = std::vector<CodecRow>;

/// Width by width, cut by cut; of each row all writers, one after the other. An Error also where a record does not give back
/// what bit packing does.
base::Result<CodecRows> measureRows(const CodecSubject& subject, const std::vector<int>& widths, const std::stop_token& stop);

/// All numbers, as `<model>_<cut>_<bits>_<writer>_…`, and their sums over the cuts; tables with or without each cut.
void reportRows(const CodecSubject& subject, const CodecRows& rows, bool listCuts, BenchReport& report);

/// What is asked of the codecs, with its goals.
void reportGoals(const CodecSubject& subject, const CodecRows& rows, BenchReport& report);

}  // namespace splitscope::app
