// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli profile
#include "app/verbs/model_report.h"
#include "app/verbs/profile_report.h"
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/units.h"
#include "core/profile/profiler.h"
#include "core/session/model_package.h"

#include <cmath>
#include <cstdio>
#include <sstream>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr int kMostThreads = 64;

/// "1,8" as batch sizes.
base::Result<std::vector<int>> parseBatches(const std::string& text)
{
    std::vector<int> batches;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const auto batch = base::parseInteger(part, 1, wire::kMaxBatch, "--batches");
        if (!batch)
            return batch.error();
        batches.push_back(static_cast<int>(*batch));
    }
    if (batches.empty())
        return base::Error{base::ErrorCode::InvalidInput, "needs batch sizes, e.g. 1,8", "--batches"};
    return batches;
}

/// Progress on standard error: one line that is redrawn in a terminal, else a line every two seconds.
class ProfileDisplay {
public:
    void operator()(const profile::ProfilerProgress& progress)
    {
        const auto now = base::nowNs();
        if (base::toMs(now - m_lastNs) < (m_terminal ? 100 : 2000))
            return;
        m_lastNs = now;
        std::fprintf(stderr, "%s%zu of %zu measured, about %.0f s left: %s%s", m_terminal ? "\r\033[K" : "", progress.done,
                     progress.total, std::ceil(progress.secondsLeft), progress.what.c_str(), m_terminal ? "" : "\n");
    }
    void finish() const
    {
        if (m_terminal)
            std::fputs("\r\033[K", stderr);
    }

private:
    const bool m_terminal = isatty(STDERR_FILENO) == 1;
    std::int64_t m_lastNs = 0;
};

struct MeasureArguments {
    std::string model = "alexnet3", data = "patterns", weights, split = "table";
    profile::ProfilerOptions profiler;
    double intervalPercent = 2;
    std::filesystem::path out;
    bool json = false;
};

void addOptions(Options& options, MeasureArguments& a)
{
    auto& p = a.profiler;
    options.text("--model", "NAME|FILE", kModelChoice, a.model);
    options.text("--data", "SOURCE", "patterns, cifar10, or a folder or zip of images: what is computed and coded", a.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", a.weights);
    options.text("--split", "SPLIT", "train, holdout, table (default) or evaluation", a.split);
    options.custom("--batches", "N,N", "frames in a request, e.g. 1,8 (1)", [&p](const std::string& text) -> base::Status {
        const auto batches = parseBatches(text);
        if (!batches)
            return batches.error();
        p.batches = *batches;
        return {};
    });
    options.integer("--threads", "N", "that compute (1)", p.threads, 1, kMostThreads);
    options.real("--budget", "SECONDS", "the measurement ends then, whatever is known (60)", p.budgetSeconds, 0.1, 86'400);
    options.real("--interval", "PERCENT", "a time counts as known when its median is, to within so much either way (2)",
                 a.intervalPercent, 0, 100);
    options.custom("--coder", "CODER", "none (bit packing, default) or huffman-adaptive",
                   [&p](const std::string& text) -> base::Status {
                       const auto coder = codec::parseEntropyCoder(text);
                       if (!coder)
                           return coder.error();
                       p.coder = *coder;
                       return {};
                   });
    options.custom("--action-set", "SET", "whose codings are measured: standard (default), paper, verification, or bits:4,8",
                   [&p](const std::string& text) -> base::Status {
                       const auto actions = decision::parseSpaceOptions(text);
                       if (!actions)
                           return actions.error();
                       p.actions = *actions;
                       return {};
                   });
    options.path("--out", "FILE", "writes the profile there (JSON)", a.out);
    options.flag("--json", "prints the profile as one JSON object", a.json);
}

base::Result<profile::ComputeProfile> measureHere(const MeasureArguments& a, const model::NetworkSpec& spec, data::Split split,
                                                  const std::stop_token& stop, ProfileDisplay& display)
{
    const auto weights = session::findWeights(spec.name, a.data, a.weights);
    if (!weights)
        return weights.error();
    const auto executor = model::Executor::create(spec, *weights);
    if (!executor)
        return executor.error();
    const auto images = data::openDataSet(a.data, model::frameSize(spec), split);
    if (!images)
        return images.error();
    return profile::measureProfile(**executor, model::modelHash(spec, *weights), **images, a.profiler, stop,
                                   [&display](const profile::ProfilerProgress& progress) { display(progress); });
}

int measure(const std::vector<std::string>& arguments, std::stop_token stop)
{
    MeasureArguments a;
    Options options("profile measure [options]",
                    "Measures how long a network takes on this machine: each layer alone, everything up to and behind each cut,\n"
                    "coding, and taking in a frame. Leave the machine alone meanwhile. Without --out the tables are printed.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "profile measure", arguments))
        return *answered;
    a.profiler.relativeInterval = a.intervalPercent / 100;
    const auto split = data::parseSplit(a.split);
    if (!split)
        return wrongUsage("profile measure", split.error());
    const auto spec = model::loadNetworkSpec(a.model);
    if (!spec)
        return wrongUsage("profile measure", spec.error());
    ProfileDisplay display;
    const auto measured = measureHere(a, *spec, *split, stop, display);
    display.finish();
    if (!measured)
        return fail(measured.error());
    if (!a.out.empty())
        if (const auto saved = save(*measured, a.out); !saved)
            return fail(saved.error());
    if (a.json)
        std::fputs(profileJson(*measured, *spec).c_str(), stdout);
    else if (a.out.empty())
        std::fputs(profileTable(*measured, *spec).c_str(), stdout);
    else
        std::printf("%s on %s: %s\n", measured->network.c_str(), measured->machine.name.c_str(), a.out.c_str());
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
                         {{"measure", "time layers, segments and codings", measure}, {"show", "what a profile says", show}},
                         arguments, stop);
}

}  // namespace splitscope::app
