// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/known_devices.h"

#include "core/base/files.h"
#include "core/link/keys.h"
#include "core/session/scenario.h"

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
    if (!object.contains("ssh"))
        return device;
    const auto ssh = object["ssh"].toObject();
    device.ssh = SshPlace{ssh["destination"].toString().toStdString(), {}};
    for (const auto& word : ssh["options"].toArray())
        device.ssh->options.push_back(word.toString().toStdString());
    if (device.ssh->destination.empty())
        return wrong("ssh", "must hold a 'destination' (user@host)");
    return device;
}

}  // namespace

std::string addressOf(const KnownDevice& device) { return toString(TcpAddress{device.host, device.port}); }

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

namespace {

QJsonObject toJson(const KnownDevice& device)
{
    QJsonObject object{{"name", QString::fromStdString(device.name)},
                       {"host", QString::fromStdString(device.host)},
                       {"port", device.port},
                       {"key", QString::fromStdString(device.key)}};
    if (!device.ssh)
        return object;
    QJsonArray options;
    for (const auto& word : device.ssh->options)
        options << QString::fromStdString(word);
    object["ssh"] = QJsonObject{{"destination", QString::fromStdString(device.ssh->destination)}, {"options", options}};
    return object;
}

}  // namespace

std::string knownDevicesJson(const std::vector<KnownDevice>& devices)
{
    QJsonArray list;
    for (const auto& device : devices)
        list << toJson(device);
    return QJsonDocument(QJsonObject{{"devices", list}}).toJson().toStdString();
}

base::Status saveKnownDevices(const std::vector<KnownDevice>& devices, const std::filesystem::path& path)
{
    return base::writeFileAtomically(path, base::asBytes(knownDevicesJson(devices)));
}

base::Status rememberDevice(const KnownDevice& device, const std::filesystem::path& path)
{
    auto devices = loadKnownDevices(path);
    if (!devices)
        return devices.error();
    std::erase_if(*devices, [&](const KnownDevice& known) {
        return known.name == device.name || (known.host == device.host && known.port == device.port);
    });
    devices->push_back(device);
    return saveKnownDevices(*devices, path);
}

base::Status forgetDevice(const std::string& name, const std::filesystem::path& path)
{
    auto devices = loadKnownDevices(path);
    if (!devices)
        return devices.error();
    if (std::erase_if(*devices, [&](const KnownDevice& known) { return known.name == name; }) == 0)
        return base::Error{base::ErrorCode::NotFound, "there is no device of this name; `splitscope-cli device list` shows them",
                           name};
    return saveKnownDevices(*devices, path);
}

}  // namespace splitscope::session
