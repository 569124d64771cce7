// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/scenario.h"

#include "core/base/files.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

namespace splitscope::session {

namespace {

base::Error wrong(const QString& key, const std::string& text, const std::string& where)
{
    return {base::ErrorCode::InvalidInput, "'" + key.toStdString() + "' " + text, where};
}

/// Reads the fields of one JSON object; remembers the first error, and which keys were asked for.
class Reader {
public:
    Reader(QJsonObject object, std::string where) : m_object(std::move(object)), m_where(std::move(where)) {}

    void read(const char* key, std::string& target)
    {
        const auto value = take(key);
        if (value.isString())
            target = value.toString().toStdString();
        else
            expect(value, key, "must be text");
    }
    void read(const char* key, bool& target)
    {
        const auto value = take(key);
        if (value.isBool())
            target = value.toBool();
        else
            expect(value, key, "must be true or false");
    }
    void read(const char* key, double& target)
    {
        const auto value = take(key);
        if (value.isDouble())
            target = value.toDouble();
        else
            expect(value, key, "must be a number");
    }
    template <std::integral T>
    void read(const char* key, T& target)
    {
        const auto value = take(key);
        const double number = value.toDouble(-1);
        if (value.isDouble() && number == std::floor(number) && number >= 0 && number <= limitOf<T>())
            target = static_cast<T>(number);
        else
            expect(value, key, "must be a whole number that is not negative");
    }
    /// Text that `parse` turns into the value.
    template <typename T, typename Parse>
    void readAs(const char* key, T& target, Parse parse)
    {
        std::string text;
        read(key, text);
        if (!m_object.contains(key) || m_error)
            return;
        if (const auto parsed = parse(text); parsed.ok())
            target = *parsed;
        else
            fail(key, "is '" + text + "': " + parsed.error().text);
    }
    /// A list of texts that `parse` turns into the values.
    template <typename T, typename Parse>
    void readList(const char* key, std::vector<T>& target, Parse parse)
    {
        const auto value = take(key);
        if (!value.isArray())
            return expect(value, key, "must be a list of texts");
        for (const auto& item : value.toArray()) {
            const auto parsed = parse(item.toString().toStdString());
            if (!item.isString() || !parsed.ok())
                return fail(key, item.isString() ? "is wrong: " + parsed.error().text : "must be a list of texts");
            target.push_back(*parsed);
        }
    }
    /// An object within this one, read by `fill`.
    template <typename Fill>
    void readObject(const char* key, Fill fill)
    {
        const auto value = take(key);
        if (!value.isObject())
            return expect(value, key, "must be an object");
        Reader inner(value.toObject(), m_where + ": " + key);
        fill(inner);
        if (const auto status = inner.finish(); !status && !m_error)
            m_error = status.error();
    }

    /// An object that has a reader of its own.
    template <typename T, typename Parse>
    void readDocument(const char* key, T& target, Parse parse)
    {
        const auto value = take(key);
        if (value.isUndefined())
            return;
        if (!value.isObject())
            return expect(value, key, "must be an object");
        const auto json = QJsonDocument(value.toObject()).toJson();
        auto parsed = parse(std::string_view(json.constData(), static_cast<std::size_t>(json.size())), m_where + ": " + key);
        if (parsed.ok())
            target = std::move(*parsed);
        else if (!m_error)
            m_error = parsed.error();
    }

    [[nodiscard]] base::Status finish() const
    {
        if (m_error)
            return *m_error;
        for (const auto& key : m_object.keys())
            if (!m_known.contains(key))
                return wrong(key, "is not a known key; known are " + m_known.join(", ").toStdString(), m_where);
        return {};
    }

private:
    template <typename T>
    static constexpr double limitOf()
    {
        return sizeof(T) == 8 ? 9007199254740992.0 : 2147483647.0;
    }
    QJsonValue take(const char* key)
    {
        m_known << key;
        return m_object.contains(key) ? m_object.value(key) : QJsonValue(QJsonValue::Undefined);
    }
    void expect(const QJsonValue& value, const char* key, const char* text)
    {
        if (!value.isUndefined())
            fail(key, text);
    }
    void fail(const char* key, const std::string& text)
    {
        if (!m_error)
            m_error = wrong(key, text, m_where);
    }

    QJsonObject m_object;
    std::string m_where;
    QStringList m_known;
    std::optional<base::Error> m_error;
};

/// Limits that are not there are none.
/// "1:0.5", or nothing.
base::Result<std::optional<decision::Gate>> parseOptionalGate(const std::string& text)
{
    if (text.empty())
        return std::optional<decision::Gate>();
    const auto gate = decision::parseGate(text);
    if (!gate)
        return gate.error();
    return std::optional(*gate);
}

void readObjective(Reader& in, decision::Objective& objective)
{
    in.readAs("kind", objective.kind, parseRewardKind);
    in.read("s_mb_per_s", objective.sensitivity);
    in.read("n", objective.scale);
    in.read("energy_limit_j_per_frame", objective.energyLimitJoules);
    in.read("deadline_ms", objective.deadlineMs);
    in.read("accuracy_floor", objective.accuracyFloor);
    in.read("first_cut", objective.firstCut);
    in.read("last_cut", objective.lastCut);
}

void readScale(Reader& in, decision::RewardScale& scale)
{
    in.read("accuracy_min", scale.accuracyMin);
    in.read("accuracy_max", scale.accuracyMax);
    in.read("latency_min_ms", scale.latencyMinMs);
    in.read("latency_max_ms", scale.latencyMaxMs);
    in.read("max_bytes_per_second", scale.maxBytesPerSecond);
}

void readFields(Reader& in, Scenario& s)
{
    in.read("device", s.device);
    in.read("device_key", s.deviceKey);
    in.read("model", s.model);
    in.read("weights", s.weights);
    in.read("codebook", s.codebook);
    in.read("data", s.data);
    in.read("split", s.split);
    in.read("strategy", s.strategy);
    in.readObject("decision", [&](Reader& inner) {
        inner.read("exit", s.decision.exit);
        inner.read("partition", s.decision.partition);
        inner.readAs("coding", s.decision.coding, codec::parseCoding);
        inner.readAs("gate", s.decision.gate, parseOptionalGate);
    });
    in.read("jpeg_quality", s.jpegQuality);
    in.read("action_set", s.actionSet);
    in.read("dwell_requests", s.dwell);
    in.read("accuracy_loss", s.accuracyLoss);
    in.readAs("entropy_coder", s.coder, codec::parseEntropyCoder);
    in.readObject("shaping", [&](Reader& inner) {
        inner.read("burst_bytes", s.shaping.burstBytes);
        inner.read("delay_ms", s.shaping.delayMs);
        inner.read("jitter_ms", s.shaping.jitterMs);
        inner.readAs("by", s.shaping.by, parseShapedBy);
    });
    in.read("bandwidth", s.bandwidth);
    in.read("probe", s.probe);
    in.read("correct_table", s.correctTable);
    in.read("slowdown", s.slowdown);
    in.readAs("slowdown_by", s.slowdownBy, parseSlowdownBy);
    in.read("batch", s.batch);
    in.read("depth", s.depth);
    in.read("frames", s.frames);
    in.read("seed", s.seed);
    in.read("min_interval_ms", s.minIntervalMs);
    in.read("min_failover_ms", s.minFailoverMs);
    in.read("device_threads", s.deviceThreads);
    in.read("edge_threads", s.edgeThreads);
    in.read("deadline_ms", s.deadlineMs);
    in.read("record_logits", s.recordLogits);
    in.readDocument("energy", s.energy, profile::parseEnergyProfile);
    in.readObject("reward", [&](Reader& inner) { readObjective(inner, s.objective); });
    in.readObject("scale", [&](Reader& inner) { readScale(inner, s.scale.emplace()); });
    in.read("cost_table", s.costTable);
    in.read("policy", s.policy);
    in.read("shadow", s.shadow);
    in.readList("faults", s.faults, parseFault);
}

QString text(const std::string& value) { return QString::fromStdString(value); }

QJsonObject toObject(const decision::Objective& objective)
{
    QJsonObject object{{"kind", text(toString(objective.kind))},
                       {"s_mb_per_s", objective.sensitivity},
                       {"n", objective.scale},
                       {"accuracy_floor", objective.accuracyFloor},
                       {"first_cut", objective.firstCut}};
    if (objective.energyLimitJoules < decision::kNoLimit)
        object["energy_limit_j_per_frame"] = objective.energyLimitJoules;
    if (objective.deadlineMs < decision::kNoLimit)
        object["deadline_ms"] = objective.deadlineMs;
    if (objective.lastCut < std::numeric_limits<int>::max())
        object["last_cut"] = objective.lastCut;
    return object;
}

QJsonObject toObject(const decision::RewardScale& scale)
{
    return {{"accuracy_min", scale.accuracyMin},
            {"accuracy_max", scale.accuracyMax},
            {"latency_min_ms", scale.latencyMinMs},
            {"latency_max_ms", scale.latencyMaxMs},
            {"max_bytes_per_second", scale.maxBytesPerSecond}};
}

}  // namespace

base::Result<wire::SlowdownBy> parseSlowdownBy(const std::string& text)
{
    if (text == "waiting")
        return wire::SlowdownBy::Waiting;
    if (text == "work")
        return wire::SlowdownBy::Work;
    return base::Error{base::ErrorCode::InvalidInput, "it is 'waiting' or 'work'", text};
}

base::Result<wire::ShapedBy> parseShapedBy(const std::string& text)
{
    if (text == "user")
        return wire::ShapedBy::User;
    if (text == "kernel")
        return wire::ShapedBy::Kernel;
    return base::Error{base::ErrorCode::InvalidInput, "it is 'user' or 'kernel'", text};
}

std::string toString(decision::RewardKind kind) { return kind == decision::RewardKind::Edgent ? "edgent" : "paper"; }

base::Result<decision::RewardKind> parseRewardKind(const std::string& text)
{
    for (const auto kind : {decision::RewardKind::Paper, decision::RewardKind::Edgent})
        if (text == toString(kind))
            return kind;
    return base::Error{base::ErrorCode::InvalidInput, "it is 'paper' or 'edgent'", text};
}

base::Result<Scenario> parseScenario(std::string_view json, const std::string& where)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &problem);
    if (problem.error != QJsonParseError::NoError)
        return base::Error{base::ErrorCode::InvalidInput,
                           "is not JSON: " + problem.errorString().toStdString() + " at byte " + std::to_string(problem.offset),
                           where};
    if (!document.isObject())
        return base::Error{base::ErrorCode::InvalidInput, "a scenario is one JSON object", where};
    Scenario scenario;
    Reader reader(document.object(), where);
    readFields(reader, scenario);
    if (const auto status = reader.finish(); !status)
        return status.error();
    return scenario;
}

base::Result<Scenario> loadScenario(const std::filesystem::path& path)
{
    constexpr std::uintmax_t kLargestScenario = 1 << 20;
    const auto bytes = base::readFile(path, kLargestScenario);
    if (!bytes)
        return bytes.error();
    return parseScenario(base::asText(*bytes), path.string());
}

namespace {

QJsonObject decisionObject(const decision::Decision& decision)
{
    QJsonObject object{
        {"exit", decision.exit}, {"partition", decision.partition}, {"coding", text(codec::toString(decision.coding))}};
    if (decision.gate)
        object["gate"] = text(decision::toString(*decision.gate));
    return object;
}

}  // namespace

std::string toJson(const Scenario& s)
{
    QJsonObject object{
        {"device", text(s.device)},
        {"device_key", text(s.deviceKey)},
        {"model", text(s.model)},
        {"weights", text(s.weights)},
        {"codebook", text(s.codebook)},
        {"data", text(s.data)},
        {"split", text(s.split)},
        {"strategy", text(s.strategy)},
        {"decision", decisionObject(s.decision)},
        {"jpeg_quality", s.jpegQuality},
        {"action_set", text(s.actionSet)},
        {"dwell_requests", s.dwell},
        {"accuracy_loss", s.accuracyLoss},
        {"bandwidth", text(s.bandwidth)},
        {"shaping",
         QJsonObject{{"burst_bytes", s.shaping.burstBytes},
                     {"delay_ms", s.shaping.delayMs},
                     {"jitter_ms", s.shaping.jitterMs},
                     {"by", s.shaping.by == wire::ShapedBy::Kernel ? "kernel" : "user"}}},
        {"probe", s.probe},
        {"correct_table", s.correctTable},
        {"slowdown", s.slowdown},
        {"slowdown_by", s.slowdownBy == wire::SlowdownBy::Work ? "work" : "waiting"},
        {"batch", s.batch},
        {"depth", s.depth},
        {"frames", static_cast<qint64>(s.frames)},
        {"seed", static_cast<qint64>(s.seed)},
        {"min_interval_ms", s.minIntervalMs},
        {"min_failover_ms", s.minFailoverMs},
        {"device_threads", s.deviceThreads},
        {"edge_threads", s.edgeThreads},
        {"deadline_ms", s.deadlineMs},
        {"record_logits", s.recordLogits},
        {"energy", QJsonDocument::fromJson(QByteArray::fromStdString(profile::toJson(s.energy))).object()},
        {"reward", toObject(s.objective)},
        {"cost_table", text(s.costTable)},
        {"policy", text(s.policy)},
        {"shadow", text(s.shadow)},
    };
    if (s.coder)
        object["entropy_coder"] = text(codec::toString(*s.coder));
    if (s.scale)
        object["scale"] = toObject(*s.scale);
    QJsonArray faults;
    for (const auto& fault : s.faults)
        faults.append(text(toString(fault)));
    if (!faults.isEmpty())
        object["faults"] = faults;
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

}  // namespace splitscope::session
