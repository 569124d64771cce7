// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli profile
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/model_report.h"
#include "app/verbs/profile_report.h"
#include "app/verbs/profile_verbs.h"
#include "app/verbs/subject.h"
#include "app/verbs/verbs.h"
#include "core/session/device_profile.h"
#include "core/session/model_package.h"

#include <cstdio>

namespace splitscope::app {

namespace {

constexpr int kMostThreads = 64;

profile::ProfilerObserver shownOn(ProgressLine& line)
{
    return [&line](const profile::ProfilerProgress& progress) {
        line.showCount(progress.done, progress.total, "measured", progress.secondsLeft, progress.what);
    };
}

struct MeasureArguments {
    session::DeviceProfileOptions what;
    double intervalPercent = 2;
    std::optional<profile::EnergyProfile> energy;
    std::filesystem::path out;
    bool json = false;
};

void addOptions(Options& options, MeasureArguments& a)
{
    auto& p = a.what.profiler;
    options.text("--device", "DEVICE", "measures there: loopback (a daemon on this machine), or tcp://HOST:PORT", a.what.device);
    options.text("--device-key", "KEY", "public key of a tcp device (else it is looked up among the known devices)",
                 a.what.deviceKey);
    options.text("--model", "NAME|FILE", kModelChoice, a.what.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images: what is computed and coded",
                 a.what.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", a.what.weights);
    options.text("--split", "SPLIT", "train, holdout, table (default) or evaluation", a.what.split);
    options.integers("--batches", "N,N", "frames in a request, e.g. 1,8 (1)", p.batches, 1, wire::kMaxBatch);
    options.integer("--threads", "N", "that compute (1)", p.threads, 1, kMostThreads);
    options.real("--budget", "SECONDS", "the measurement ends then, whatever is known (60)", p.budgetSeconds, 0.1, 86'400);
    options.real("--interval", "PERCENT", "a time counts as known when its median is, to within so much either way (2)",
                 a.intervalPercent, 0, 100);
    options.text("--codebook", "FILE", "what huffman and context need (default: the one shipped for model and data)",
                 a.what.codebook);
    options.custom("--coder", "CODER", codec::kEntropyCoderChoice, [&p](const std::string& text) -> base::Status {
        const auto coder = codec::parseEntropyCoder(text);
        if (!coder)
            return coder.error();
        p.coder = *coder;
        return {};
    });
    options.custom("--action-set", "SET", "whose codings are measured: standard (default), paper, verification, or bits:4,8",
                   [&a](const std::string& text) -> base::Status {
                       const auto actions = decision::parseSpaceOptions(text);
                       if (!actions)
                           return actions.error();
                       a.what.profiler.actions = *actions;
                       a.what.actionSet = text;
                       return {};
                   });
    options.custom("--energy", "FILE",
                   "what the device's modelled energy is computed from, as JSON: source, k0_j_s2_per_cycle, frequency_hz,\n"
                   "flops_per_cycle, transmit_watts and, instead of the measured rate, channel {bandwidth_hz,\n"
                   "sinr_per_watt} (default: assumptions for a board like the Raspberry Pi 4)",
                   [&a](const std::string& file) -> base::Status {
                       auto energy = profile::loadEnergyProfile(file);
                       if (!energy)
                           return energy.error();
                       a.energy = std::move(*energy);
                       return {};
                   });
    options.path("--out", "FILE", "writes the profile there (JSON)", a.out);
    options.flag("--json", "prints the profile as one JSON object", a.json);
}

/// Where a device measures itself there is a link as well.
struct Measured {
    profile::ComputeProfile profile;
    std::optional<LinkPings> link;
};

base::Result<Measured> measureThere(const session::DeviceProfileOptions& what, const std::stop_token& stop, ProgressLine& line)
{
    auto measured = session::profileDevice(what, stop, shownOn(line));
    if (!measured)
        return measured.error();
    return Measured{std::move(measured->profile), LinkPings{measured->deviceName, measured->rttMs, measured->pings}};
}

base::Result<Measured> measureHere(const session::DeviceProfileOptions& a, const model::NetworkSpec& spec, data::Split split,
                                   const std::stop_token& stop, ProgressLine& line)
{
    auto profiler = a.profiler;
    if (codec::needsCodebook(profiler.coder)) {
        auto codebook = session::findCodebook(spec.name, a.data, a.codebook);
        if (!codebook)
            return codebook.error();
        profiler.codebook = *std::move(codebook);
    }
    const auto subject = openSubject(spec, a.data, a.weights, split);
    if (!subject)
        return subject.error();
    auto profile
        = profile::measureProfile(*subject->executor, subject->modelHash, *subject->images, profiler, stop, shownOn(line));
    if (!profile)
        return profile.error();
    return Measured{std::move(*profile), std::nullopt};
}

int measure(const std::vector<std::string>& arguments, std::stop_token stop)
{
    MeasureArguments a;
    a.what.device.clear();  // this process, unless one is named
    Options options(
        "profile measure [options]",
        "Measures how long a network takes on this machine or a device: each layer alone, everything up to and behind each cut,\n"
        "coding, and taking in a frame. Leave the machine alone meanwhile. Without --out the tables are printed.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "profile measure", arguments))
        return *answered;
    a.what.profiler.relativeInterval = a.intervalPercent / 100;
    const auto split = data::parseSplit(a.what.split);
    if (!split)
        return wrongUsage("profile measure", split.error());
    if (!a.what.device.empty() && a.what.device != "loopback")
        if (const auto address = session::parseTcpAddress(a.what.device); !address)
            return wrongUsage("profile measure", address.error());
    const auto spec = model::loadNetworkSpec(a.what.model);
    if (!spec)
        return wrongUsage("profile measure", spec.error());
    ProgressLine line(100, 2000);
    auto measured = a.what.device.empty() ? measureHere(a.what, *spec, *split, stop, line) : measureThere(a.what, stop, line);
    line.finish();
    if (!measured)
        return fail(measured.error());
    if (a.energy)
        measured->profile.energy = *a.energy;
    if (!a.out.empty())
        if (const auto saved = save(measured->profile, a.out); !saved)
            return fail(saved.error());
    if (a.json)
        std::fputs(profileJson(measured->profile, *spec, measured->link).c_str(), stdout);
    else if (a.out.empty())
        std::fputs(profileTable(measured->profile, *spec, measured->link).c_str(), stdout);
    else
        std::printf("%s on %s: %s\n", measured->profile.network.c_str(), measured->profile.machine.name.c_str(), a.out.c_str());
    return kDone;
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> files;
    std::string model;
    bool json = false;
    Options options("profile show FILE [options]", "Shows a profile: machine, layers, segments, codings.");
    options.positional("FILE", "a profile that `profile measure` wrote", files, 1);
    options.text("--model", "NAME|FILE", "the network's spec, where it is none of those shipped", model);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "profile show", arguments))
        return *answered;
    if (files.empty())
        return wrongUsage("profile show", {base::ErrorCode::InvalidInput, "which profile?", "FILE"});
    const auto profile = profile::loadComputeProfile(files[0]);
    if (!profile)
        return fail(profile.error());
    std::optional<model::NetworkSpec> spec;
    if (auto loaded = model::loadNetworkSpec(model.empty() ? profile->network : model); loaded.ok()) {
        const auto fits = checkFits(*loaded, *profile);
        if (!fits && !model.empty())
            return fail(fits.error());
        if (fits)
            spec = std::move(*loaded);
    } else if (!model.empty()) {
        return wrongUsage("profile show", loaded.error());
    }
    std::fputs((json ? profileJson(*profile, spec) : profileTable(*profile, spec)).c_str(), stdout);
    return kDone;
}

}  // namespace

int profileVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("profile", "How long a network takes on a machine.",
                         {{"measure", "time layers, segments and codings", measure},
                          {"show", "what a profile says", show},
                          {"emulate", "the profile of a device that is not at hand", profileEmulate},
                          {"regression", "predict what was not measured", profileRegression},
                          {"meter", "read this machine's energy counter", profileMeter}},
                         arguments, stop);
}

}  // namespace splitscope::app
