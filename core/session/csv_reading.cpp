// SPDX-License-Identifier: GPL-3.0-or-later
// A run's CSV, read back.
#include "core/base/files.h"
#include "core/session/exports.h"
#include "core/session/record_columns_p.h"

#include <charconv>
#include <limits>
#include <map>
#include <sstream>

namespace splitscope::session {

namespace {

/// Splits one line; quoted fields may hold commas and doubled quotes.
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

/// Where each column is in a file's rows; those of later schemas may be missing.
class ColumnPlaces {
public:
    explicit ColumnPlaces(const std::vector<std::string>& header) : m_count(header.size())
    {
        for (std::size_t i = 0; i < header.size(); ++i)
            m_places.emplace(header[i], i);
    }
    [[nodiscard]] bool areWhole() const
    {
        for (const auto& column : kRequestColumns)
            if (column.since == 1 && !m_places.contains(column.name))
                return false;
        return m_places.contains("labels") && m_places.contains("truths");
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] const std::size_t* find(const char* name) const
    {
        const auto found = m_places.find(name);
        return found == m_places.end() ? nullptr : &found->second;
    }

private:
    std::map<std::string, std::size_t, std::less<>> m_places;
    std::size_t m_count;
};

class FieldReader {
public:
    FieldReader(const ColumnPlaces& places, std::vector<std::string> fields) : m_places(places), m_fields(std::move(fields)) {}

    const std::string& text(const char* name)
    {
        static const std::string kEmpty;
        const auto* place = m_places.find(name);
        return place ? m_fields[*place] : kEmpty;
    }
    const std::string& text(Field field) { return text(kRequestColumns[static_cast<std::size_t>(field)].name); }
    /// 0 for a column that the file lacks.
    double real(Field field)
    {
        const auto* name = kRequestColumns[static_cast<std::size_t>(field)].name;
        if (!m_places.find(name))
            return 0;
        double value = 0;
        const auto& digits = text(name);
        const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        m_ok = m_ok && ec == std::errc() && end == digits.data() + digits.size();
        return value;
    }
    /// Of all its bits; 0 for a column that the file lacks.
    template <typename T>
    T integer(Field field)
    {
        const auto* name = kRequestColumns[static_cast<std::size_t>(field)].name;
        if (!m_places.find(name))
            return 0;
        T value = 0;
        const auto& digits = text(name);
        const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        m_ok = m_ok && ec == std::errc() && end == digits.data() + digits.size();
        return value;
    }
    template <typename T>
    T whole(Field field)
    {
        const T value = integer<T>(field);
        m_ok = m_ok && value >= T{};
        return value;
    }
    std::optional<decision::Gate> gate(Field field)
    {
        if (text(field).empty())
            return std::nullopt;
        const auto gate = gateOf(text(field));
        require(gate.has_value());
        return gate;
    }
    codec::Coding coding(Field field)
    {
        const auto parsed = codec::parseCoding(text(field));
        require(parsed.ok());
        return parsed ? *parsed : codec::Coding{};
    }
    std::vector<int> list(const char* name)
    {
        std::istringstream in(text(name));
        std::vector<int> values;
        for (int value; in >> value;)
            values.push_back(value);
        m_ok = m_ok && in.eof();
        return values;
    }
    void require(bool condition) { m_ok = m_ok && condition; }
    [[nodiscard]] bool ok() const { return m_ok; }

private:
    const ColumnPlaces& m_places;
    std::vector<std::string> m_fields;
    bool m_ok = true;
};

wire::Outcome outcomeOf(FieldReader& in)
{
    for (auto outcome : {wire::Outcome::Done, wire::Outcome::Fallback, wire::Outcome::Lost})
        if (in.text(Field::Outcome) == toString(outcome))
            return outcome;
    in.require(false);
    return wire::Outcome::Lost;
}

void readPrices(FieldReader& in, Sample& sample)
{
    sample.priced = !in.text(Field::Reward).empty();
    if (!sample.priced)
        return;
    sample.reward = in.real(Field::Reward);
    sample.regret = in.real(Field::Regret);
    if (!in.text(Field::ExpectedAccuracy).empty())
        sample.expectedAccuracy = in.real(Field::ExpectedAccuracy);
    if (!in.text(Field::OptimumCoding).empty())
        sample.optimum = {in.whole<int>(Field::OptimumExit), in.whole<int>(Field::OptimumPartition),
                          in.coding(Field::OptimumCoding), in.gate(Field::OptimumGate)};
}

void readHealth(FieldReader& in, Sample& sample)
{
    auto field = static_cast<int>(Field::DeviceTemperature);
    HealthFields told{};
    for (double& value : told) {
        const auto at = static_cast<Field>(field++);
        value = in.text(at).empty() ? std::numeric_limits<double>::quiet_NaN() : in.real(at);
    }
    sample.health = healthFrom(told);
}

Sample sampleOf(FieldReader& in)
{
    Sample sample;
    auto& record = sample.record;
    record.firstFrame = in.whole<std::uint64_t>(Field::FirstFrame);
    record.count = in.whole<int>(Field::Count);
    record.outcome = outcomeOf(in);
    record.reason = in.text(Field::Reason);
    record.decision
        = {in.whole<int>(Field::Exit), in.whole<int>(Field::Partition), in.coding(Field::Coding), in.gate(Field::Gate)};
    if (record.decision.gate)
        record.answeredEarly = static_cast<std::uint64_t>(in.integer<std::int64_t>(Field::AnsweredEarly));
    record.decisionAge = in.whole<int>(Field::DecisionAge);
    auto& s = record.stages;
    auto field = static_cast<int>(Field::Capture);
    for (double* ms : {&s.capture, &s.deviceSegment, &s.encode, &s.sendQueue, &s.transfer, &s.edgeQueue, &s.decode,
                       &s.edgeSegment, &s.reply, &s.fallback, &s.total, &record.capturedAtMs})
        *ms = in.real(static_cast<Field>(field++));
    record.payloadBytes = in.whole<std::uint64_t>(Field::PayloadBytes);
    record.wireBytes = in.whole<std::uint64_t>(Field::WireBytes);
    field = static_cast<int>(Field::SetRate);
    for (double* value : {&record.setBytesPerSecond, &record.achievedBytesPerSecond, &sample.energyJoules, &sample.rttMs,
                          &sample.estimatedBytesPerSecond, &sample.estimateLow, &sample.estimateHigh})
        *value = in.real(static_cast<Field>(field++));
    readPrices(in, sample);
    readHealth(in, sample);
    sample.uplinkChanged = in.text(Field::UplinkChanged) == "1";
    sample.strategyReason = in.text(Field::StrategyReason);
    record.labels = in.list("labels");
    record.truths = in.list("truths");
    return sample;
}

}  // namespace

base::Result<std::vector<Sample>> readRequestsCsv(const std::filesystem::path& csv)
{
    const auto bytes = base::readFile(csv);
    if (!bytes)
        return bytes.error();
    std::istringstream in{std::string(base::asText(*bytes))};
    std::string line;
    std::getline(in, line);
    const ColumnPlaces places(fieldsOf(line));
    if (!places.areWhole())
        return base::Error{base::ErrorCode::InvalidInput, "does not begin with the header of a run's CSV", csv.string()};
    std::vector<Sample> samples;
    std::uint64_t correct = 0, finished = 0;
    for (int lineNumber = 2; std::getline(in, line); ++lineNumber) {
        auto fields = fieldsOf(line);
        const bool whole = fields.size() == places.count();
        FieldReader reader(places, std::move(fields));
        if (whole)
            samples.push_back(sampleOf(reader));
        if (!whole || !reader.ok())
            return base::Error{base::ErrorCode::InvalidInput, "is not a row of a run's CSV",
                               csv.string() + ":" + std::to_string(lineNumber)};
        const auto& record = samples.back().record;
        if (record.outcome != wire::Outcome::Lost) {
            for (std::size_t i = 0; i < record.labels.size() && i < record.truths.size(); ++i)
                correct += record.labels[i] >= 0 && record.labels[i] == record.truths[i] ? 1 : 0;
            finished += static_cast<std::uint64_t>(record.count);
        }
        samples.back().runningAccuracy = finished ? static_cast<double>(correct) / static_cast<double>(finished) : 0;
    }
    return samples;
}

}  // namespace splitscope::session
