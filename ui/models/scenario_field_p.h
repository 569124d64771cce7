// SPDX-License-Identifier: GPL-3.0-or-later
// How fields are made: one that stands for a member of a scenario, or of an object within it.
#pragma once

#include "ui/models/scenario_field.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <limits>

namespace splitscope::ui::fields {

QString translated(const char* text);
QString tr(const char* text);

base::Result<double> parseNumber(const QString& text);
/// From 0 to `most`.
base::Result<long long> parseWhole(const QString& text, long long most);
/// As short as it can be read back exactly.
QString showNumber(double value);

/// What a form says of a field.
struct About {
    const char* key;
    FieldGroup group;
    const char* label;
    const char* unit;
    const char* help;
};

inline ScenarioField describe(const About& about, FieldKind kind)
{
    ScenarioField field;
    field.key = QString::fromUtf8(about.key);
    field.group = about.group;
    field.kind = kind;
    field.label = translated(about.label);
    field.unit = *about.unit ? translated(about.unit) : QString();
    field.help = translated(about.help);
    return field;
}

/// `member` gives the value's place in a scenario.
template <typename Member>
ScenarioField text(const About& about, Member member, FieldKind kind = FieldKind::Text, std::vector<FieldChoice> choices = {},
                   const char* placeholder = "")
{
    auto field = describe(about, kind);
    field.get
        = [member](const session::Scenario& s) { return QString::fromStdString(member(const_cast<session::Scenario&>(s))); };
    field.set = [member](session::Scenario& s, const QString& written) {
        member(s) = written.trimmed().toStdString();
        return base::Status();
    };
    field.choices = std::move(choices);
    if (*placeholder)
        field.placeholder = translated(placeholder);
    return field;
}

/// As `read` makes it of the text; an Error leaves the scenario as it was.
template <typename Member, typename Read>
auto setter(Member member, Read read)
{
    return [member, read](session::Scenario& s, const QString& written) -> base::Status {
        const auto value = read(written);
        if (!value)
            return value.error();
        member(s) = static_cast<std::remove_cvref_t<decltype(member(s))>>(*value);
        return {};
    };
}

template <typename Member>
ScenarioField number(const About& about, Member member)
{
    auto field = describe(about, FieldKind::Text);
    field.get = [member](const session::Scenario& s) { return showNumber(member(const_cast<session::Scenario&>(s))); };
    field.set = setter(member, parseNumber);
    return field;
}

/// A number that may be left out, which means `none`.
template <typename Member, typename T>
ScenarioField limit(const About& about, Member member, T none, const char* placeholder)
{
    auto field = describe(about, FieldKind::Text);
    field.placeholder = translated(placeholder);
    field.get = [member, none](const session::Scenario& s) {
        const T value = member(const_cast<session::Scenario&>(s));
        if (value == none)
            return QString();
        if constexpr (std::is_integral_v<T>)
            return QString::number(value);
        else
            return showNumber(value);
    };
    const auto read = [](const QString& written) {
        if constexpr (std::is_integral_v<T>)
            return parseWhole(written, std::numeric_limits<T>::max() - 1);
        else
            return parseNumber(written);
    };
    field.set = [member, none, set = setter(member, read)](session::Scenario& s, const QString& written) -> base::Status {
        if (!written.trimmed().isEmpty())
            return set(s, written);
        member(s) = none;
        return {};
    };
    return field;
}

template <typename Member>
ScenarioField whole(const About& about, Member member)
{
    using T = std::remove_reference_t<decltype(member(std::declval<session::Scenario&>()))>;
    constexpr long long kMost = sizeof(T) == 8 ? 1LL << 53 : std::numeric_limits<int>::max();
    auto field = describe(about, FieldKind::Text);
    field.get = [member](const session::Scenario& s) { return QString::number(member(const_cast<session::Scenario&>(s))); };
    field.set = setter(member, [](const QString& written) { return parseWhole(written, kMost); });
    return field;
}

/// Text that `parse` turns into the value and `show` back.
template <typename Member, typename Parse, typename Show>
ScenarioField parsed(const About& about, Member member, Parse parse, Show show, FieldKind kind, std::vector<FieldChoice> choices)
{
    auto field = describe(about, kind);
    field.choices = std::move(choices);
    field.get = [member, show](const session::Scenario& s) {
        return QString::fromStdString(show(member(const_cast<session::Scenario&>(s))));
    };
    field.set = setter(member, [parse](const QString& written) { return parse(written.trimmed().toStdString()); });
    return field;
}

inline QString showSwitch(bool on) { return on ? QStringLiteral("true") : QStringLiteral("false"); }

template <typename Member>
ScenarioField toggle(const About& about, Member member)
{
    auto field = describe(about, FieldKind::Switch);
    field.get = [member](const session::Scenario& s) { return showSwitch(member(const_cast<session::Scenario&>(s))); };
    field.set = [member](session::Scenario& s, const QString& written) {
        member(s) = written == QLatin1String("true");
        return base::Status();
    };
    return field;
}

/// An object that may be left out: off takes it away.
template <typename Member>
ScenarioField presence(const About& about, Member member)
{
    auto field = describe(about, FieldKind::Switch);
    field.get
        = [member](const session::Scenario& s) { return showSwitch(member(const_cast<session::Scenario&>(s)).has_value()); };
    field.set = [member](session::Scenario& s, const QString& written) {
        auto& object = member(s);
        if (written != QLatin1String("true"))
            object.reset();
        else if (!object)
            object.emplace();
        return base::Status();
    };
    return field;
}

/// A field of such an object; shows nothing where that is not there.
template <typename Object, typename T>
ScenarioField within(const About& about, Object object, T member)
{
    auto field = describe(about, FieldKind::Text);
    field.used = [object](const session::Scenario& s) { return object(const_cast<session::Scenario&>(s)).has_value(); };
    field.get = [object, member](const session::Scenario& s) {
        const auto& there = object(const_cast<session::Scenario&>(s));
        return there ? showNumber((*there).*member) : QString();
    };
    field.set = [object, member](session::Scenario& s, const QString& written) -> base::Status {
        auto& there = object(s);
        if (!there)
            return {};
        const auto value = parseNumber(written);
        if (!value)
            return value.error();
        (*there).*member = *value;
        return {};
    };
    return field;
}

std::vector<ScenarioField> whatRuns();  ///< model and data
std::vector<ScenarioField> circumstances();  ///< device, energy, link
std::vector<ScenarioField> aims();  ///< strategy, reward, length, recording

}  // namespace splitscope::ui::fields

/// The place of a scenario's member, as these functions want it.
#define SPLITSCOPE_MEMBER(path)                                                                                                  \
    [](session::Scenario & s) -> auto& { return s.path; }
