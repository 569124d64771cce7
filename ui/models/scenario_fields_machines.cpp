// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that say what runs where, and over which link.
#include "ui/models/scenario_field_p.h"
#include "ui/widgets/rate_sources.h"

namespace splitscope::ui::fields {

namespace {

std::vector<FieldChoice> coders()
{
    std::vector<FieldChoice> choices{{QString(), tr("as the cost table")}};
    for (const auto coder : codec::kEntropyCoders)
        choices.push_back({QString::fromStdString(toString(coder)), {}});
    return choices;
}

ScenarioField entropyCoder()
{
    auto field = describe(
        {"entropy_coder", FieldGroup::ModelAndData, QT_TR_NOOP("Coder"), "",
         QT_TR_NOOP("How quantized levels are written. huffman and context need a codebook of the model and the data.")},
        FieldKind::Choice);
    field.choices = coders();
    field.get = [](const session::Scenario& s) { return s.coder ? QString::fromStdString(toString(*s.coder)) : QString(); };
    field.set = [](session::Scenario& s, const QString& written) -> base::Status {
        if (written.isEmpty()) {
            s.coder.reset();
            return {};
        }
        const auto coder = codec::parseEntropyCoder(written.toStdString());
        if (!coder)
            return coder.error();
        s.coder = *coder;
        return {};
    };
    return field;
}

std::vector<FieldChoice> models()
{
    std::vector<FieldChoice> choices;
    for (const auto& name : model::shippedNetworks())
        choices.push_back({QString::fromStdString(name), {}});
    return choices;
}

std::vector<FieldChoice> rates()
{
    std::vector<FieldChoice> choices{{QStringLiteral("unlimited"), {}},   {QStringLiteral("2MB/s"), {}},
                                     {QStringLiteral("preset:cat1"), {}}, {QStringLiteral("preset:3g"), {}},
                                     {QStringLiteral("preset:4g"), {}},   {QStringLiteral("preset:wifi"), {}}};
    for (const auto& varying : varyingRates())
        choices.push_back({varying.bandwidth, {}});
    choices.push_back({QStringLiteral("trace:walk"), {}});
    return choices;
}

std::string showSlowdownBy(wire::SlowdownBy by) { return by == wire::SlowdownBy::Work ? "work" : "waiting"; }
std::string showShapedBy(wire::ShapedBy by) { return by == wire::ShapedBy::Kernel ? "kernel" : "user"; }

auto& channelOf(session::Scenario& s) { return s.energy.channel; }

}  // namespace

std::vector<ScenarioField> whatRuns()
{
    constexpr auto kGroup = FieldGroup::ModelAndData;
    constexpr const char* kShipped = QT_TR_NOOP("the shipped one");
    return {
        text({"model", kGroup, QT_TR_NOOP("Model"), "",
              QT_TR_NOOP("A network with several exits: a shipped one, or the file of a spec (model.json).")},
             SPLITSCOPE_MEMBER(model), FieldKind::OpenChoice, models()),
        text({"weights", kGroup, QT_TR_NOOP("Weights"), "",
              QT_TR_NOOP("A weights file; empty: those shipped for the model and the data.")},
             SPLITSCOPE_MEMBER(weights), FieldKind::File, {}, kShipped),
        text({"data", kGroup, QT_TR_NOOP("Data"), "",
              QT_TR_NOOP("Where frames come from: patterns (generated), cifar10, imagenette, or a folder or zip of images on the "
                         "device.")},
             SPLITSCOPE_MEMBER(data), FieldKind::OpenChoice,
             {{QStringLiteral("patterns"), {}}, {QStringLiteral("cifar10"), {}}, {QStringLiteral("imagenette"), {}}}),
        text({"split", kGroup, QT_TR_NOOP("Split"), "",
              QT_TR_NOOP("Which part of the data: evaluation is what neither training nor tables have seen.")},
             SPLITSCOPE_MEMBER(split), FieldKind::OpenChoice,
             {{QStringLiteral("evaluation"), {}},
              {QStringLiteral("table"), {}},
              {QStringLiteral("holdout"), {}},
              {QStringLiteral("train"), {}}}),
        entropyCoder(),
        text({"codebook", kGroup, QT_TR_NOOP("Codebook"), "",
              QT_TR_NOOP("What huffman and context know of the network beforehand.")},
             SPLITSCOPE_MEMBER(codebook), FieldKind::File, {}, kShipped),
        whole({"batch", kGroup, QT_TR_NOOP("Batch"), QT_TR_NOOP("frames"), QT_TR_NOOP("Frames in one request.")},
              SPLITSCOPE_MEMBER(batch)),
        whole({"depth", kGroup, QT_TR_NOOP("Depth"), QT_TR_NOOP("requests"),
               QT_TR_NOOP("Requests in flight; 1: one after the other.")},
              SPLITSCOPE_MEMBER(depth)),
    };
}

namespace {

std::vector<ScenarioField> deviceFields()
{
    constexpr auto kGroup = FieldGroup::Device;
    return {
        text({"device", kGroup, QT_TR_NOOP("Device"), "",
              QT_TR_NOOP("loopback: emulated on this machine; or tcp://HOST:PORT of a device's daemon.")},
             SPLITSCOPE_MEMBER(device), FieldKind::OpenChoice,
             {{QStringLiteral("loopback"), {}}, {QStringLiteral("tcp://raspberrypi.local:47610"), {}}}),
        text({"device_key", kGroup, QT_TR_NOOP("Device key"), "",
              QT_TR_NOOP("The device's public key, as `splitscoped --show-key` prints it.")},
             SPLITSCOPE_MEMBER(deviceKey), FieldKind::Text, {}, "looked up among the known devices"),
        number({"slowdown", kGroup, QT_TR_NOOP("Slowdown"), QT_TR_NOOP("×"),
                QT_TR_NOOP("An emulated device takes this many times as long for its layers.")},
               SPLITSCOPE_MEMBER(slowdown)),
        parsed({"slowdown_by", kGroup, QT_TR_NOOP("Slowdown by"), "",
                QT_TR_NOOP("waiting leaves the cores to the other half on one machine; work repeats the computation.")},
               SPLITSCOPE_MEMBER(slowdownBy), session::parseSlowdownBy, showSlowdownBy, FieldKind::Choice,
               {{QStringLiteral("waiting"), {}}, {QStringLiteral("work"), {}}}),
        whole({"device_threads", kGroup, QT_TR_NOOP("Device threads"), QT_TR_NOOP("threads"),
               QT_TR_NOOP("Threads that the device's half computes with.")},
              SPLITSCOPE_MEMBER(deviceThreads)),
        whole({"edge_threads", kGroup, QT_TR_NOOP("Edge threads"), QT_TR_NOOP("threads"),
               QT_TR_NOOP("Threads that the edge's half computes with.")},
              SPLITSCOPE_MEMBER(edgeThreads)),
        number({"min_failover_ms", kGroup, QT_TR_NOOP("Failover after"), QT_TR_NOOP("ms"),
                QT_TR_NOOP("The device finishes a frame by itself when the edge has been silent for this long, at least.")},
               SPLITSCOPE_MEMBER(minFailoverMs)),
    };
}

std::vector<ScenarioField> energyFields()
{
    using profile::RadioChannel;
    constexpr auto kGroup = FieldGroup::Energy;
    return {
        text({"energy.source", kGroup, QT_TR_NOOP("Source"), "", QT_TR_NOOP("Where these numbers come from, for people.")},
             SPLITSCOPE_MEMBER(energy.source)),
        number({"energy.k0_j_s2_per_cycle", kGroup, QT_TR_NOOP("Capacitance k0"), QT_TR_NOOP("J·s²/cycle"),
                QT_TR_NOOP("Effective switched capacitance (eq. 1).")},
               SPLITSCOPE_MEMBER(energy.k0)),
        number({"energy.frequency_hz", kGroup, QT_TR_NOOP("Clock f"), QT_TR_NOOP("Hz"), QT_TR_NOOP("The processor's clock.")},
               SPLITSCOPE_MEMBER(energy.frequencyHz)),
        number({"energy.flops_per_cycle", kGroup, QT_TR_NOOP("Work a cycle"), QT_TR_NOOP("FLOP/cycle"),
                QT_TR_NOOP("Turns a layer's operations into cycles.")},
               SPLITSCOPE_MEMBER(energy.flopsPerCycle)),
        number({"energy.transmit_watts", kGroup, QT_TR_NOOP("Sending P"), QT_TR_NOOP("W"),
                QT_TR_NOOP("Power of the radio while it sends (eq. 2).")},
               SPLITSCOPE_MEMBER(energy.transmitWatts)),
        presence({"energy.channel", kGroup, QT_TR_NOOP("Stated channel"), "",
                  QT_TR_NOOP("Sending is reckoned at B·log2(1 + P·γ) instead of at the rate that was measured.")},
                 channelOf),
        within({"energy.channel.bandwidth_hz", kGroup, QT_TR_NOOP("Channel B"), QT_TR_NOOP("Hz"),
                QT_TR_NOOP("The channel's bandwidth.")},
               channelOf, &RadioChannel::bandwidthHz),
        within({"energy.channel.sinr_per_watt", kGroup, QT_TR_NOOP("Channel γ"), QT_TR_NOOP("1/W"),
                QT_TR_NOOP("Signal over noise and interference, a watt sent.")},
               channelOf, &RadioChannel::sinrPerWatt),
    };
}

std::vector<ScenarioField> linkFields()
{
    constexpr auto kGroup = FieldGroup::Link;
    return {
        text({"bandwidth", kGroup, QT_TR_NOOP("Bandwidth"), "",
              QT_TR_NOOP("The device's uplink over time: a rate (300KB/s, 2MB/s, 5.85Mbit/s), preset:4g, unlimited,\n"
                         "sweep:10KB/s..10MB/s, step:1MB/s,100KB/s, walk, markov, outage, or trace:FILE.")},
             SPLITSCOPE_MEMBER(bandwidth), FieldKind::OpenChoice, rates()),
        number({"shaping.delay_ms", kGroup, QT_TR_NOOP("Added delay"), QT_TR_NOOP("ms"),
                QT_TR_NOOP("One way, to every message that leaves the device.")},
               SPLITSCOPE_MEMBER(shaping.delayMs)),
        number({"shaping.jitter_ms", kGroup, QT_TR_NOOP("Jitter"), QT_TR_NOOP("ms"),
                QT_TR_NOOP("The added delay varies by up to so much either way.")},
               SPLITSCOPE_MEMBER(shaping.jitterMs)),
        number({"shaping.burst_bytes", kGroup, QT_TR_NOOP("Burst"), QT_TR_NOOP("bytes"),
                QT_TR_NOOP("What the uplink's token bucket holds.")},
               SPLITSCOPE_MEMBER(shaping.burstBytes)),
        parsed({"shaping.by", kGroup, QT_TR_NOOP("Shaped by"), "",
                QT_TR_NOOP("user: the daemon; kernel: tc, for which the daemon needs CAP_NET_ADMIN.")},
               SPLITSCOPE_MEMBER(shaping.by), session::parseShapedBy, showShapedBy, FieldKind::Choice,
               {{QStringLiteral("user"), {}}, {QStringLiteral("kernel"), {}}}),
        toggle({"probe", kGroup, QT_TR_NOOP("Probe"), "",
                QT_TR_NOOP("Measures the uplink with filler where frames do not tell its rate.")},
               SPLITSCOPE_MEMBER(probe)),
        parsed({"faults", kGroup, QT_TR_NOOP("Faults"), "",
                QT_TR_NOOP("What goes wrong, and at which frame: KIND@FRAME:TIME, with commas between, of stall, cut, restart, "
                           "slow-cpu, corrupt, clock-jump.\nFor example: stall@200:500ms, restart@400")},
               SPLITSCOPE_MEMBER(faults), session::parseFaults,
               [](const std::vector<session::ScheduledFault>& faults) { return toString(faults); }, FieldKind::Text, {}),
    };
}

}  // namespace

std::vector<ScenarioField> circumstances()
{
    auto all = deviceFields();
    for (const auto& part : {linkFields(), energyFields()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace splitscope::ui::fields
