// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that say who decides, what for, and how long.
#include "core/session/summary.h"
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

/// The gate of a fixed decision, as text; empty: none.
ScenarioField gateField(const About& about)
{
    auto field = describe(about, FieldKind::Text);
    field.placeholder = translated(QT_TR_NOOP("none"));
    field.get = [](const session::Scenario& s) { return QString::fromStdString(session::gateText(s.decision)); };
    field.set = [](session::Scenario& s, const QString& written) -> base::Status {
        if (written.trimmed().isEmpty()) {
            s.decision.gate.reset();
            return {};
        }
        const auto gate = decision::parseGate(written.trimmed().toStdString());
        if (!gate)
            return gate.error();
        s.decision.gate = *gate;
        return {};
    };
    return field;
}

auto& scaleOf(session::Scenario& s) { return s.scale; }

ScenarioField with(ScenarioField field, bool (*used)(const session::Scenario&))
{
    field.used = used;
    return field;
}

std::vector<ScenarioField> strategyFields()
{
    constexpr auto kGroup = FieldGroup::Strategy;
    constexpr const char* kShipped = QT_TR_NOOP("the shipped one");
    return {
        text({"strategy", kGroup, QT_TR_NOOP("Strategy"), "", QT_TR_NOOP("Who chooses exit, cut and coding of each request.")},
             SPLITSCOPE_MEMBER(strategy), FieldKind::OpenChoice, strategies()),
        with(whole({"decision.exit", kGroup, QT_TR_NOOP("Exit"), "",
                    QT_TR_NOOP("For fixed, on-device and on-edge: where the network stops, from 1.")},
                   SPLITSCOPE_MEMBER(decision.exit)),
             keepsAnExit),
        with(whole({"decision.partition", kGroup, QT_TR_NOOP("Cut after layer"), "",
                    QT_TR_NOOP("For fixed: the device runs layers 1 to this one; 0: all on the edge.")},
                   SPLITSCOPE_MEMBER(decision.partition)),
             decidesByItself),
        with(parsed(
                 {"decision.coding", kGroup, QT_TR_NOOP("Send as"), "",
                  QT_TR_NOOP("For fixed: 2 to 16 bits or float32 at a cut; raw, lossless or jpeg:Q at cut 0; label behind the "
                             "last layer.")},
                 SPLITSCOPE_MEMBER(decision.coding), codec::parseCoding,
                 [](const codec::Coding& coding) { return codec::toString(coding); }, FieldKind::OpenChoice, codings()),
             decidesByItself),
        with(gateField({"decision.gate", kGroup, QT_TR_NOOP("Gate"), QT_TR_NOOP("exit:nats"),
                        QT_TR_NOOP("For fixed: frames whose entropy at this exit is below so many nats are answered there; "
                                   "1:0.5. By the edge where the exit branches off behind the cut, else by the device.")}),
             decidesByItself),
        with(whole({"jpeg_quality", kGroup, QT_TR_NOOP("JPEG quality"), QT_TR_NOOP("1 to 100"), QT_TR_NOOP("For on-edge-jpeg.")},
                   SPLITSCOPE_MEMBER(jpegQuality)),
             [](const session::Scenario& s) { return s.strategy == "on-edge-jpeg"; }),
        with(whole({"dwell_requests", kGroup, QT_TR_NOOP("Dwell"), QT_TR_NOOP("requests"),
                    QT_TR_NOOP("For cycle: requests for each decision.")},
                   SPLITSCOPE_MEMBER(dwell)),
             [](const session::Scenario& s) { return s.strategy == "cycle"; }),
        with(number({"accuracy_loss", kGroup, QT_TR_NOOP("Accuracy loss"), QT_TR_NOOP("0 to 1"),
                     QT_TR_NOOP(
                         "For jalad, ko-lossy, branchynet, branchynet-edge and spinn: the most accuracy that may be lost; 0.01 "
                         "is one point.")},
                    SPLITSCOPE_MEMBER(accuracyLoss)),
             [](const session::Scenario& s) {
                 return s.strategy == "jalad" || s.strategy == "ko-lossy" || s.strategy == "branchynet"
                     || s.strategy == "branchynet-edge" || s.strategy == "spinn";
             }),
        text(
            {"action_set", kGroup, QT_TR_NOOP("Action set"), "",
             QT_TR_NOOP(
                 "What strategies choose from: standard, paper (4, 8, 12 bits), verification, or bits:4,8; with gates: +gates or "
                 "+gates:0.1,0.5, and those of the edge: +edge-gates.")},
            SPLITSCOPE_MEMBER(actionSet), FieldKind::OpenChoice,
            {{QStringLiteral("standard"), {}},
             {QStringLiteral("paper"), {}},
             {QStringLiteral("verification"), {}},
             {QStringLiteral("bits:4,8"), {}},
             {QStringLiteral("standard+gates"), {}},
             {QStringLiteral("standard+edge-gates"), {}},
             {QStringLiteral("paper+gates"), {}}}),
        text({"cost_table", kGroup, QT_TR_NOOP("Cost table"), "", QT_TR_NOOP("What decisions cost; none: do without.")},
             SPLITSCOPE_MEMBER(costTable), FieldKind::File, {}, kShipped),
        toggle(
            {"correct_table", kGroup, QT_TR_NOOP("Corrected table"), "",
             QT_TR_NOOP("Strategies see the table's times corrected by what requests of late took; the table stays as it is.")},
            SPLITSCOPE_MEMBER(correctTable)),
        text({"policy", kGroup, QT_TR_NOOP("Policy"), "",
              QT_TR_NOOP("For sacd, dqn, sacd-paper and supervised: what training made.")},
             SPLITSCOPE_MEMBER(policy), FieldKind::File, {}, kShipped),
        text({"shadow", kGroup, QT_TR_NOOP("Shadow"), "",
              QT_TR_NOOP("A policy that decides silently, and takes over when its regret is lower.")},
             SPLITSCOPE_MEMBER(shadow), FieldKind::File, {}, QT_TR_NOOP("none")),
    };
}

std::vector<ScenarioField> rewardFields()
{
    constexpr auto kGroup = FieldGroup::Reward;
    return {
        parsed({"reward.kind", kGroup, QT_TR_NOOP("Reward"), "",
                QT_TR_NOOP("paper: a·accuracy + b·speed (eqs. 12 to 14); edgent: exp(accuracy) + frames a second.")},
               SPLITSCOPE_MEMBER(objective.kind), session::parseRewardKind,
               [](decision::RewardKind kind) { return session::toString(kind); }, FieldKind::Choice,
               {{QStringLiteral("paper"), {}}, {QStringLiteral("edgent"), {}}}),
        number({"reward.s_mb_per_s", kGroup, QT_TR_NOOP("Sensitivity s"), QT_TR_NOOP("MB/s"),
                QT_TR_NOOP("At which bandwidth accuracy begins to count.")},
               SPLITSCOPE_MEMBER(objective.sensitivity)),
        number({"reward.n", kGroup, QT_TR_NOOP("Scale n"), "",
                QT_TR_NOOP("Of accuracy's weight n·ln(1 + B/s); 0: 1 at the greatest rate.")},
               SPLITSCOPE_MEMBER(objective.scale)),
        limit({"reward.energy_limit_j_per_frame", kGroup, QT_TR_NOOP("Energy limit ê"), QT_TR_NOOP("J a frame"),
               QT_TR_NOOP("Beyond it the reward is 0.")},
              SPLITSCOPE_MEMBER(objective.energyLimitJoules), decision::kNoLimit, QT_TR_NOOP("none")),
        limit({"reward.deadline_ms", kGroup, QT_TR_NOOP("Deadline of the reward"), QT_TR_NOOP("ms"),
               QT_TR_NOOP("Of a request: beyond it the reward is 0.")},
              SPLITSCOPE_MEMBER(objective.deadlineMs), decision::kNoLimit, QT_TR_NOOP("none")),
        number({"deadline_ms", kGroup, QT_TR_NOOP("Deadline that is counted"), QT_TR_NOOP("ms"),
                QT_TR_NOOP("How many requests meet it is counted; the reward's too where that names none. 0: none.")},
               SPLITSCOPE_MEMBER(deadlineMs)),
        number({"reward.accuracy_floor", kGroup, QT_TR_NOOP("Least accuracy"), QT_TR_NOOP("0 to 1"),
                QT_TR_NOOP("Decisions of less expected accuracy are not taken.")},
               SPLITSCOPE_MEMBER(objective.accuracyFloor)),
        whole({"reward.first_cut", kGroup, QT_TR_NOOP("First cut"), QT_TR_NOOP("layers"),
               QT_TR_NOOP("At least so many layers run on the device.")},
              SPLITSCOPE_MEMBER(objective.firstCut)),
        limit({"reward.last_cut", kGroup, QT_TR_NOOP("Last cut"), QT_TR_NOOP("layers"),
               QT_TR_NOOP("At most so many layers run on the device, or all.")},
              SPLITSCOPE_MEMBER(objective.lastCut), std::numeric_limits<int>::max(), QT_TR_NOOP("any")),
    };
}

std::vector<ScenarioField> scaleFields()
{
    using decision::RewardScale;
    constexpr auto kGroup = FieldGroup::Scale;
    return {
        presence({"scale", kGroup, QT_TR_NOOP("Frozen"), "",
                  QT_TR_NOOP("Otherwise it is computed from the cost table when the run starts.")},
                 scaleOf),
        within({"scale.accuracy_min", kGroup, QT_TR_NOOP("Least accuracy"), QT_TR_NOOP("0 to 1"),
                QT_TR_NOOP("Which standardises to 0.")},
               scaleOf, &RewardScale::accuracyMin),
        within({"scale.accuracy_max", kGroup, QT_TR_NOOP("Greatest accuracy"), QT_TR_NOOP("0 to 1"),
                QT_TR_NOOP("Which standardises to 1.")},
               scaleOf, &RewardScale::accuracyMax),
        within({"scale.latency_min_ms", kGroup, QT_TR_NOOP("T_min"), QT_TR_NOOP("ms"), QT_TR_NOOP("The shortest time: speed 1.")},
               scaleOf, &RewardScale::latencyMinMs),
        within({"scale.latency_max_ms", kGroup, QT_TR_NOOP("T_max"), QT_TR_NOOP("ms"), QT_TR_NOOP("The longest time: speed 0.")},
               scaleOf, &RewardScale::latencyMaxMs),
        within({"scale.max_bytes_per_second", kGroup, QT_TR_NOOP("B_max"), QT_TR_NOOP("bytes/s"),
                QT_TR_NOOP("At which accuracy's weight is 1 where n is 0.")},
               scaleOf, &RewardScale::maxBytesPerSecond),
    };
}

std::vector<ScenarioField> lengthFields()
{
    return {
        whole({"frames", FieldGroup::Length, QT_TR_NOOP("Frames"), QT_TR_NOOP("frames"), QT_TR_NOOP("Of the whole run.")},
              SPLITSCOPE_MEMBER(frames)),
        whole({"seed", FieldGroup::Length, QT_TR_NOOP("Seed"), "",
               QT_TR_NOOP("Order of the images; the same seed gives the same order.")},
              SPLITSCOPE_MEMBER(seed)),
        number({"min_interval_ms", FieldGroup::Length, QT_TR_NOOP("Interval"), QT_TR_NOOP("ms"),
                QT_TR_NOOP("From the start of one request to the start of the next, at least; 0: as fast as it goes.")},
               SPLITSCOPE_MEMBER(minIntervalMs)),
        toggle({"record_logits", FieldGroup::Recording, QT_TR_NOOP("Logits"), "",
                QT_TR_NOOP("The edge sends what its last layer put out: verification.")},
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
