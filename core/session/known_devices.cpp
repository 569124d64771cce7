// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/known_devices.h"

#include "core/base/files.h"
#include "core/link/keys.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace splitscope::session {

namespace {

base::Result<KnownDevice> parseDevice(const QJsonValue& value, const std::string& where)
{
    const auto wrong = [&](const char* field, const char* text) {
        return base::Error{base::ErrorCode::InvalidInput, std::string("'") + field + "' " + text, where};
    };
    const auto object = value.toObject();
    KnownDevice device;
    device.name = object["name"].toString().toStdString();
    device.host = object["host"].toString().toStdString();
    device.port = object["port"].toInt();
    device.key = object["key"].toString().toStdString();
    if (device.name.empty())
        return wrong("name", "is missing");
    if (device.host.empty())
        return wrong("host", "is missing");
    if (device.port < 1 || device.port > 65534)
        return wrong("port", "must be from 1 to 65534");
    if (!link::isKey(device.key))
        return wrong("key", "must be a public key of 40 Z85 characters");
    return device;
}

}  // namespace

std::filesystem::path knownDevicesPath() { return link::configFolder() / "devices.json"; }

base::Result<std::vector<KnownDevice>> loadKnownDevices(const std::filesystem::path& path)
{
    std::error_code ec;
    if (!std::filesystem::exists(path, ec))
        return std::vector<KnownDevice>();
    const auto bytes = base::readFile(path, 1 << 20);
    if (!bytes)
        return bytes.error();
    const auto text = base::asText(*bytes);
    const auto document = QJsonDocument::fromJson(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    if (!document.object()["devices"].isArray())
        return base::Error{base::ErrorCode::InvalidInput, "must be a JSON object with a list 'devices'", path.string()};
    std::vector<KnownDevice> devices;
    for (const auto& value : document.object()["devices"].toArray()) {
        auto device = parseDevice(value, path.string() + ": device " + std::to_string(devices.size() + 1));
        if (!device)
            return device.error();
        devices.push_back(*std::move(device));
    }
    return devices;
}

base::Status saveKnownDevices(const std::vector<KnownDevice>& devices, const std::filesystem::path& path)
{
    QJsonArray list;
    for (const auto& device : devices)
        list << QJsonObject{{"name", QString::fromStdString(device.name)},
                            {"host", QString::fromStdString(device.host)},
                            {"port", device.port},
                            {"key", QString::fromStdString(device.key)}};
    const auto json = QJsonDocument(QJsonObject{{"devices", list}}).toJson();
    return base::writeFileAtomically(path, base::asBytes({json.constData(), static_cast<std::size_t>(json.size())}));
}

}  // namespace splitscope::session
