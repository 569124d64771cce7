// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/profile/compute_profile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

namespace splitscope::profile {

namespace {

constexpr const char* kFormat = "splitscope-profile";
constexpr int kVersion = 1;
constexpr std::uintmax_t kMostBytes = 64 << 20;

QString text(const std::string& value) { return QString::fromStdString(value); }

QJsonObject toObject(const Measurement& m)
{
    return {{"mean_ms", m.meanMs}, {"p50_ms", m.p50Ms},   {"p95_ms", m.p95Ms},    {"sigma_ms", m.sigmaMs},
            {"low_ms", m.lowMs},   {"high_ms", m.highMs}, {"samples", m.samples}, {"excluded", m.excluded}};
}

QJsonObject toObject(const Machine& m)
{
    return {{"name", text(m.name)},
            {"processor", text(m.processor)},
            {"architecture", text(m.architecture)},
            {"system", text(m.system)},
            {"cores", m.cores},
            {"memory_bytes", m.memoryBytes},
            {"program", text(m.program)}};
}

/// What the system did not tell is not there.
QJsonObject toObject(const MachineState& s)
{
    QJsonObject object;
    if (s.governor)
        object["governor"] = text(*s.governor);
    if (s.clockHz)
        object["clock_hz"] = *s.clockHz;
    if (s.temperatureC)
        object["temperature_c"] = *s.temperatureC;
    if (s.throttled)
        object["throttled"] = *s.throttled;
    return object;
}

QJsonObject toObject(const EnergyProfile& energy)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(toJson(energy))).object();
}

QJsonArray toArray(const std::vector<LayerTime>& times, const char* nameKey)
{
    QJsonArray array;
    for (const auto& t : times)
        array << QJsonObject{{nameKey, text(t.layer)}, {"batch", t.batch}, {"time", toObject(t.time)}};
    return array;
}

QJsonArray toArray(const std::vector<SegmentTime>& times)
{
    QJsonArray array;
    for (const auto& t : times)
        array << QJsonObject{
            {"exit", t.exit}, {"first", t.first}, {"last", t.last}, {"batch", t.batch}, {"time", toObject(t.time)}};
    return array;
}

QJsonArray toArray(const std::vector<CodingTime>& times)
{
    QJsonArray array;
    for (const auto& t : times)
        array << QJsonObject{{"tensor", text(t.tensor)},
                             {"coding", text(codec::toString(t.coding))},
                             {"batch", t.batch},
                             {"encode", toObject(t.encode)},
                             {"decode", toObject(t.decode)}};
    return array;
}

QJsonArray toArray(const std::vector<std::string>& names)
{
    QJsonArray array;
    for (const auto& name : names)
        array << text(name);
    return array;
}

/// Reads an object's values; keeps the first error, which names the way to the value ("segments[3].time.p50_ms").
class Reader {
public:
    Reader(QJsonObject object, std::string where, std::string path, std::optional<base::Error>& error)
        : m_object(std::move(object)), m_where(std::move(where)), m_path(std::move(path)), m_error(error)
    {
    }

    std::string string(const char* key)
    {
        const auto value = take(key);
        if (!value.isString())
            fail(key, "must be text");
        return value.toString().toStdString();
    }
    /// Times, sizes and frequencies: nothing here may be negative but temperatures.
    double number(const char* key, double low = 0)
    {
        const auto value = take(key);
        const double result = value.toDouble();
        if (!value.isDouble() || !std::isfinite(result) || result < low)
            fail(key, low < 0 ? "must be a number" : "must be a number that is not negative");
        return result;
    }
    int integer(const char* key, int low)
    {
        const auto value = take(key);
        const double result = value.toDouble(-1);
        if (!value.isDouble() || result != std::floor(result) || result < low || result > 2147483647.0) {
            fail(key, "must be a whole number from " + std::to_string(low));
            return low;
        }
        return static_cast<int>(result);
    }
    bool boolean(const char* key)
    {
        const auto value = take(key);
        if (!value.isBool())
            fail(key, "must be true or false");
        return value.toBool();
    }
    template <typename Parse>
    auto parsed(const char* key, Parse parse)
    {
        auto result = parse(string(key));
        if (!result)
            fail(key, result.error().text);
        return result ? *result : std::decay_t<decltype(*result)>{};
    }
    Reader object(const char* key)
    {
        const auto value = take(key);
        if (!value.isObject())
            fail(key, "must be an object");
        return {value.toObject(), m_where, pathOf(key), m_error};
    }
    /// Calls read(entry) for each object of an array.
    template <typename Read>
    void each(const char* key, Read read)
    {
        const auto value = take(key);
        if (!value.isArray())
            return fail(key, "must be a list");
        const auto array = value.toArray();
        for (qsizetype i = 0; i < array.size() && !m_error; ++i) {
            const std::string path = pathOf(key) + "[" + std::to_string(i) + "]";
            if (!array[i].isObject())
                return fail(key, "must be a list of objects");
            Reader entry(array[i].toObject(), m_where, path, m_error);
            read(entry);
        }
    }
    std::vector<std::string> strings(const char* key)
    {
        const auto value = take(key);
        std::vector<std::string> texts;
        if (!value.isArray())
            fail(key, "must be a list of texts");
        for (const auto& entry : value.toArray()) {
            if (!entry.isString())
                fail(key, "must be a list of texts");
            texts.push_back(entry.toString().toStdString());
        }
        return texts;
    }
    [[nodiscard]] bool has(const char* key) const { return m_object.contains(key); }
    void fail(const char* key, const std::string& what)
    {
        if (!m_error)
            m_error = base::Error{base::ErrorCode::InvalidInput,
                                  has(key) ? "'" + pathOf(key) + "' " + what : "'" + pathOf(key) + "' is missing", m_where};
    }

private:
    [[nodiscard]] std::string pathOf(const char* key) const { return m_path.empty() ? key : m_path + "." + key; }
    [[nodiscard]] QJsonValue take(const char* key) const { return m_object.value(key); }

    QJsonObject m_object;
    std::string m_where, m_path;
    std::optional<base::Error>& m_error;
};

Measurement readMeasurement(Reader in)
{
    Measurement m;
    m.meanMs = in.number("mean_ms");
    m.p50Ms = in.number("p50_ms");
    m.p95Ms = in.number("p95_ms");
    m.sigmaMs = in.number("sigma_ms");
    m.lowMs = in.number("low_ms");
    m.highMs = in.number("high_ms");
    m.samples = in.integer("samples", 0);
    m.excluded = in.integer("excluded", 0);
    return m;
}

Machine readMachine(Reader in)
{
    Machine m;
    m.name = in.string("name");
    m.processor = in.string("processor");
    m.architecture = in.string("architecture");
    m.system = in.string("system");
    m.cores = in.integer("cores", 0);
    m.memoryBytes = in.number("memory_bytes");
    m.program = in.string("program");
    return m;
}

MachineState readState(Reader in)
{
    MachineState s;
    if (in.has("governor"))
        s.governor = in.string("governor");
    if (in.has("clock_hz"))
        s.clockHz = in.number("clock_hz");
    if (in.has("temperature_c"))
        s.temperatureC = in.number("temperature_c", -273.15);
    if (in.has("throttled"))
        s.throttled = in.boolean("throttled");
    return s;
}

EnergyProfile readEnergy(const QJsonObject& object, const std::string& where, std::optional<base::Error>& error)
{
    auto energy = parseEnergyProfile(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(), where + ": energy");
    if (!energy && !error)
        error = energy.error();
    return energy ? *energy : EnergyProfile();
}

std::vector<LayerTime> readLayers(Reader& in, const char* key, const char* nameKey)
{
    std::vector<LayerTime> times;
    in.each(key, [&](Reader& entry) {
        LayerTime t;
        t.layer = entry.string(nameKey);
        t.batch = entry.integer("batch", 1);
        t.time = readMeasurement(entry.object("time"));
        times.push_back(std::move(t));
    });
    return times;
}

SegmentTime readSegment(Reader& in)
{
    SegmentTime t;
    t.exit = in.integer("exit", 1);
    t.first = in.integer("first", 0);
    t.last = in.integer("last", 1);
    t.batch = in.integer("batch", 1);
    t.time = readMeasurement(in.object("time"));
    if (t.first >= t.last)
        in.fail("first", "must be below 'last'");
    return t;
}

CodingTime readCoding(Reader& in)
{
    CodingTime t;
    t.tensor = in.string("tensor");
    t.coding = in.parsed("coding", codec::parseCoding);
    t.batch = in.integer("batch", 1);
    t.encode = readMeasurement(in.object("encode"));
    t.decode = readMeasurement(in.object("decode"));
    return t;
}

ComputeProfile readProfile(Reader& in)
{
    ComputeProfile p;
    p.network = in.string("network");
    p.modelHash = in.string("model_hash");
    p.date = in.string("date");
    p.source = in.string("source");
    p.machine = readMachine(in.object("machine"));
    p.before = readState(in.object("before"));
    p.after = readState(in.object("after"));
    p.backend = in.string("backend");
    p.threads = in.integer("threads", 1);
    p.coder = in.parsed("coder", codec::parseEntropyCoder);
    p.layers = readLayers(in, "layers", "layer");
    in.each("segments", [&](Reader& entry) { p.segments.push_back(readSegment(entry)); });
    in.each("codings", [&](Reader& entry) { p.codings.push_back(readCoding(entry)); });
    p.capture = readLayers(in, "capture", "step");
    if (in.has("fused_with_next"))
        p.fusedWithNext = in.strings("fused_with_next");
    return p;
}

}  // namespace

std::string toJson(const ComputeProfile& p)
{
    const QJsonObject object{{"format", kFormat},
                             {"version", kVersion},
                             {"network", text(p.network)},
                             {"model_hash", text(p.modelHash)},
                             {"date", text(p.date)},
                             {"source", text(p.source)},
                             {"machine", toObject(p.machine)},
                             {"before", toObject(p.before)},
                             {"after", toObject(p.after)},
                             {"backend", text(p.backend)},
                             {"threads", p.threads},
                             {"coder", text(codec::toString(p.coder))},
                             {"energy", toObject(p.energy)},
                             {"layers", toArray(p.layers, "layer")},
                             {"segments", toArray(p.segments)},
                             {"codings", toArray(p.codings)},
                             {"capture", toArray(p.capture, "step")},
                             {"fused_with_next", toArray(p.fusedWithNext)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<ComputeProfile> parseComputeProfile(std::string_view json, const std::string& where)
{
    const auto wrong = [&](const std::string& what) { return base::Error{base::ErrorCode::InvalidInput, what, where}; };
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &problem);
    if (problem.error != QJsonParseError::NoError)
        return wrong("is not JSON: " + problem.errorString().toStdString() + " at byte " + std::to_string(problem.offset));
    const auto object = document.object();
    if (object["format"].toString() != kFormat)
        return wrong(std::string("is no profile: 'format' must be '") + kFormat + "'");
    if (object["version"].toDouble(-1) != kVersion)
        return base::Error{base::ErrorCode::Unsupported,
                           "'version' must be " + std::to_string(kVersion) + "; a newer program wrote this profile", where};
    std::optional<base::Error> error;
    Reader in(object, where, "", error);
    auto profile = readProfile(in);
    profile.energy = readEnergy(object["energy"].toObject(), where, error);
    if (error)
        return *error;
    return profile;
}

base::Result<ComputeProfile> loadComputeProfile(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path, kMostBytes);
    if (!bytes)
        return bytes.error();
    return parseComputeProfile(base::asText(*bytes), path.string());
}

base::Status save(const ComputeProfile& profile, const std::filesystem::path& path)
{
    return base::writeFileAtomically(path, base::asBytes(toJson(profile)));
}

}  // namespace splitscope::profile
