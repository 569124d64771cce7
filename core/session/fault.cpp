// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fault.h"

#include "core/base/units.h"
#include "core/wire/messages.h"

#include <QtGlobal>
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace splitscope::session {

namespace {

constexpr double kSecondMs = 1'000, kMinuteMs = 60 * kSecondMs, kHourMs = 60 * kMinuteMs;

base::Error wrong(const std::string& text, const std::string& what)
{
    return {base::ErrorCode::InvalidInput, "'" + text + "' " + what, "fault"};
}

std::string names()
{
    std::string list;
    for (const auto& info : faults())
        list += (list.empty() ? "" : ", ") + std::string(info.name);
    return list;
}

struct LongUnit {
    std::string_view suffix;
    double ms;
};
constexpr std::array<LongUnit, 2> kLongUnits{{{"min", kMinuteMs}, {"h", kHourMs}}};

/// As base::parseMilliseconds(), and minutes and hours ("1h"), and a sign.
base::Result<double> parseTime(std::string_view text)
{
    const bool back = text.starts_with('-');
    const auto size = back ? text.substr(1) : text;
    for (const auto& unit : kLongUnits) {
        if (!size.ends_with(unit.suffix))
            continue;
        const auto count = base::parseInteger(size.substr(0, size.size() - unit.suffix.size()), 0, 1'000'000, "time");
        if (!count)
            return count.error();
        return (back ? -1 : 1) * static_cast<double>(*count) * unit.ms;
    }
    const auto ms = base::parseMilliseconds(size);
    if (!ms)
        return ms.error();
    return back ? -*ms : *ms;
}

/// As short as it is read back exactly.
std::string timeText(double ms)
{
    for (auto unit = kLongUnits.rbegin(); unit != kLongUnits.rend(); ++unit)
        if (const double count = ms / unit->ms; ms != 0 && count == static_cast<double>(static_cast<long long>(count)))
            return std::to_string(static_cast<long long>(count)) + std::string(unit->suffix);
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), ms, std::chars_format::fixed).ptr;
    return std::string(text.data(), end) + "ms";
}

}  // namespace

const std::vector<FaultInfo>& faults()
{
    // Said by the command line and the log as they are, by the dashboard in its language.
    static const std::vector<FaultInfo> kFaults{
        {FaultKind::Stall, "stall", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Stall the link"),
         QT_TRANSLATE_NOOP("splitscope::session::Fault",
                           "For a while nothing passes the link in either direction, but its connections stay: as in a gap of "
                           "the radio. The device finishes its frames alone; what waited comes late."),
         kSecondMs, 1, kMinuteMs},
        {FaultKind::Cut, "cut", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Cut the link"),
         QT_TRANSLATE_NOOP("splitscope::session::Fault",
                           "The connections are closed, and none come about for a while: as when a cable is pulled. The device "
                           "finishes its frames alone and tells them afterwards."),
         kSecondMs, 1, kMinuteMs},
        {FaultKind::Restart, "restart", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Restart the daemon"),
         QT_TRANSLATE_NOOP(
             "splitscope::session::Fault",
             "The device's daemon ends at once and is started again. Frames whose outcome only it knew are lost; the "
             "run goes on.")},
        {FaultKind::SlowCpu, "slow-cpu", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Slow processor"),
         QT_TRANSLATE_NOOP("splitscope::session::Fault",
                           "The device computes 8 times slower for a while, as when it is throttled. Strategies are not told."),
         2 * kSecondMs, 1, 10 * kMinuteMs},
        {FaultKind::Corrupt, "corrupt", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Corrupt a message"),
         QT_TRANSLATE_NOOP("splitscope::session::Fault",
                           "The next message each way, on both connections, arrives damaged. It is refused; what it would have "
                           "brought comes again, or the device finishes the frame alone.")},
        {FaultKind::ClockJump, "clock-jump", QT_TRANSLATE_NOOP("splitscope::session::Fault", "Clock jump"),
         QT_TRANSLATE_NOOP("splitscope::session::Fault",
                           "The edge's clock jumps while it computes a frame, as when somebody sets it: what it measured across "
                           "the jump is off by it, and its time of day from then on. T is the device's own and must not change."),
         kHourMs, -24 * kHourMs, 24 * kHourMs}};
    return kFaults;
}

const FaultInfo& infoOf(FaultKind kind)
{
    return *std::find_if(faults().begin(), faults().end(), [kind](const FaultInfo& info) { return info.kind == kind; });
}

Fault usualFault(FaultKind kind) { return {kind, infoOf(kind).usualMs}; }

base::Status check(const Fault& fault)
{
    const auto& info = infoOf(fault.kind);
    if (fault.ms >= info.leastMs && fault.ms <= info.mostMs)  // not so for NaN
        return {};
    if (!info.takesTime())
        return wrong(info.name, "takes no time");
    return wrong(toString(fault), "is outside " + timeText(info.leastMs) + " to " + timeText(info.mostMs));
}

std::string toString(const Fault& fault)
{
    const auto& info = infoOf(fault.kind);
    return info.name + (info.takesTime() ? ":" + timeText(fault.ms) : std::string());
}

base::Result<ScheduledFault> parseFault(const std::string& text)
{
    const auto at = text.find('@');
    const auto name = text.substr(0, std::min(at, text.find(':')));
    const auto info = std::find_if(faults().begin(), faults().end(), [&](const FaultInfo& one) { return name == one.name; });
    if (info == faults().end())
        return wrong(text, "names no fault; there are " + names() + ", written KIND@FRAME[:TIME], as stall@200:500ms");
    if (at == std::string::npos)
        return wrong(text, "names no frame: write " + name + "@FRAME" + (info->takesTime() ? "[:TIME]" : ""));
    const auto colon = text.find(':', at);
    const auto frame = base::parseInteger(text.substr(at + 1, colon == std::string::npos ? colon : colon - at - 1), 0,
                                          static_cast<long long>(wire::kMaxFrames) - 1, "frame");
    if (!frame)
        return wrong(text, "names no frame: " + frame.error().text);
    ScheduledFault scheduled{static_cast<std::uint64_t>(*frame), usualFault(info->kind)};
    if (colon != std::string::npos) {
        const auto ms = parseTime(std::string_view(text).substr(colon + 1));
        if (!ms)
            return wrong(text, "has no time that can be read: " + ms.error().text);
        scheduled.fault.ms = *ms;
        if (!info->takesTime())
            return wrong(text, "names a time, but " + name + " takes none");
    }
    if (const auto status = check(scheduled.fault); !status)
        return wrong(text, "is wrong: " + status.error().text);
    return scheduled;
}

base::Result<std::vector<ScheduledFault>> parseFaults(const std::string& text)
{
    constexpr const char* kBetween = ", \t\n";
    std::vector<ScheduledFault> scheduled;
    for (auto begin = text.find_first_not_of(kBetween); begin != std::string::npos;) {
        const auto end = text.find_first_of(kBetween, begin);
        auto one = parseFault(text.substr(begin, end == std::string::npos ? end : end - begin));
        if (!one)
            return one.error();
        scheduled.push_back(*one);
        begin = text.find_first_not_of(kBetween, end);
    }
    return scheduled;
}

std::string toString(const ScheduledFault& scheduled)
{
    const auto text = toString(scheduled.fault);
    const auto name = text.substr(0, text.find(':'));
    return name + "@" + std::to_string(scheduled.frame) + text.substr(name.size());
}

std::string toString(const std::vector<ScheduledFault>& scheduled)
{
    std::string text;
    for (const auto& one : scheduled)
        text += (text.empty() ? "" : ", ") + toString(one);
    return text;
}

}  // namespace splitscope::session
