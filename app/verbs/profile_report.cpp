// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/profile_report.h"

#include "app/text_format.h"
#include "core/profile/profiler.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <map>
#include <set>

namespace splitscope::app {

using profile::ComputeProfile;
using profile::Measurement;

namespace {

using Spec = std::optional<model::NetworkSpec>;

std::vector<int> batchesOf(const ComputeProfile& p)
{
    std::set<int> batches;
    for (const auto& segment : p.segments)
        batches.insert(segment.batch);
    for (const auto& layer : p.layers)
        batches.insert(layer.batch);
    return {batches.begin(), batches.end()};
}

std::string batchText(int batch) { return "batch " + std::to_string(batch); }

/// Samples of everything, and those left out.
std::pair<int, int> countSamples(const ComputeProfile& p)
{
    std::pair<int, int> counts;
    const auto add = [&](const Measurement& m) {
        counts.first += m.samples;
        counts.second += m.excluded;
    };
    for (const auto* times : {&p.layers, &p.capture})
        for (const auto& time : *times)
            add(time.time);
    for (const auto& segment : p.segments)
        add(segment.time);
    for (const auto& coding : p.codings) {
        add(coding.encode);
        add(coding.decode);
    }
    return counts;
}

std::string heading(const ComputeProfile& p)
{
    const auto [samples, excluded] = countSamples(p);
    std::string text = p.network + " on " + p.machine.name + "\n";
    if (p.machine.processor != p.machine.name && !p.machine.processor.empty())
        text += "  processor   " + p.machine.processor + "\n";
    text += format("  machine     %s, %d %s, %.1f GB, %s\n", p.machine.architecture.c_str(), p.machine.cores,
                   p.machine.cores == 1 ? "core" : "cores", p.machine.memoryBytes * 1e-9, p.machine.system.c_str());
    text += "  before      " + toString(p.before) + "\n  after       " + toString(p.after) + "\n";
    text += format("  computed    by %s, %d %s; entropy coder %s\n", p.backend.c_str(), p.threads,
                   p.threads == 1 ? "thread" : "threads", codec::toString(p.coder).c_str());
    text += format("  %s    %s by %s; %d samples, %d left out while the machine was slowed\n",
                   p.measured() ? "measured" : "made    ", p.date.c_str(), p.machine.program.c_str(), samples, excluded);
    if (!p.measured())
        text += "  source      " + p.source + "\n";
    text += "  energy      modelled: " + describe(p.energy) + "\n";
    return text;
}

/// The sum that a layer's share is of: its path's, the longest that it lies on. Of all layers where there is no spec.
std::map<std::string, double> pathSums(const ComputeProfile& p, const Spec& spec, int batch)
{
    std::map<std::string, double> ms, sums;
    double all = 0;
    for (const auto& layer : p.layers)
        if (layer.batch == batch)
            all += ms[layer.layer] = layer.time.p50Ms;
    for (const auto& [layer, time] : ms)
        sums[layer] = all;
    for (int exit = 1; spec && exit <= spec->exitCount(); ++exit) {
        const model::Path path(*spec, exit);
        double sum = 0;
        for (const auto& layer : path.layers())
            sum += ms[layer.spec.name];
        for (const auto& layer : path.layers())
            sums[layer.spec.name] = sum;
    }
    return sums;
}

std::string layerTable(const ComputeProfile& p, const Spec& spec, int batch)
{
    const auto sums = pathSums(p, spec, batch);
    auto text = format("\nlayers alone, %s\n  %-18s %10s %10s %10s %8s\n", batchText(batch).c_str(), "layer", "p50 ms", "p95 ms",
                       "sigma ms", "share");
    for (const auto& layer : p.layers) {
        if (layer.batch != batch)
            continue;
        const double sum = sums.at(layer.layer);
        const bool fused = std::find(p.fusedWithNext.begin(), p.fusedWithNext.end(), layer.layer) != p.fusedWithNext.end();
        text += format("  %-18s %10.4f %10.4f %10.4f %6.1f %%%s\n", layer.layer.c_str(), layer.time.p50Ms, layer.time.p95Ms,
                       layer.time.sigmaMs, sum > 0 ? 100 * layer.time.p50Ms / sum : 0, fused ? "  fused with the next" : "");
    }
    return text;
}

const Measurement* find(const ComputeProfile& p, int exit, int first, int last, int batch)
{
    const auto found = std::find_if(p.segments.begin(), p.segments.end(), [&](const auto& s) {
        return s.exit == exit && s.first == first && s.last == last && s.batch == batch;
    });
    return found == p.segments.end() ? nullptr : &found->time;
}

std::string cell(const Measurement* m, double Measurement::*field)
{
    return m ? format("%10.4f", m->*field) : std::string("         –");
}

/// What a cut costs: the two halves beside each other, and what they take together over the whole.
std::string segmentTable(const ComputeProfile& p, const Spec& spec, int exit, int batch)
{
    int length = 0;
    std::set<int> cuts{0};
    for (const auto& s : p.segments)
        if (s.exit == exit && s.batch == batch) {
            length = std::max(length, s.last);
            cuts.insert({s.first, s.last});
        }
    if (length == 0)
        return {};
    const auto* whole = find(p, exit, 0, length, batch);
    auto text = format("\nexit %d, %s: layers 1..p, and those behind\n  %3s  %-18s %10s %10s %10s %10s %8s\n", exit,
                       batchText(batch).c_str(), "p", "tensor", "first p50", "p95", "then p50", "p95", "/ whole");
    for (int cut : cuts) {
        const auto* first = find(p, exit, 0, cut, batch);
        const auto* then = find(p, exit, cut, length, batch);
        const double both = (first ? first->p50Ms : 0) + (then ? then->p50Ms : 0);
        const bool knows = spec && exit <= spec->exitCount();
        const auto ratio = whole && whole->p50Ms > 0 ? format("%8.3f", both / whole->p50Ms) : std::string();
        text += format("  %3d  %-18s %s %s %s %s %s\n", cut, knows ? model::Path(*spec, exit).cutName(cut).c_str() : "",
                       cell(first, &Measurement::p50Ms).c_str(), cell(first, &Measurement::p95Ms).c_str(),
                       cell(then, &Measurement::p50Ms).c_str(), cell(then, &Measurement::p95Ms).c_str(), ratio.c_str());
    }
    return text;
}

int exitsOf(const ComputeProfile& p)
{
    int exits = 0;
    for (const auto& s : p.segments)
        exits = std::max(exits, s.exit);
    return exits;
}

/// Where layers are fused or copied less, the whole takes less than its layers one by one.
std::string reconciliation(const ComputeProfile& p, const Spec& spec)
{
    if (!spec)
        return "\nThe network's spec is not at hand: name it with --model to reconcile segments with their layers.\n";
    std::string text = "\n";
    for (const auto& line : reconcile(*spec, p)) {
        if (line.last != model::Path(*spec, line.exit).length())
            continue;
        text += format("exit %d, %s: layers measured alone sum to %.3f ms; the fused whole takes %.3f ms", line.exit,
                       batchText(line.batch).c_str(), line.layersMs, line.segmentMs);
        text += line.layersMs > 0 ? format(" (%.0f %%)\n", 100 * line.segmentMs / line.layersMs) : std::string("\n");
    }
    return text;
}

std::string codingTable(const ComputeProfile& p, int batch)
{
    auto text = format("\ncodings, %s\n  %-18s %-12s %10s %10s %10s %10s\n", batchText(batch).c_str(), "tensor", "coding",
                       "encode p50", "p95", "decode p50", "p95");
    for (const auto& c : p.codings)
        if (c.batch == batch)
            text += format("  %-18s %-12s %10.4f %10.4f %10.4f %10.4f\n", c.tensor.c_str(), codec::toString(c.coding).c_str(),
                           c.encode.p50Ms, c.encode.p95Ms, c.decode.p50Ms, c.decode.p95Ms);
    for (const auto& step : p.capture)
        if (step.batch == batch)
            text += format("  %-18s %-12s %10.4f %10.4f\n", step.layer == "read" ? "reading a frame" : "pixels to input", "",
                           step.time.p50Ms, step.time.p95Ms);
    return text;
}

}  // namespace

std::string profileTable(const ComputeProfile& profile, const Spec& spec, const std::optional<LinkPings>& link)
{
    auto text = heading(profile);
    if (link)
        text += format("  link        to %s: %.3f ms round trip, median of %d pings\n", link->deviceName.c_str(), link->rttMs,
                       link->pings);
    for (int batch : batchesOf(profile)) {
        text += layerTable(profile, spec, batch);
        for (int exit = 1; exit <= exitsOf(profile); ++exit)
            text += segmentTable(profile, spec, exit, batch);
        text += codingTable(profile, batch);
    }
    return text + reconciliation(profile, spec);
}

std::string profileJson(const ComputeProfile& profile, const Spec& spec, const std::optional<LinkPings>& link)
{
    auto object = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(profile))).object();
    if (spec) {
        QJsonArray lines;
        for (const auto& line : reconcile(*spec, profile))
            lines << QJsonObject{{"exit", line.exit},
                                 {"last", line.last},
                                 {"batch", line.batch},
                                 {"segment_ms", line.segmentMs},
                                 {"layers_ms", line.layersMs}};
        object["reconciliation"] = lines;
    }
    if (link)
        object["link"]
            = QJsonObject{{"device", QString::fromStdString(link->deviceName)}, {"rtt_ms", link->rttMs}, {"pings", link->pings}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

}  // namespace splitscope::app
