// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_columns.h"

#include "core/session/reason.h"
#include "core/session/run_columns_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace splitscope::session {

namespace {

wire::Outcome outcomeOf(const std::string& text)
{
    for (auto outcome : {wire::Outcome::Done, wire::Outcome::Fallback})
        if (text == toString(outcome))
            return outcome;
    return wire::Outcome::Lost;
}

template <typename T>
T narrowed(std::int64_t value)
{
    return static_cast<T>(std::clamp<std::int64_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

template <typename T>
void appendWholes(std::vector<T>& to, const std::vector<std::int64_t>& from)
{
    const auto before = to.size();
    to.resize(before + from.size());
    std::transform(from.begin(), from.end(), to.begin() + static_cast<std::ptrdiff_t>(before), narrowed<T>);
}

void appendReals(std::vector<float>& to, const std::vector<double>& from)
{
    const auto before = to.size();
    to.resize(before + from.size());
    std::transform(from.begin(), from.end(), to.begin() + static_cast<std::ptrdiff_t>(before),
                   [](double value) { return static_cast<float>(value); });
}

/// What a part's texts are here, made once a text and not once a row.
template <typename T, typename Make>
void appendTexts(std::vector<T>& to, const RunPart& part, Field field, Make make)
{
    std::vector<std::int64_t> made(part.texts().size(), -1);
    const auto& indices = part.wholes(field);
    for (const auto index : indices) {
        auto& value = made[static_cast<std::size_t>(index)];
        if (value < 0)
            value = static_cast<std::int64_t>(make(part.texts()[static_cast<std::size_t>(index)]));
        to.push_back(static_cast<T>(value));
    }
}

}  // namespace

std::uint8_t ColumnsBuilder::codingOf(const std::string& text)
{
    const auto coding = codec::parseCoding(text);
    const codec::Coding value = coding ? *coding : codec::Coding{codec::CodingKind::LabelOnly, 0};
    const auto found = std::find(m_columns.codings.begin(), m_columns.codings.end(), value);
    const auto index = static_cast<std::size_t>(found - m_columns.codings.begin());
    if (found == m_columns.codings.end() && index < std::numeric_limits<std::uint8_t>::max())
        m_columns.codings.push_back(value);
    return static_cast<std::uint8_t>(std::min(index, m_columns.codings.size() - 1));
}

std::uint8_t ColumnsBuilder::gateIndexOf(const std::string& text)
{
    auto& gates = m_columns.gates;
    const auto found = std::find(gates.begin(), gates.end(), gateOf(text));
    const auto index = static_cast<std::size_t>(found - gates.begin());
    if (found == gates.end() && index < std::numeric_limits<std::uint8_t>::max())
        gates.push_back(gateOf(text));
    return static_cast<std::uint8_t>(std::min(index, gates.size() - 1));
}

std::uint32_t ColumnsBuilder::textOf(const std::string& text)
{
    if (m_columns.texts.empty())
        m_columns.texts.emplace_back();
    if (text.empty())
        return 0;
    const auto [found, isNew] = m_texts.try_emplace(text, static_cast<std::uint32_t>(m_columns.texts.size()));
    if (isNew)
        m_columns.texts.push_back(text);
    return found->second;
}

void ColumnsBuilder::reserve(std::size_t requests)
{
    auto& c = m_columns;
    const auto all = [requests](auto&... columns) { (columns.reserve(requests), ...); };
    all(c.firstFrame, c.count, c.outcome, c.exit, c.partition, c.coding, c.decisionAge, c.capturedAtMs, c.capture,
        c.deviceSegment, c.encode, c.sendQueue, c.transfer, c.edgeQueue, c.decode, c.edgeSegment, c.reply, c.fallback, c.total,
        c.payloadBytes, c.wireBytes, c.setBytesPerSecond, c.achievedBytesPerSecond, c.estimatedBytesPerSecond, c.estimateLow,
        c.estimateHigh, c.energyJoules, c.rttMs, c.reward, c.regret, c.expectedAccuracy, c.optimumExit, c.optimumPartition,
        c.optimumCoding, c.gate, c.optimumGate, c.answeredEarly, c.uplinkChanged, c.reason, c.strategyReason, c.firstLabel,
        c.labels, c.truths, c.runningAccuracy);
    for (auto& column : c.health)
        column.reserve(requests);
}

void ColumnsBuilder::append(const RunPart& part)
{
    auto& c = m_columns;
    for (const auto frame : part.wholes(Field::FirstFrame))
        c.firstFrame.push_back(static_cast<std::uint64_t>(frame));
    appendWholes(c.count, part.wholes(Field::Count));
    appendTexts(c.outcome, part, Field::Outcome, [](const std::string& text) { return outcomeOf(text); });
    appendWholes(c.exit, part.wholes(Field::Exit));
    appendWholes(c.partition, part.wholes(Field::Partition));
    appendTexts(c.coding, part, Field::Coding, [this](const std::string& text) { return codingOf(text); });
    appendWholes(c.decisionAge, part.wholes(Field::DecisionAge));
    auto field = static_cast<int>(Field::Capture);
    for (auto* stage : {&c.capture, &c.deviceSegment, &c.encode, &c.sendQueue, &c.transfer, &c.edgeQueue, &c.decode,
                        &c.edgeSegment, &c.reply, &c.fallback, &c.total})
        appendReals(*stage, part.reals(static_cast<Field>(field++)));
    const auto& captured = part.reals(Field::CapturedAt);
    c.capturedAtMs.insert(c.capturedAtMs.end(), captured.begin(), captured.end());
    appendWholes(c.payloadBytes, part.wholes(Field::PayloadBytes));
    appendWholes(c.wireBytes, part.wholes(Field::WireBytes));
    field = static_cast<int>(Field::SetRate);
    for (auto* column : {&c.setBytesPerSecond, &c.achievedBytesPerSecond, &c.energyJoules, &c.rttMs, &c.estimatedBytesPerSecond,
                         &c.estimateLow, &c.estimateHigh, &c.reward, &c.regret, &c.expectedAccuracy})
        appendReals(*column, part.reals(static_cast<Field>(field++)));
    field = static_cast<int>(Field::DeviceTemperature);
    for (auto& column : c.health)
        appendReals(column, part.reals(static_cast<Field>(field++)));
    appendWholes(c.optimumExit, part.wholes(Field::OptimumExit));
    appendWholes(c.optimumPartition, part.wholes(Field::OptimumPartition));
    appendTexts(c.optimumCoding, part, Field::OptimumCoding, [this](const std::string& text) { return codingOf(text); });
    if (c.gates.empty())
        c.gates.emplace_back();
    appendTexts(c.gate, part, Field::Gate, [this](const std::string& text) { return gateIndexOf(text); });
    appendTexts(c.optimumGate, part, Field::OptimumGate, [this](const std::string& text) { return gateIndexOf(text); });
    for (const auto bits : part.wholes(Field::AnsweredEarly))
        c.answeredEarly.push_back(static_cast<std::uint64_t>(bits));
    appendWholes(c.uplinkChanged, part.wholes(Field::UplinkChanged));
    appendTexts(c.reason, part, Field::Reason, [this](const std::string& text) { return textOf(text); });
    appendTexts(c.strategyReason, part, Field::StrategyReason, [this](const std::string& text) { return textOf(text); });
    appendLabels(part);
}

void ColumnsBuilder::appendLabels(const RunPart& part)
{
    auto& c = m_columns;
    std::size_t frame = 0;
    for (std::size_t row = c.firstLabel.size(), i = 0; i < part.size(); ++i, ++row) {
        c.firstLabel.push_back(static_cast<std::uint32_t>(c.labels.size() + frame));
        const bool isLost = c.outcome[row] == wire::Outcome::Lost;
        const auto count = static_cast<std::size_t>(part.wholes(Field::Count)[i]);
        for (std::size_t k = 0; k < count; ++k, ++frame)
            m_correct += !isLost && part.labels()[frame] >= 0 && part.labels()[frame] == part.truths()[frame] ? 1 : 0;
        m_labelled += isLost ? 0 : count;
        c.runningAccuracy.push_back(
            m_labelled ? static_cast<float>(static_cast<double>(m_correct) / static_cast<double>(m_labelled)) : 0);
    }
    appendWholes(c.labels, part.labels());
    appendWholes(c.truths, part.truths());
}

RunColumns ColumnsBuilder::take()
{
    if (m_columns.texts.empty())
        m_columns.texts.emplace_back();
    return std::move(m_columns);
}

Sample RunColumns::sample(std::size_t i) const
{
    Sample sample;
    auto& record = sample.record;
    record.firstFrame = firstFrame[i];
    record.count = count[i];
    record.outcome = outcome[i];
    record.reason = texts[reason[i]];
    record.decision = {exit[i], partition[i], codings[coding[i]], gates[gate[i]]};
    if (record.decision.gate)
        record.answeredEarly = answeredEarly[i];
    record.decisionAge = decisionAge[i];
    const auto real = [i](const std::vector<float>& column) { return static_cast<double>(column[i]); };
    record.stages = {real(capture), real(deviceSegment), real(encode), real(sendQueue), real(transfer), real(edgeQueue),
                     real(decode),  real(edgeSegment),   real(reply),  real(fallback),  real(total)};
    record.capturedAtMs = capturedAtMs[i];
    record.payloadBytes = payloadBytes[i];
    record.wireBytes = wireBytes[i];
    record.setBytesPerSecond = real(setBytesPerSecond);
    record.achievedBytesPerSecond = real(achievedBytesPerSecond);
    const auto first = labels.begin() + static_cast<std::ptrdiff_t>(firstLabel[i]);
    record.labels.assign(first, first + count[i]);
    const auto truth = truths.begin() + static_cast<std::ptrdiff_t>(firstLabel[i]);
    record.truths.assign(truth, truth + count[i]);
    sample.energyJoules = real(energyJoules);
    sample.runningAccuracy = real(runningAccuracy);
    sample.rttMs = real(rttMs);
    sample.estimatedBytesPerSecond = real(estimatedBytesPerSecond);
    sample.estimateLow = real(estimateLow);
    sample.estimateHigh = real(estimateHigh);
    sample.uplinkChanged = uplinkChanged[i] != 0;
    sample.priced = !std::isnan(reward[i]);
    if (sample.priced) {
        sample.reward = real(reward);
        sample.regret = real(regret);
        sample.expectedAccuracy = std::isnan(expectedAccuracy[i]) ? 0 : real(expectedAccuracy);
        sample.optimum = {optimumExit[i], optimumPartition[i], codings[optimumCoding[i]], gates[optimumGate[i]]};
    }
    HealthFields told{};
    std::transform(health.begin(), health.end(), told.begin(), real);
    sample.health = healthFrom(told);
    sample.reason = reasonOf(record);
    sample.strategyReason = texts[strategyReason[i]];
    return sample;
}

}  // namespace splitscope::session
