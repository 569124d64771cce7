// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON form of a network spec.
#include "core/model/network_spec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <charconv>
#include <cmath>
#include <optional>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

std::string inQuotes(std::string_view text) { return std::string(1, '\'').append(text).append(1, '\''); }

/// Reads one object's fields and remembers the first thing that is wrong, so that readers stay plain lists of fields.
class Fields {
public:
    Fields(const QJsonValue& value, std::string what) : m_what(std::move(what))
    {
        if (value.isObject())
            m_object = value.toObject();
        else
            fail("must be an object");
        m_unread = m_object.keys();
    }

    void setWhat(const std::string& what) { m_what = what; }

    QJsonValue take(const char* key, bool required = true)
    {
        m_unread.removeAll(QString::fromLatin1(key));
        auto value = m_object.value(QLatin1String(key));
        if (value.isUndefined() && required)
            fail(inQuotes(key) + " is missing");
        return value;
    }

    std::string text(const char* key)
    {
        const auto value = take(key);
        if (!value.isUndefined() && !value.isString())
            fail(inQuotes(key) + " must be a text");
        return value.toString().toStdString();
    }

    double number(const char* key, std::optional<double> absent = {})
    {
        const auto value = take(key, !absent);
        if (value.isUndefined())
            return absent.value_or(0);
        if (!value.isDouble())
            fail(inQuotes(key) + " must be a number");
        return value.toDouble();
    }

    int integer(const char* key, std::optional<int> absent = {})
    {
        return toInteger(key, number(key, absent ? std::optional<double>(*absent) : std::nullopt));
    }

    bool flag(const char* key, bool absent)
    {
        const auto value = take(key, false);
        if (!value.isUndefined() && !value.isBool())
            fail(inQuotes(key) + " must be true or false");
        return value.toBool(absent);
    }

    QJsonArray array(const char* key, bool required = true)
    {
        const auto value = take(key, required);
        if (!value.isUndefined() && !value.isArray())
            fail(inQuotes(key) + " must be a list");
        return value.toArray();
    }

    std::vector<double> numbers(const char* key)
    {
        std::vector<double> result;
        for (const auto& value : array(key)) {
            if (!value.isDouble())
                fail(inQuotes(key) + " must be a list of numbers");
            result.push_back(value.toDouble());
        }
        return result;
    }

    int toInteger(const char* key, double value)
    {
        constexpr double kLargest = 1e9;
        if (value != std::floor(value) || std::abs(value) > kLargest) {
            fail(inQuotes(key) + " must be a whole number of a sensible size");
            return 0;
        }
        return static_cast<int>(value);
    }

    void fail(const std::string& text)
    {
        if (!m_error)
            m_error = m_what.empty() ? text : m_what + ": " + text;
    }

    /// The same where the text says already what it is about.
    void failWith(const std::string& text)
    {
        if (!m_error)
            m_error = text;
    }

    /// What is wrong, unknown fields included; call when all were taken.
    std::optional<std::string> problem()
    {
        if (!m_unread.isEmpty())
            fail(inQuotes(m_unread.first().toStdString()) + " is no field that is known here");
        return m_error;
    }

private:
    std::string m_what;
    QJsonObject m_object;
    QStringList m_unread;
    std::optional<std::string> m_error;
};

std::optional<LayerType> layerType(const std::string& text)
{
    for (auto type : layerTypes())
        if (name(type) == text)
            return type;
    return std::nullopt;
}

std::string unknownType(const std::string& text)
{
    if (text == "add" || text == "concat")
        return inQuotes(text)
            + " would let two tensors cross at the cuts before it; make one layer of type residual of all that lies "
            + "between the fork and the sum, with a body and, where it has layers of its own, a shortcut";
    std::string known;
    for (auto type : layerTypes())
        known += (known.empty() ? "" : ", ") + std::string(name(type));
    return inQuotes(text) + " is no layer type (" + known + ")";
}

base::Result<std::vector<LayerSpec>> readLayers(const QJsonArray& array, const std::string& prefix, const std::string& what);

/// The layers inside of a block.
void readBlock(Fields& fields, LayerSpec& layer, const std::string& which)
{
    for (const auto& [key, layers] : {std::pair("body", &layer.body), std::pair("shortcut", &layer.shortcut)}) {
        auto read = readLayers(fields.array(key, key == std::string_view("body")), layer.name + "/", which + " " + key + " ");
        if (read)
            *layers = std::move(*read);
        else
            fields.failWith(read.error().text);
    }
}

void readParameters(Fields& fields, LayerSpec& layer, const std::string& which)
{
    switch (layer.type) {
    case LayerType::Conv:
        layer.outputs = fields.integer("outputs");
        layer.kernel = fields.integer("kernel");
        layer.stride = fields.integer("stride", 1);
        layer.padding = fields.integer("padding", 0);
        layer.groups = fields.integer("groups", 1);
        break;
    case LayerType::MaxPool:
        layer.kernel = fields.integer("kernel");
        layer.stride = fields.integer("stride");
        layer.padding = fields.integer("padding", 0);
        layer.ceilMode = fields.flag("ceilMode", false);
        break;
    case LayerType::Lrn:
        layer.size = fields.integer("size");
        layer.alpha = fields.number("alpha");
        layer.beta = fields.number("beta");
        layer.k = fields.number("k", 1.0);
        break;
    case LayerType::Dropout: layer.probability = fields.number("probability", 0.5); break;
    case LayerType::Fc: layer.outputs = fields.integer("outputs"); break;
    case LayerType::Residual: readBlock(fields, layer, which); break;
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::HardSwish:
    case LayerType::GlobalAvgPool: break;
    }
}

base::Result<std::vector<LayerSpec>> readLayers(const QJsonArray& array, const std::string& prefix, const std::string& what)
{
    std::vector<LayerSpec> layers;
    for (const auto& value : array) {
        const std::string which = what + "layer " + std::to_string(layers.size() + 1);
        Fields fields(value, which);
        LayerSpec layer;
        layer.name = prefix + fields.text("name");
        fields.setWhat(which + " '" + layer.name + "'");
        const auto typeName = fields.text("type");
        if (const auto type = layerType(typeName)) {
            layer.type = *type;
            readParameters(fields, layer, which + " '" + layer.name + "'");
        } else {
            fields.fail(unknownType(typeName));
        }
        if (const auto problem = fields.problem())
            return Error{ErrorCode::InvalidInput, *problem, {}};
        layers.push_back(std::move(layer));
    }
    return layers;
}

base::Result<ExitSpec> readExit(const QJsonValue& value, std::size_t number)
{
    Fields fields(value, "exit " + std::to_string(number));
    ExitSpec exit;
    exit.name = fields.text("name");
    fields.setWhat("exit '" + exit.name + "'");
    exit.after = fields.integer("after");
    auto head = readLayers(fields.array("head", false), exit.name + "/", "exit '" + exit.name + "' ");
    if (const auto problem = fields.problem())
        return Error{ErrorCode::InvalidInput, *problem, {}};
    if (!head)
        return head.error();
    exit.head = std::move(*head);
    return exit;
}

base::Result<NetworkSpec> readNetwork(const QJsonObject& object)
{
    Fields fields(object, {});
    NetworkSpec spec;
    spec.name = fields.text("name");
    for (double side : fields.numbers("input"))
        spec.input.push_back(fields.toInteger("input", side));
    spec.classes = fields.integer("classes");
    for (double value : fields.numbers("mean"))
        spec.mean.push_back(static_cast<float>(value));
    for (double value : fields.numbers("deviation"))
        spec.deviation.push_back(static_cast<float>(value));
    auto trunk = readLayers(fields.array("trunk"), {}, "trunk ");
    const auto exits = fields.array("exits");
    if (const auto problem = fields.problem())
        return Error{ErrorCode::InvalidInput, *problem, {}};
    if (!trunk)
        return trunk.error();
    spec.trunk = std::move(*trunk);
    for (const auto& value : exits) {
        auto exit = readExit(value, spec.exits.size() + 1);
        if (!exit)
            return exit.error();
        spec.exits.push_back(std::move(*exit));
    }
    return spec;
}

QJsonArray toArray(const std::vector<LayerSpec>& layers, std::size_t prefixLength);

QJsonObject toObject(const LayerSpec& layer, std::size_t prefixLength)
{
    QJsonObject object{{"type", QString::fromLatin1(name(layer.type).data())},
                       {"name", QString::fromStdString(layer.name.substr(prefixLength))}};
    if (layer.type == LayerType::Conv || layer.type == LayerType::Fc)
        object["outputs"] = layer.outputs;
    if (layer.type == LayerType::Conv || layer.type == LayerType::MaxPool) {
        object["kernel"] = layer.kernel;
        object["stride"] = layer.stride;
        object["padding"] = layer.padding;
    }
    if (layer.groups != 1)  // what specs hold that know of no groups gives the same text as ever, and so the same hash
        object["groups"] = layer.groups;
    if (layer.type == LayerType::Residual) {
        object["body"] = toArray(layer.body, layer.name.size() + 1);
        if (!layer.shortcut.empty())
            object["shortcut"] = toArray(layer.shortcut, layer.name.size() + 1);
    }
    if (layer.type == LayerType::MaxPool)
        object["ceilMode"] = layer.ceilMode;
    if (layer.type == LayerType::Dropout)
        object["probability"] = layer.probability;
    if (layer.type == LayerType::Lrn) {
        object["size"] = layer.size;
        object["alpha"] = layer.alpha;
        object["beta"] = layer.beta;
        object["k"] = layer.k;
    }
    return object;
}

QJsonArray toArray(const std::vector<LayerSpec>& layers, std::size_t prefixLength)
{
    QJsonArray array;
    for (const auto& layer : layers)
        array.append(toObject(layer, prefixLength));
    return array;
}

/// 0.4914f as 0.4914, not as the double 0.49140000343322754.
double shortDecimal(float value)
{
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    double result = value;
    std::from_chars(digits, written.ptr, result);
    return result;
}

QJsonArray toArray(const std::vector<float>& values)
{
    QJsonArray array;
    for (float value : values)
        array.append(shortDecimal(value));
    return array;
}

}  // namespace

base::Result<NetworkSpec> parseNetworkSpec(std::string_view json, const std::string& where)
{
    QJsonParseError problem{};
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error{ErrorCode::InvalidInput,
                     "is no JSON: " + problem.errorString().toStdString() + " at byte " + std::to_string(problem.offset), where};
    if (!document.isObject())
        return Error{ErrorCode::InvalidInput, "must be a JSON object", where};
    auto spec = readNetwork(document.object());
    if (!spec)
        return Error{spec.error().code, spec.error().text, where};
    if (auto status = validate(*spec, where); !status)
        return status.error();
    return spec;
}

std::string toJson(const NetworkSpec& spec)
{
    QJsonArray input;
    for (int side : spec.input)
        input.append(side);
    QJsonArray exits;
    for (const auto& exit : spec.exits)
        exits.append(QJsonObject{{"name", QString::fromStdString(exit.name)},
                                 {"after", exit.after},
                                 {"head", toArray(exit.head, exit.name.size() + 1)}});
    const QJsonObject object{{"name", QString::fromStdString(spec.name)},
                             {"input", input},
                             {"classes", spec.classes},
                             {"mean", toArray(spec.mean)},
                             {"deviation", toArray(spec.deviation)},
                             {"trunk", toArray(spec.trunk, 0)},
                             {"exits", exits}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

}  // namespace splitscope::model
