// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli profile emulate, profile meter
#include "app/verbs/profile_report.h"
#include "app/verbs/profile_verbs.h"
#include "core/base/clock.h"
#include "core/profile/emulated_device.h"
#include "core/profile/energy_meter.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace splitscope::app {

namespace {

constexpr const char* kDeviceChoice = "the device to emulate: pi3 (default)";

void print(const profile::DeviceFactors& device, const profile::ComputeProfile& made)
{
    std::printf("%s over %s, for %s:\n", device.name.c_str(), "the machine that was profiled", made.network.c_str());
    for (const auto& [type, factor] : device.layers)
        std::printf("  %-10s %6.1f ×\n", std::string(model::name(type)).c_str(), factor);
    std::printf("  %-10s %6.1f ×  (%s)\n", "coding", device.coding, device.codingStatement.c_str());
    std::printf("%s\nenergy, modelled: %s\n", device.statement.c_str(), describe(device.energy).c_str());
}

/// Until the time is over, or somebody asks to stop.
void wait(double seconds, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] { return false; });
}

}  // namespace

int profileEmulate(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> files;
    std::string device = "pi3", model;
    std::filesystem::path out;
    bool json = false;
    Options options("profile emulate FILE [options]",
                    "Makes the profile of a device that is not at hand from one that was measured here: each layer's time times\n"
                    "a factor for its type. The result says that it is emulated, and from what, wherever it is shown.");
    options.positional("FILE", "a profile that `profile measure` wrote", files, 1);
    options.text("--device", "NAME", kDeviceChoice, device);
    options.text("--model", "NAME|FILE", "the network's spec (default: the profile's network, where it ships)", model);
    options.path("--out", "FILE", "writes the profile there (JSON)", out);
    options.flag("--json", "prints the profile as one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "profile emulate", arguments))
        return *answered;
    if (files.empty())
        return wrongUsage("profile emulate", {base::ErrorCode::InvalidInput, "which profile?", "FILE"});
    const auto measured = profile::loadComputeProfile(files[0]);
    if (!measured)
        return fail(measured.error());
    const auto spec = model::loadNetworkSpec(model.empty() ? measured->network : model);
    if (!spec)
        return fail(spec.error());
    const auto factors = profile::deviceFactors(device, *spec);
    if (!factors)
        return wrongUsage("profile emulate", factors.error());
    const auto made = profile::emulate(*spec, *measured, *factors);
    if (!made)
        return fail({made.error().code, made.error().text, files[0] + ": " + made.error().where});
    if (!out.empty())
        if (const auto saved = save(*made, out); !saved)
            return fail(saved.error());
    if (json)
        std::fputs(profileJson(*made, *spec).c_str(), stdout);
    else
        print(*factors, *made);
    if (!out.empty())
        std::fprintf(stderr, "written to %s\n", out.c_str());
    return kDone;
}

int profileMeter(const std::vector<std::string>& arguments, std::stop_token stop)
{
    double seconds = 1;
    bool json = false;
    Options options("profile meter [options]",
                    "Reads this machine's energy counter: powercap (RAPL), else a power sensor of hwmon. Where there is none\n"
                    "it says where it looked, and energy stays modelled.");
    options.real("--seconds", "S", "how long it is read (1)", seconds, 0.01, 86'400);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "profile meter", arguments))
        return *answered;
    std::string whyNot;
    const auto meter = profile::findEnergyMeter("/", &whyNot);
    if (!meter)
        return fail({base::ErrorCode::NotFound, whyNot, "profile meter"});
    const auto start = base::nowNs();
    wait(seconds, stop);
    const auto joules = meter->joules();
    const double elapsed = base::toMs(base::nowNs() - start) / 1000;
    if (!joules)
        return fail(joules.error());
    const QJsonObject object{{"meter", QString::fromStdString(meter->name())},
                             {"seconds", elapsed},
                             {"joules", *joules},
                             {"watts", *joules / elapsed}};
    if (json)
        std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    else
        std::printf("%s: %.3f J in %.2f s, %.2f W (metered; of the whole machine)\n", meter->name().c_str(), *joules, elapsed,
                    *joules / elapsed);
    return kDone;
}

}  // namespace splitscope::app
