// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/exports.h"

#include "core/base/files.h"
#include "core/session/record_store_p.h"

#include <array>
#include <charconv>
#include <map>
#include <sstream>

namespace splitscope::session {

namespace {

/// The requests table's columns from `first_frame` on, in its order, then what is gathered from the frames table.
constexpr const char* kColumns
    = "first_frame,count,outcome,reason,exit,partition,coding,decision_age,capture_ms,device_segment_ms,encode_ms,send_queue_ms,"
      "transfer_ms,edge_queue_ms,decode_ms,edge_segment_ms,reply_ms,fallback_ms,total_ms,captured_at_ms,payload_bytes,wire_bytes,"
      "set_bytes_per_second,achieved_bytes_per_second,energy_j_per_frame,rtt_ms,"
      "estimated_bytes_per_second,estimate_low,estimate_high,reward,regret";
constexpr int kColumnCount = 31;
constexpr const char* kGathered = ",labels,truths,correct";
constexpr int kFirstStage = 8;  ///< capture_ms; all after it are numbers
constexpr int kRewardColumn = 29;  ///< it and regret are empty where no cost table priced the request
constexpr int kLabelColumn = kColumnCount;
constexpr int kTruthColumn = kColumnCount + 1;

std::string quoted(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (char c : text) {
        if (c == '"')
            out += '"';
        out += c == '\r' || c == '\n' ? ' ' : c;  // a row stays a line
    }
    return out + '"';
}

std::string number(double value)
{
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

struct Gathered {
    std::string labels, truths;
    int correct = 0;
};

std::map<std::int64_t, Gathered> gatherFrames(const Database& database, std::uint64_t run)
{
    std::map<std::int64_t, Gathered> requests;
    auto frames = database.prepare("SELECT first_frame, label, truth FROM frames WHERE run = ?1 ORDER BY id");
    frames.bind(1, static_cast<std::int64_t>(run));
    while (frames.next()) {
        auto& request = requests[frames.integer(0)];
        const char* separator = request.labels.empty() ? "" : " ";
        request.labels += separator + std::to_string(frames.integer(1));
        request.truths += separator + std::to_string(frames.integer(2));
        request.correct += frames.integer(1) >= 0 && frames.integer(1) == frames.integer(2) ? 1 : 0;
    }
    return requests;
}

std::string rowOf(const Statement& row)
{
    std::string line;
    for (int column = 0; column < kColumnCount; ++column) {
        if (column > 0)
            line += ',';
        if (row.isNull(column))
            continue;
        const bool isText = column == 2 || column == 3 || column == 6;
        const bool isWhole = column < kFirstStage || column == 20 || column == 21;
        line += isText ? quoted(row.text(column)) : isWhole ? std::to_string(row.integer(column)) : number(row.real(column));
    }
    return line;
}

/// Splits one line; quoted fields may hold commas and doubled quotes. (Reasons never hold line breaks: see quoted().)
std::vector<std::string> fieldsOf(const std::string& line)
{
    std::vector<std::string> fields(1);
    bool inQuotes = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && inQuotes && i + 1 < line.size() && line[i + 1] == '"')
            fields.back() += line[++i];
        else if (c == '"')
            inQuotes = !inQuotes;
        else if (c == ',' && !inQuotes)
            fields.emplace_back();
        else
            fields.back() += c;
    }
    return fields;
}

class FieldReader {
public:
    explicit FieldReader(std::vector<std::string> fields) : m_fields(std::move(fields)) {}

    double real(int column)
    {
        double value = 0;
        const auto& field = m_fields[static_cast<std::size_t>(column)];
        const auto [end, ec] = std::from_chars(field.data(), field.data() + field.size(), value);
        m_ok = m_ok && ec == std::errc() && end == field.data() + field.size();
        return value;
    }
    template <typename T>
    T whole(int column)
    {
        const double value = real(column);
        m_ok = m_ok && value >= 0 && value <= 2e9;
        return m_ok ? static_cast<T>(value) : T{};
    }
    const std::string& text(int column) { return m_fields[static_cast<std::size_t>(column)]; }
    std::vector<int> list(int column)
    {
        std::istringstream in(text(column));
        std::vector<int> values;
        for (int value; in >> value;)
            values.push_back(value);
        m_ok = m_ok && in.eof();
        return values;
    }
    void require(bool condition) { m_ok = m_ok && condition; }
    [[nodiscard]] bool ok() const { return m_ok; }

private:
    std::vector<std::string> m_fields;
    bool m_ok = true;
};

wire::Outcome outcomeOf(FieldReader& in)
{
    for (auto outcome : {wire::Outcome::Done, wire::Outcome::Fallback, wire::Outcome::Lost})
        if (in.text(2) == toString(outcome))
            return outcome;
    in.require(false);
    return wire::Outcome::Lost;
}

Sample sampleOf(FieldReader& in)
{
    Sample sample;
    auto& record = sample.record;
    record.firstFrame = in.whole<std::uint64_t>(0);
    record.count = in.whole<int>(1);
    record.outcome = outcomeOf(in);
    record.reason = in.text(3);
    record.decision.exit = in.whole<int>(4);
    record.decision.partition = in.whole<int>(5);
    const auto coding = codec::parseCoding(in.text(6));
    in.require(coding.ok());
    if (coding)
        record.decision.coding = *coding;
    record.decisionAge = in.whole<int>(7);
    auto& s = record.stages;
    int column = kFirstStage;
    for (double* ms : {&s.capture, &s.deviceSegment, &s.encode, &s.sendQueue, &s.transfer, &s.edgeQueue, &s.decode,
                       &s.edgeSegment, &s.reply, &s.fallback, &s.total, &record.capturedAtMs})
        *ms = in.real(column++);
    record.payloadBytes = in.whole<std::uint64_t>(column++);
    record.wireBytes = in.whole<std::uint64_t>(column++);
    for (double* value : {&record.setBytesPerSecond, &record.achievedBytesPerSecond, &sample.energyJoules, &sample.rttMs,
                          &sample.estimatedBytesPerSecond, &sample.estimateLow, &sample.estimateHigh})
        *value = in.real(column++);
    sample.priced = !in.text(kRewardColumn).empty();
    if (sample.priced) {
        sample.reward = in.real(kRewardColumn);
        sample.regret = in.real(kRewardColumn + 1);
    }
    record.labels = in.list(kLabelColumn);
    record.truths = in.list(kTruthColumn);
    return sample;
}

}  // namespace

std::string requestsCsvHeader() { return std::string(kColumns) + kGathered; }

base::Status exportRequestsCsv(const std::filesystem::path& records, std::uint64_t run, const std::filesystem::path& csv)
{
    const auto database = openRecords(records, Database::Mode::ReadOnly);
    if (!database)
        return database.error();
    const std::string sql = std::string("SELECT ") + kColumns + " FROM requests WHERE run = ?1 ORDER BY first_frame";
    auto rows = database->prepare(sql.c_str());
    if (!rows.ok())
        return database->lastError("holds no records of this program");
    auto frames = gatherFrames(*database, run);
    std::string text = requestsCsvHeader() + "\n";
    rows.bind(1, static_cast<std::int64_t>(run));
    while (rows.next()) {
        const auto& gathered = frames[rows.integer(0)];
        text += rowOf(rows) + ',' + gathered.labels + ',' + gathered.truths + ',' + std::to_string(gathered.correct) + '\n';
    }
    return base::writeFileAtomically(csv, base::asBytes(text));
}

base::Result<std::vector<Sample>> readRequestsCsv(const std::filesystem::path& csv)
{
    const auto bytes = base::readFile(csv);
    if (!bytes)
        return bytes.error();
    std::istringstream in{std::string(base::asText(*bytes))};
    std::string line;
    if (!std::getline(in, line) || line != requestsCsvHeader())
        return base::Error{base::ErrorCode::InvalidInput, "does not begin with the header of a run's CSV", csv.string()};
    std::vector<Sample> samples;
    std::uint64_t correct = 0, finished = 0;
    for (int lineNumber = 2; std::getline(in, line); ++lineNumber) {
        auto fields = fieldsOf(line);
        const bool whole = fields.size() == kColumnCount + 3;
        FieldReader reader(std::move(fields));
        if (whole)
            samples.push_back(sampleOf(reader));
        if (!whole || !reader.ok())
            return base::Error{base::ErrorCode::InvalidInput, "is not a row of a run's CSV",
                               csv.string() + ":" + std::to_string(lineNumber)};
        if (samples.back().record.outcome != wire::Outcome::Lost) {
            correct += reader.whole<std::uint64_t>(kColumnCount + 2);
            finished += static_cast<std::uint64_t>(samples.back().record.count);
        }
        samples.back().runningAccuracy = finished ? static_cast<double>(correct) / static_cast<double>(finished) : 0;
    }
    return samples;
}

}  // namespace splitscope::session
