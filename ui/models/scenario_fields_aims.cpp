// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that say who decides, what for, and how long.
#include "core/strategy/strategy.h"
#include "ui/models/scenario_field_p.h"

namespace splitscope::ui::fields {

namespace {

std::vector<FieldChoice> strategies()
{
    std::vector<FieldChoice> choices;
    for (const auto& info : strategy::strategies())
        choices.push_back({QString::fromStdString(info.name), {}});
    return choices;
}

std::vector<FieldChoice> codings()
{
    std::vector<FieldChoice> choices;
    for (const char* coding : {"4", "6", "8", "12", "16", "float32", "raw", "lossless", "jpeg:80", "label"})
        choices.push_back({QString::fromUtf8(coding), {}});
    return choices;
}

bool decidesByItself(const session::Scenario& s) { return s.strategy == "fixed"; }
bool keepsAnExit(const session::Scenario& s) { return decidesByItself(s) || s.strategy.starts_with("on-"); }

auto& scaleOf(session::Scenario& s) { return s.scale; }

ScenarioField with(ScenarioField field, bool (*used)(const session::Scenario&))
{
    field.used = used;
    return field;
}

std::vector<ScenarioField> strategyFields()
{
    constexpr auto kGroup = FieldGroup::Strategy;
    constexpr const char* kShipped = "the shipped one";
    return {
        text({"strategy", kGroup, "Strategy", "", "Who chooses exit, cut and coding of each request."},
             SPLITSCOPE_MEMBER(strategy), FieldKind::OpenChoice, strategies()),
        with(whole({"decision.exit", kGroup, "Exit", "", "For fixed, on-device and on-edge: where the network stops, from 1."},
                   SPLITSCOPE_MEMBER(decision.exit)),
             keepsAnExit),
        with(whole({"decision.partition", kGroup, "Cut after layer", "",
                    "For fixed: the device runs layers 1 to this one; 0: all on the edge."},
                   SPLITSCOPE_MEMBER(decision.partition)),
             decidesByItself),
        with(parsed(
                 {"decision.coding", kGroup, "Send as", "",
                  "For fixed: 2 to 16 bits or float32 at a cut; raw, lossless or jpeg:Q at cut 0; label behind the last layer."},
                 SPLITSCOPE_MEMBER(decision.coding), codec::parseCoding,
                 [](const codec::Coding& coding) { return codec::toString(coding); }, FieldKind::OpenChoice, codings()),
             decidesByItself),
        with(whole({"jpeg_quality", kGroup, "JPEG quality", "1 to 100", "For on-edge-jpeg."}, SPLITSCOPE_MEMBER(jpegQuality)),
             [](const session::Scenario& s) { return s.strategy == "on-edge-jpeg"; }),
        with(whole({"dwell_requests", kGroup, "Dwell", "requests", "For cycle: requests for each decision."},
                   SPLITSCOPE_MEMBER(dwell)),
             [](const session::Scenario& s) { return s.strategy == "cycle"; }),
        text({"action_set", kGroup, "Action set", "",
              "What strategies choose from: standard, paper (4, 8, 12 bits), verification, or bits:4,8."},
             SPLITSCOPE_MEMBER(actionSet), FieldKind::OpenChoice,
             {{QStringLiteral("standard"), {}},
              {QStringLiteral("paper"), {}},
              {QStringLiteral("verification"), {}},
              {QStringLiteral("bits:4,8"), {}}}),
        text({"cost_table", kGroup, "Cost table", "", "What decisions cost; none: do without."}, SPLITSCOPE_MEMBER(costTable),
             FieldKind::File, {}, kShipped),
        text({"policy", kGroup, "Policy", "", "For sacd, dqn, sacd-paper and supervised: what training made."},
             SPLITSCOPE_MEMBER(policy), FieldKind::File, {}, kShipped),
        text({"shadow", kGroup, "Shadow", "", "A policy that decides silently, and takes over when its regret is lower."},
             SPLITSCOPE_MEMBER(shadow), FieldKind::File, {}, "none"),
    };
}

std::vector<ScenarioField> rewardFields()
{
    constexpr auto kGroup = FieldGroup::Reward;
    return {
        parsed({"reward.kind", kGroup, "Reward", "",
                "paper: a·accuracy + b·speed (eqs. 12 to 14); edgent: exp(accuracy) + frames a second."},
               SPLITSCOPE_MEMBER(objective.kind), session::parseRewardKind,
               [](decision::RewardKind kind) { return session::toString(kind); }, FieldKind::Choice,
               {{QStringLiteral("paper"), {}}, {QStringLiteral("edgent"), {}}}),
        number({"reward.s_mb_per_s", kGroup, "Sensitivity s", "MB/s", "At which bandwidth accuracy begins to count."},
               SPLITSCOPE_MEMBER(objective.sensitivity)),
        number({"reward.n", kGroup, "Scale n", "", "Of accuracy's weight n·ln(1 + B/s); 0: 1 at the greatest rate."},
               SPLITSCOPE_MEMBER(objective.scale)),
        limit({"reward.energy_limit_j_per_frame", kGroup, "Energy limit ê", "J a frame", "Beyond it the reward is 0."},
              SPLITSCOPE_MEMBER(objective.energyLimitJoules), decision::kNoLimit, "none"),
        limit({"reward.deadline_ms", kGroup, "Deadline of the reward", "ms", "Of a request: beyond it the reward is 0."},
              SPLITSCOPE_MEMBER(objective.deadlineMs), decision::kNoLimit, "none"),
        number({"deadline_ms", kGroup, "Deadline that is counted", "ms",
                "How many requests meet it is counted; the reward's too where that names none. 0: none."},
               SPLITSCOPE_MEMBER(deadlineMs)),
        number(
            {"reward.accuracy_floor", kGroup, "Least accuracy", "0 to 1", "Decisions of less expected accuracy are not taken."},
            SPLITSCOPE_MEMBER(objective.accuracyFloor)),
        whole({"reward.first_cut", kGroup, "First cut", "layers", "At least so many layers run on the device."},
              SPLITSCOPE_MEMBER(objective.firstCut)),
        limit({"reward.last_cut", kGroup, "Last cut", "layers", "At most so many layers run on the device, or all."},
              SPLITSCOPE_MEMBER(objective.lastCut), std::numeric_limits<int>::max(), "any"),
    };
}

std::vector<ScenarioField> scaleFields()
{
    using decision::RewardScale;
    constexpr auto kGroup = FieldGroup::Scale;
    return {
        presence({"scale", kGroup, "Frozen", "", "Otherwise it is computed from the cost table when the run starts."}, scaleOf),
        within({"scale.accuracy_min", kGroup, "Least accuracy", "0 to 1", "Which standardises to 0."}, scaleOf,
               &RewardScale::accuracyMin),
        within({"scale.accuracy_max", kGroup, "Greatest accuracy", "0 to 1", "Which standardises to 1."}, scaleOf,
               &RewardScale::accuracyMax),
        within({"scale.latency_min_ms", kGroup, "T_min", "ms", "The shortest time: speed 1."}, scaleOf,
               &RewardScale::latencyMinMs),
        within({"scale.latency_max_ms", kGroup, "T_max", "ms", "The longest time: speed 0."}, scaleOf,
               &RewardScale::latencyMaxMs),
        within({"scale.max_bytes_per_second", kGroup, "B_max", "bytes/s", "At which accuracy's weight is 1 where n is 0."},
               scaleOf, &RewardScale::maxBytesPerSecond),
    };
}

std::vector<ScenarioField> lengthFields()
{
    return {
        whole({"frames", FieldGroup::Length, "Frames", "frames", "Of the whole run."}, SPLITSCOPE_MEMBER(frames)),
        whole({"seed", FieldGroup::Length, "Seed", "", "Order of the images; the same seed gives the same order."},
              SPLITSCOPE_MEMBER(seed)),
        number({"min_interval_ms", FieldGroup::Length, "Interval", "ms",
                "From the start of one request to the start of the next, at least; 0: as fast as it goes."},
               SPLITSCOPE_MEMBER(minIntervalMs)),
        toggle(
            {"record_logits", FieldGroup::Recording, "Logits", "", "The edge sends what its last layer put out: verification."},
            SPLITSCOPE_MEMBER(recordLogits)),
    };
}

}  // namespace

std::vector<ScenarioField> aims()
{
    auto all = strategyFields();
    for (const auto& part : {rewardFields(), scaleFields(), lengthFields()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace splitscope::ui::fields
