// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scenario_field.h"

#include "ui/models/scenario_field_p.h"

namespace splitscope::ui {

namespace {

using fields::tr;

base::Error notANumber(const QString& text, const char* expected)
{
    if (text.isEmpty())
        return {base::ErrorCode::InvalidInput, fields::translated("is empty; %1").arg(tr(expected)).toStdString(), {}};
    return {base::ErrorCode::InvalidInput, fields::translated("'%1' is wrong: %2").arg(text, tr(expected)).toStdString(), {}};
}

}  // namespace

namespace fields {

QString translated(const char* text) { return QCoreApplication::translate("ScenarioForm", text); }
QString tr(const char* text) { return translated(text); }

base::Result<double> parseNumber(const QString& text)
{
    bool ok = false;
    const double value = QLocale::c().toDouble(text.trimmed(), &ok);
    if (!ok || !std::isfinite(value))
        return notANumber(text, QT_TRANSLATE_NOOP("ScenarioForm", "write a number, e.g. 12.5"));
    return value;
}

base::Result<long long> parseWhole(const QString& text, long long most)
{
    bool ok = false;
    const long long value = QLocale::c().toLongLong(text.trimmed(), &ok);
    if (!ok || value < 0 || value > most)
        return notANumber(text, QT_TRANSLATE_NOOP("ScenarioForm", "write a whole number that is not negative"));
    return value;
}

QString showNumber(double value)
{
    // Powers of ten only where plain digits would be hard to read.
    const double size = std::abs(value);
    const bool plain = size == 0 || (size >= 1e-4 && size < 1e7);
    return QLocale::c().toString(value, plain ? 'f' : 'g', QLocale::FloatingPointShortest).remove(QLocale::c().groupSeparator());
}

}  // namespace fields

const std::vector<ScenarioField>& scenarioFields()
{
    static const std::vector<ScenarioField> kFields = [] {
        std::vector<ScenarioField> all;
        for (const auto& part : {fields::whatRuns(), fields::circumstances(), fields::aims()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return kFields;
}

QString groupTitle(FieldGroup group)
{
    switch (group) {
    case FieldGroup::ModelAndData: return tr("Model and data");
    case FieldGroup::Device: return tr("Device");
    case FieldGroup::Energy: return tr("Energy model of the device");
    case FieldGroup::Link: return tr("Link");
    case FieldGroup::Strategy: return tr("Strategy");
    case FieldGroup::Reward: return tr("Reward and constraints");
    case FieldGroup::Scale: return tr("What rewards are standardised by");
    case FieldGroup::Length: return tr("Length and seed");
    case FieldGroup::Recording: break;
    }
    return tr("Recording");
}

}  // namespace splitscope::ui
