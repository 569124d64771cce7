// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scenario_field.h"

#include "ui/models/scenario_field_p.h"
#include "ui/models/texts.h"

namespace splitscope::ui {

namespace {

base::Error wrong(const QString& text) { return {base::ErrorCode::InvalidInput, text.toStdString(), {}}; }

QString notANumber(const QString& text, const char* expected)
{
    const QString wanted = fields::translated(expected);
    return text.isEmpty() ? tr("is empty; %1").arg(wanted) : tr("'%1' is wrong: %2").arg(text, wanted);
}

}  // namespace

namespace fields {

QString translated(const char* text) { return QCoreApplication::translate("splitscope::ui::fields", text); }
QString tr(const char* text) { return translated(text); }

base::Result<double> parseNumber(const QString& text)
{
    bool ok = false;
    const double value = QLocale::c().toDouble(text.trimmed(), &ok);
    if (!ok || !std::isfinite(value))
        return wrong(notANumber(text, QT_TRANSLATE_NOOP("splitscope::ui::fields", "write a number, e.g. 12.5")));
    return value;
}

base::Result<long long> parseWhole(const QString& text, long long most)
{
    bool ok = false;
    const long long value = QLocale::c().toLongLong(text.trimmed(), &ok);
    if (!ok || value < 0 || value > most)
        return wrong(notANumber(text, QT_TRANSLATE_NOOP("splitscope::ui::fields", "write a whole number that is not negative")));
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
