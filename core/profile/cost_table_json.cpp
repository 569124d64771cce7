// SPDX-License-Identifier: GPL-3.0-or-later
// format "splitscope-cost-table", version 1, 2 where rows have a gate ("gate", and "goes_on": the share that it lets go on), or 3
// where one of them is the edge's:
// network (its spec), model_hash, data, accuracy_table_sha256, date, link, rows, device and edge (whole profiles).
#include "core/profile/cost_table_p.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace splitscope::profile {

namespace {

constexpr const char* kFormat = "splitscope-cost-table";
constexpr int kVersion = 1, kVersionWithGates = 2, kVersionWithEdgeGates = 3;

QString text(const std::string& value) { return QString::fromStdString(value); }

QJsonObject object(const std::string& json) { return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object(); }

std::string compact(const QJsonObject& value) { return QJsonDocument(value).toJson(QJsonDocument::Compact).toStdString(); }

/// Reads one object's keys; the first that is missing or of the wrong kind sticks.
class Reader {
public:
    Reader(QJsonObject values, std::string where) : m_values(std::move(values)), m_where(std::move(where)) {}

    [[nodiscard]] bool has(const char* key) const { return m_values.contains(QLatin1String(key)); }
    std::string text(const char* key)
    {
        const auto value = m_values[key];
        if (!value.isString())
            fail(key, "must be text");
        return value.toString().toStdString();
    }
    /// Finite, and not below `least`.
    double number(const char* key, double least = 0)
    {
        const auto value = m_values[key];
        if (!value.isDouble() || !(value.toDouble() >= least))
            fail(key, "must be a number of at least " + std::to_string(least));
        return value.toDouble();
    }
    double share(const char* key)
    {
        const double value = number(key);
        if (value > 1)
            fail(key, "must be at most 1");
        return value;
    }
    int integer(const char* key)
    {
        const double value = number(key);
        if (value != std::floor(value) || value > 1e9)
            fail(key, "must be a whole number");
        return m_status ? static_cast<int>(value) : 0;
    }
    QJsonObject object(const char* key)
    {
        if (!m_values[key].isObject())
            fail(key, "must be an object");
        return m_values[key].toObject();
    }
    QJsonArray array(const char* key)
    {
        if (!m_values[key].isArray())
            fail(key, "must be a list");
        return m_values[key].toArray();
    }
    void fail(const std::string& key, const std::string& what)
    {
        if (m_status)
            m_status = base::Error{base::ErrorCode::InvalidInput, "'" + key + "' " + what, m_where};
    }
    [[nodiscard]] const base::Status& status() const { return m_status; }

private:
    QJsonObject m_values;
    std::string m_where;
    base::Status m_status;
};

QJsonObject rowObject(const CostRow& row)
{
    const auto& a = row.accuracy;
    QJsonObject object{{"exit", row.decision.exit},
                       {"partition", row.decision.partition},
                       {"coding", text(codec::toString(row.decision.coding))},
                       {"tensor", text(row.tensor)},
                       {"accuracy", a.accuracy},
                       {"accuracy_low", a.low},
                       {"accuracy_high", a.high},
                       {"images", static_cast<qint64>(a.images)},
                       {"mean_bytes", a.meanBytes},
                       {"p95_bytes", a.p95Bytes},
                       {"mean_entropy_nats", a.meanEntropy}};
    if (row.decision.gate) {
        object["gate"] = text(decision::toString(*row.decision.gate));
        object["goes_on"] = a.goesOn;
    }
    return object;
}

/// The gate of a row that has one.
void readGate(Reader& in, CostRow& row)
{
    const auto gate = decision::parseGate(in.text("gate"));
    row.accuracy.goesOn = in.share("goes_on");
    if (gate)
        row.decision.gate = *gate;
    else
        in.fail("gate", "is wrong: " + gate.error().text);
}

base::Result<CostRow> rowFrom(const QJsonValue& value, const model::NetworkSpec& spec, const std::string& where)
{
    Reader in(value.toObject(), where);
    CostRow row;
    row.decision.exit = in.integer("exit");
    row.decision.partition = in.integer("partition");
    const auto coding = codec::parseCoding(in.text("coding"));
    row.tensor = in.text("tensor");
    auto& a = row.accuracy;
    a.accuracy = in.share("accuracy");
    a.low = in.share("accuracy_low");
    a.high = in.share("accuracy_high");
    a.images = static_cast<std::size_t>(in.integer("images"));
    a.meanBytes = in.number("mean_bytes");
    a.p95Bytes = in.number("p95_bytes");
    a.meanEntropy = in.number("mean_entropy_nats");
    if (!coding)
        in.fail("coding", "is wrong: " + coding.error().text);
    if (in.has("gate"))
        readGate(in, row);
    if (!in.status())
        return in.status().error();
    row.decision.coding = *coding;
    if (const auto status = decision::check(spec, row.decision); !status)
        return base::Error{status.error().code, status.error().message(), where};
    if (decision::gatedOnDevice(spec, row.decision) && a.meanBytes > 0 && a.goesOn == 0)
        return base::Error{base::ErrorCode::InvalidInput, "'goes_on' is 0, and yet bytes are sent", where};
    if (const std::string name = model::Path(spec, row.decision.exit).cutName(row.decision.partition); name != row.tensor)
        return base::Error{base::ErrorCode::Mismatch, "the tensor at its cut is '" + name + "', not '" + row.tensor + "'", where};
    return row;
}

base::Result<std::vector<CostRow>> rowsFrom(const QJsonArray& values, const model::NetworkSpec& spec, const std::string& where)
{
    std::vector<CostRow> rows;
    for (const auto& value : values) {
        auto row = rowFrom(value, spec, where + ": row " + std::to_string(rows.size() + 1));
        if (!row)
            return row.error();
        rows.push_back(*std::move(row));
    }
    return rows;
}

QJsonObject linkObject(const LinkProfile& link)
{
    return {{"rtt_ms", link.rttMs},
            {"request_overhead_ms", link.requestOverheadMs},
            {"per_chunk_ms", link.perChunkMs},
            {"burst_bytes", link.burstBytes},
            {"source", text(link.source)}};
}

base::Result<LinkProfile> linkFrom(const QJsonObject& values, const std::string& where)
{
    constexpr double kAny = -1e9;  // a fit may come out a little below nothing
    Reader in(values, where + ": link");
    LinkProfile link;
    link.rttMs = in.number("rtt_ms");
    link.requestOverheadMs = in.number("request_overhead_ms", kAny);
    link.perChunkMs = in.number("per_chunk_ms");
    link.burstBytes = in.number("burst_bytes");
    link.source = in.text("source");
    if (!in.status())
        return in.status().error();
    return link;
}

base::Error because(const base::Error& error, const std::string& where) { return {error.code, error.message(), where}; }

/// What stands around the parts: is this such a file at all?
base::Result<QJsonObject> openDocument(std::string_view json, const std::string& where)
{
    QJsonParseError wrong;
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &wrong);
    if (!document.isObject())
        return base::Error{base::ErrorCode::InvalidInput,
                           "is no cost table: " + wrong.errorString().toStdString() + " at byte " + std::to_string(wrong.offset),
                           where};
    const auto root = document.object();
    if (root["format"].toString() != kFormat)
        return base::Error{base::ErrorCode::InvalidInput,
                           std::string("is no cost table: its 'format' is not \"") + kFormat + "\"", where};
    if (const int version = root["version"].toInt(); version < kVersion || version > kVersionWithEdgeGates)
        return base::Error{base::ErrorCode::Unsupported,
                           "is a cost table of a version that this program does not know; it reads versions "
                               + std::to_string(kVersion) + " to " + std::to_string(kVersionWithEdgeGates)
                               + ": build the table again",
                           where};
    return root;
}

}  // namespace

std::string CostTable::toJson() const
{
    const auto& parts = d->parts;
    QJsonArray rowList;
    int version = kVersion;
    for (std::size_t row = 0; row < parts.rows.size(); ++row) {
        rowList << rowObject(parts.rows[row]);
        if (parts.rows[row].decision.gate)
            version = std::max(version, d->gatedOnEdge[row] ? kVersionWithEdgeGates : kVersionWithGates);
    }
    return compact({{"format", kFormat},
                    {"version", version},
                    {"network", object(model::toJson(parts.spec))},
                    {"model_hash", text(parts.modelHash)},
                    {"data", text(parts.data)},
                    {"accuracy_table_sha256", text(parts.accuracyHash)},
                    {"date", text(parts.date)},
                    {"link", linkObject(parts.link)},
                    {"rows", rowList},
                    {"device", object(profile::toJson(parts.device))},
                    {"edge", object(profile::toJson(parts.edge))}});
}

base::Result<CostTable> CostTable::parse(std::string_view json, const std::string& where)
{
    const auto root = openDocument(json, where);
    if (!root)
        return root.error();
    Reader in(*root, where);
    CostTableParts parts;
    parts.modelHash = in.text("model_hash");
    parts.data = in.text("data");
    parts.accuracyHash = in.text("accuracy_table_sha256");
    parts.date = in.text("date");
    const auto network = in.object("network");
    const auto linkValues = in.object("link");
    const auto rowList = in.array("rows");
    const auto device = in.object("device");
    const auto edge = in.object("edge");
    if (!in.status())
        return in.status().error();

    auto spec = model::parseNetworkSpec(compact(network), where + ": network");
    if (!spec)
        return spec.error();
    parts.spec = *std::move(spec);
    auto link = linkFrom(linkValues, where);
    if (!link)
        return link.error();
    parts.link = *std::move(link);
    auto deviceProfile = parseComputeProfile(compact(device), where + ": device");
    if (!deviceProfile)
        return deviceProfile.error();
    parts.device = *std::move(deviceProfile);
    auto edgeProfile = parseComputeProfile(compact(edge), where + ": edge");
    if (!edgeProfile)
        return edgeProfile.error();
    parts.edge = *std::move(edgeProfile);
    auto rows = rowsFrom(rowList, parts.spec, where);
    if (!rows)
        return rows.error();
    parts.rows = *std::move(rows);
    auto table = Private::assemble(std::move(parts));
    if (!table)
        return because(table.error(), where);
    return table;
}

}  // namespace splitscope::profile
