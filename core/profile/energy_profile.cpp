// SPDX-License-Identifier: GPL-3.0-or-later
// EnergyProfile as text: checked, written and read.
#include "core/base/files.h"
#include "core/profile/energy_model.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <cmath>
#include <cstdio>

namespace splitscope::profile {

namespace {

base::Error wrong(const std::string& key, const std::string& text, const std::string& where)
{
    return {base::ErrorCode::InvalidInput, "'" + key + "' " + text, where};
}

template <typename T>
struct Number {
    const char* key;
    double T::*field;
};
constexpr std::array<Number<EnergyProfile>, 4> kNumbers{{{"k0_j_s2_per_cycle", &EnergyProfile::k0},
                                                         {"frequency_hz", &EnergyProfile::frequencyHz},
                                                         {"flops_per_cycle", &EnergyProfile::flopsPerCycle},
                                                         {"transmit_watts", &EnergyProfile::transmitWatts}}};
constexpr std::array<Number<RadioChannel>, 2> kChannelNumbers{
    {{"bandwidth_hz", &RadioChannel::bandwidthHz}, {"sinr_per_watt", &RadioChannel::sinrPerWatt}}};

template <typename T, std::size_t N>
base::Status checkNumbers(const T& values, const std::array<Number<T>, N>& numbers, const std::string& where)
{
    for (const auto& number : numbers)
        if (!(values.*number.field > 0) || !std::isfinite(values.*number.field))
            return wrong(number.key, "must be a positive number", where);
    return {};
}

/// All of them are required; other keys than these and `others` are not known.
template <typename T, std::size_t N>
base::Status readNumbers(const QJsonObject& object, T& values, const std::array<Number<T>, N>& numbers, const QStringList& others,
                         const std::string& where)
{
    QStringList known = others;
    for (const auto& number : numbers) {
        const auto value = object.value(QLatin1String(number.key));
        if (!value.isDouble())
            return wrong(number.key, value.isUndefined() ? "is missing" : "must be a number", where);
        values.*number.field = value.toDouble();
        known << QLatin1String(number.key);
    }
    for (const auto& key : object.keys())
        if (!known.contains(key))
            return wrong(key.toStdString(), "is not a known key; known are " + known.join(", ").toStdString(), where);
    return {};
}

}  // namespace

base::Status check(const EnergyProfile& profile, const std::string& where)
{
    if (profile.source.empty())
        return wrong("source", "is empty; say where the numbers come from", where);
    if (auto status = checkNumbers(profile, kNumbers, where); !status)
        return status;
    return profile.channel ? checkNumbers(*profile.channel, kChannelNumbers, where + ": channel") : base::Status();
}

std::string toJson(const EnergyProfile& profile)
{
    QJsonObject object{{"source", QString::fromStdString(profile.source)}};
    for (const auto& number : kNumbers)
        object.insert(QLatin1String(number.key), profile.*number.field);
    if (profile.channel) {
        QJsonObject channel;
        for (const auto& number : kChannelNumbers)
            channel.insert(QLatin1String(number.key), (*profile.channel).*number.field);
        object.insert("channel", channel);
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<EnergyProfile> parseEnergyProfile(std::string_view json, const std::string& where)
{
    QJsonParseError failure;
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())), &failure);
    if (!document.isObject())
        return base::Error{base::ErrorCode::InvalidInput, "is no JSON object: " + failure.errorString().toStdString(), where};
    const auto object = document.object();
    EnergyProfile profile;
    profile.source = object.value("source").toString().toStdString();
    if (const auto status = readNumbers(object, profile, kNumbers, {"source", "channel"}, where); !status)
        return status.error();
    if (object.contains("channel")) {
        if (!object.value("channel").isObject())
            return wrong("channel", "must be an object", where);
        auto& channel = profile.channel.emplace();
        const auto inner = object.value("channel").toObject();
        if (const auto status = readNumbers(inner, channel, kChannelNumbers, {}, where + ": channel"); !status)
            return status.error();
    }
    if (const auto status = check(profile, where); !status)
        return status.error();
    return profile;
}

base::Result<EnergyProfile> loadEnergyProfile(const std::string& file)
{
    constexpr std::uintmax_t kMostBytes = 1 << 16;
    const auto bytes = base::readFile(file, kMostBytes);
    if (!bytes)
        return bytes.error();
    return parseEnergyProfile(base::asText(*bytes), file);
}

std::string describe(const EnergyProfile& profile)
{
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), "k0 %.3g J·s²/cycle, f %.3g GHz, %.3g FLOPs/cycle, P %.3g W", profile.k0,
                  profile.frequencyHz * 1e-9, profile.flopsPerCycle, profile.transmitWatts);
    std::string line = text.data();
    if (profile.channel) {
        std::snprintf(text.data(), text.size(), ", stated channel %.3g MHz at SINR %.3g/W (%.3g Mbit/s)",
                      profile.channel->bandwidthHz * 1e-6, profile.channel->sinrPerWatt,
                      channelBitsPerSecond(*profile.channel, profile.transmitWatts) * 1e-6);
        line += text.data();
    }
    return line + " (" + profile.source + ")";
}

}  // namespace splitscope::profile
