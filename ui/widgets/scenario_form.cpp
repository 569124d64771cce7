// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/scenario_form.h"

#include "ui/style/theme.h"
#include "ui/widgets/file_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QGroupBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace splitscope::ui {

namespace {

/// What people change most often comes first.
constexpr FieldGroup kOrder[]
    = {FieldGroup::ModelAndData, FieldGroup::Length, FieldGroup::Strategy, FieldGroup::Reward,   FieldGroup::Device,
       FieldGroup::Link,         FieldGroup::Scale,  FieldGroup::Energy,   FieldGroup::Recording};
constexpr int kLabelWidth = 150;
constexpr int kUnitWidth = 70;
constexpr int kMakerMs = 20;  // between groups: the event loop turns

}  // namespace

ScenarioForm::ScenarioForm(QWidget* parent) : QScrollArea(parent)
{
    auto* content = new QWidget;
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(8, 0, 10, 8);
    m_layout->setSpacing(0);
    m_layout->addStretch();
    setWidget(content);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Scenario"));
    m_maker.setInterval(kMakerMs);
    connect(&m_maker, &QTimer::timeout, this, &ScenarioForm::makeNextGroup);
    m_maker.start();
}

void ScenarioForm::makeNextGroup()
{
    if (m_made < std::size(kOrder)) {
        QWidget* group = makeGroup(kOrder[m_made]);
        m_layout->insertWidget(static_cast<int>(m_made++), group);
        group->ensurePolished();
        for (QWidget* part : group->findChildren<QWidget*>())
            part->ensurePolished();  // now, not when the page is first shown
    }
    if (m_made == std::size(kOrder)) {
        m_maker.stop();
        setMinimumWidth(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width());
    }
}

/// Groups that were not asked for yet are no part of what the form is.
void ScenarioForm::makeAll() const
{
    auto* self = const_cast<ScenarioForm*>(this);
    while (self->m_made < std::size(kOrder))
        self->makeNextGroup();
}

const ScenarioForm::Row& ScenarioForm::row(const QString& key) const
{
    makeAll();
    return m_rows.at(key);
}

void ScenarioForm::showEvent(QShowEvent* event)
{
    makeAll();
    QScrollArea::showEvent(event);
}

QWidget* ScenarioForm::makeGroup(FieldGroup group)
{
    auto* box = new QGroupBox(groupTitle(group));
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(2, 4, 2, 2);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(3);
    grid->setColumnMinimumWidth(0, kLabelWidth);
    grid->setColumnMinimumWidth(2, kUnitWidth);
    grid->setColumnStretch(1, 1);
    const bool before = std::exchange(m_showing, true);
    int line = 0;
    for (const ScenarioField& field : scenarioFields()) {
        if (field.group != group)
            continue;
        Row row;
        row.field = &field;
        row.label = new QLabel(field.label);
        row.editor = makeEditor(field);
        row.unit = makeUnit(field, row.editor);
        row.problem = new QLabel;
        row.problem->setWordWrap(true);
        row.problem->setFont(smallFont());
        row.problem->setTextFormat(Qt::PlainText);
        row.problem->hide();
        const QString help = QStringLiteral("<p>%1</p><p><code>%2</code></p>").arg(field.help.toHtmlEscaped(), field.key);
        row.label->setToolTip(help);
        row.label->setBuddy(row.editor);
        row.editor->setToolTip(help);
        row.editor->setAccessibleName(field.unit.isEmpty() ? field.label : tr("%1 in %2").arg(field.label, field.unit));
        row.editor->setAccessibleDescription(field.help);
        grid->addWidget(row.label, line, 0);
        grid->addWidget(row.editor, line, 1);
        if (row.unit)
            grid->addWidget(row.unit, line, 2);
        grid->addWidget(row.problem, ++line, 1, 1, 2);
        ++line;
        write(row, field.get(m_scenario));
        enable(row);
        const auto problem = m_problems.find(field.key);
        if (problem != m_problems.end())
            showProblem(row, problem->second);
        m_rows.emplace(field.key, row);
    }
    m_showing = before;
    return box;
}

QWidget* ScenarioForm::makeEditor(const ScenarioField& field)
{
    if (field.kind == FieldKind::Switch) {
        auto* box = new QCheckBox;
        connect(box, &QCheckBox::toggled, this, [this, &field] { take(field); });
        return box;
    }
    if (field.kind == FieldKind::Choice || field.kind == FieldKind::OpenChoice) {
        auto* box = new QComboBox;
        box->setEditable(field.kind == FieldKind::OpenChoice);
        box->setInsertPolicy(QComboBox::NoInsert);
        for (const FieldChoice& choice : field.choices)
            box->addItem(choice.label.isEmpty() ? choice.value : choice.label, choice.value);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->setFocusPolicy(Qt::StrongFocus);
        box->installEventFilter(this);  // the wheel scrolls the form
        connect(box, &QComboBox::currentTextChanged, this, [this, &field] { take(field); });
        return box;
    }
    auto* line = new QLineEdit;
    line->setPlaceholderText(field.placeholder);
    connect(line, &QLineEdit::textChanged, this, [this, &field] { take(field); });
    return line;
}

/// What stands behind the editor; null: nothing.
QWidget* ScenarioForm::makeUnit(const ScenarioField& field, QWidget* editor)
{
    if (field.kind == FieldKind::File) {
        auto* choose = new QToolButton;
        choose->setText(tr("File…"));
        choose->setFont(smallFont());
        choose->setAccessibleName(tr("Choose %1").arg(field.label));
        choose->setToolTip(tr("Choose a file"));
        connect(choose, &QToolButton::clicked, this,
                [this, &field, editor] { askForFile(field, qobject_cast<QLineEdit*>(editor)); });
        return choose;
    }
    if (field.unit.isEmpty())
        return nullptr;
    auto* unit = new QLabel(field.unit);
    unit->setFont(smallFont());
    return unit;
}

void ScenarioForm::askForFile(const ScenarioField& field, QLineEdit* line)
{
    auto* dialog = makeFileDialog(this, field.label, QFileDialog::AcceptOpen, {});
    connect(dialog, &QFileDialog::fileSelected, line, &QLineEdit::setText);
    dialog->show();
}

QString ScenarioForm::read(const Row& row)
{
    if (const auto* box = qobject_cast<const QCheckBox*>(row.editor))
        return box->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto* box = qobject_cast<const QComboBox*>(row.editor))
        return box->isEditable() ? box->currentText() : box->currentData().toString();
    return qobject_cast<const QLineEdit*>(row.editor)->text();
}

void ScenarioForm::write(const Row& row, const QString& text)
{
    if (auto* box = qobject_cast<QCheckBox*>(row.editor))
        box->setChecked(text == QLatin1String("true"));
    else if (auto* combo = qobject_cast<QComboBox*>(row.editor)) {
        if (combo->isEditable())
            combo->setCurrentText(text);
        else
            combo->setCurrentIndex(combo->findData(text));
    } else
        qobject_cast<QLineEdit*>(row.editor)->setText(text);
}

void ScenarioForm::setScenario(const session::Scenario& scenario)
{
    m_showing = true;
    const session::Scenario before = std::exchange(m_scenario, scenario);
    for (const auto& [key, row] : m_rows) {
        const QString shown = row.field->get(scenario);
        // "1.50" is 1.5: what one is typing is not rewritten under the cursor.
        session::Scenario written = scenario;
        const bool says = row.field->set(written, read(row)).ok() && row.field->get(written) == shown;
        const bool keeps = m_unreadable.contains(key) && row.field->get(before) == shown;
        if (says || keeps)
            continue;
        write(row, shown);
        m_unreadable.erase(key);
    }
    m_showing = false;
    enableRows();
}

void ScenarioForm::replaceScenario(const session::Scenario& scenario)
{
    m_unreadable.clear();
    setScenario(scenario);
}

void ScenarioForm::take(const ScenarioField& field)
{
    if (m_showing)
        return;
    const Row& row = m_rows.at(field.key);
    session::Scenario changed = m_scenario;
    if (const auto set = field.set(changed, read(row)); set) {
        m_unreadable.erase(field.key);
        m_scenario = changed;
        enableRows();
    } else {
        m_unreadable[field.key] = QString::fromStdString(set.error().text);
        showProblem(m_rows.at(field.key), m_unreadable[field.key]);
    }
    Q_EMIT edited();
}

/// Where an object comes or goes, its fields show its values.
void ScenarioForm::enableRows()
{
    const bool before = std::exchange(m_showing, true);
    for (const auto& [key, row] : m_rows) {
        if (row.field->used && row.field->used(m_scenario) != row.editor->isEnabled() && !m_unreadable.contains(key))
            write(row, row.field->get(m_scenario));
        enable(row);
    }
    m_showing = before;
}

void ScenarioForm::enable(const Row& row) const
{
    if (!row.field->used)
        return;
    const bool used = row.field->used(m_scenario);
    for (QWidget* part : {row.editor, row.unit, static_cast<QWidget*>(row.label)})
        if (part)
            part->setEnabled(used);
}

void ScenarioForm::setProblems(const std::map<QString, QString>& problems)
{
    m_problems = problems;
    for (auto& [key, row] : m_rows) {
        const auto found = problems.find(key);
        showProblem(row, found == problems.end() ? QString() : found->second);
    }
}

/// Vermilion, dark enough to be read as text.
QPalette ScenarioForm::problemPalette() const
{
    constexpr int kDarker = 135;
    const Theme theme = Theme::of(QGuiApplication::palette());  // a scroll area's own window is transparent
    const QColor colour = theme.colour(Quantity::Energy);
    QPalette text;
    text.setColor(QPalette::WindowText, theme.dark ? colour.lighter(115) : colour.darker(kDarker));
    return text;
}

void ScenarioForm::showProblem(Row& row, const QString& text)
{
    const QString shown = text.isEmpty() ? QString() : QStringLiteral("✗ ") + text;
    if (row.problem->text() == shown)
        return;
    row.problem->setPalette(problemPalette());
    row.problem->setText(shown);
    row.problem->setVisible(!shown.isEmpty());
    row.editor->setAccessibleDescription(text.isEmpty() ? row.field->help : text);
}

void ScenarioForm::showField(const QString& key)
{
    makeAll();
    const auto found = m_rows.find(key);
    if (found == m_rows.end())
        return;
    ensureWidgetVisible(found->second.editor);
    found->second.editor->setFocus(Qt::OtherFocusReason);
}

QWidget* ScenarioForm::field(const QString& key) const
{
    makeAll();
    const auto found = m_rows.find(key);
    return found == m_rows.end() ? nullptr : found->second.editor;
}

QString ScenarioForm::textOf(const QString& key) const { return read(row(key)); }

void ScenarioForm::setTextOf(const QString& key, const QString& text) { write(row(key), text); }

QString ScenarioForm::problemText(const QString& key) const { return row(key).problem->text(); }

bool ScenarioForm::eventFilter(QObject* watched, QEvent* event)
{
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() == QEvent::Wheel && widget && !widget->hasFocus()) {
        event->ignore();
        return true;
    }
    return QScrollArea::eventFilter(watched, event);
}

void ScenarioForm::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange)
        return;
    // Later: the style sheet, which is set next, puts back the palettes that it knows.
    QTimer::singleShot(0, this, [this] {
        for (const auto& [key, row] : m_rows)
            row.problem->setPalette(problemPalette());
    });
}

}  // namespace splitscope::ui
