// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a scenario as a form shows them: all that its JSON has, as text that people write.
#pragma once

#include "core/session/scenario.h"

#include <QString>

#include <functional>
#include <vector>

namespace splitscope::ui {

enum class FieldGroup { ModelAndData, Device, Energy, Link, Strategy, Reward, Scale, Length, Recording };
inline constexpr int kFieldGroups = 9;

enum class FieldKind {
    Text,
    File,  ///< a path; may be empty
    Choice,  ///< one of `choices`
    OpenChoice,  ///< or anything else
    Switch  ///< "true" or "false"
};

struct FieldChoice {
    QString value;
    QString label;  ///< empty: the value
};

struct ScenarioField {
    QString key;  ///< as in the JSON, with a point before keys of inner objects
    FieldGroup group = FieldGroup::ModelAndData;
    FieldKind kind = FieldKind::Text;
    QString label, unit, help;
    std::function<QString(const session::Scenario&)> get;
    /// Takes what was written, or says what is wrong with it and what is allowed. Ranges are checked elsewhere.
    std::function<base::Status(session::Scenario&, const QString&)> set;
    std::vector<FieldChoice> choices = {};
    QString placeholder = {};  ///< what an empty field means
    std::function<bool(const session::Scenario&)> used = {};  ///< null: always
};

/// In the order of a form.
const std::vector<ScenarioField>& scenarioFields();
QString groupTitle(FieldGroup group);

}  // namespace splitscope::ui
