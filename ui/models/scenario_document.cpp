// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scenario_document.h"

#include "core/base/files.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace splitscope::ui {

namespace {

constexpr int kCheckPauseMs = 60;  // while one types
constexpr int kStrategyPauseMs = 250;  // tables and policies are read
constexpr int kMostRecent = 10;
constexpr int kMostUnsaved = 10;
constexpr int kMostNamed = 3;  // fields, in an obstacle

constexpr QLatin1String kRecentKey("recentScenarios");

base::Status write(const session::Scenario& scenario, const QString& path)
{
    return base::writeFileAtomically(path.toStdString(), base::asBytes(session::toJson(scenario)));
}

QString unsavedFolder()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return QDir(data).filePath(QStringLiteral("splitscope/unsaved"));
}

/// Old ones go.
bool writeUnsaved(const session::Scenario& scenario, const QString& path)
{
    if (!write(scenario, path))
        return false;
    QDir folder(unsavedFolder());
    const QStringList files = folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Time);
    for (const QString& old : files.mid(kMostUnsaved))
        folder.remove(old);
    return true;
}

}  // namespace

ScenarioDocument::ScenarioDocument(QObject* parent) : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kCheckPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &ScenarioDocument::check);
    m_strategyPause.setSingleShot(true);
    m_strategyPause.setInterval(kStrategyPauseMs);
    connect(&m_strategyPause, &QTimer::timeout, this, &ScenarioDocument::checkStrategy);
}

ScenarioDocument::~ScenarioDocument()
{
    for (const Unsaved& one : m_toKeep)
        writeUnsaved(one.scenario, one.path);
}

QString ScenarioDocument::title() const
{
    if (!m_path.isEmpty())
        return QFileInfo(m_path).fileName();
    return m_copied.isEmpty() ? tr("untitled") : m_copied;
}

QString ScenarioDocument::recordedName() const
{
    const QString name = m_path.isEmpty() ? m_copied : QFileInfo(m_path).completeBaseName();
    if (name.isEmpty())
        return {};
    return modified() ? name + QStringLiteral(" (changed)") : name;
}

void ScenarioDocument::replace(const session::Scenario& scenario, const QString& path)
{
    m_scenario = m_saved = scenario;
    m_path = path;
    m_copied.clear();
    m_unreadable.clear();
    m_pause.start();
    Q_EMIT replaced();
    Q_EMIT changed();
}

void ScenarioDocument::edit(const session::Scenario& scenario)
{
    if (m_scenario == scenario)
        return;
    m_scenario = scenario;
    m_pause.start();
    Q_EMIT changed();
}

void ScenarioDocument::setUnreadable(std::map<QString, QString> textOfField)
{
    if (m_unreadable == textOfField)
        return;
    m_unreadable = std::move(textOfField);
    Q_EMIT changed();
    Q_EMIT problemsChanged();
}

void ScenarioDocument::startNew()
{
    keepLater();
    replace({});
}

base::Status ScenarioDocument::open(const QString& path)
{
    const auto scenario = session::loadScenario(path.toStdString());
    if (!scenario)
        return scenario.error();
    keepLater();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    remember(absolute);
    replace(*scenario, absolute);
    return {};
}

base::Status ScenarioDocument::openCopy(const QString& path)
{
    const auto scenario = session::loadScenario(path.toStdString());
    if (!scenario)
        return scenario.error();
    keepLater();
    replace(*scenario);
    m_copied = QFileInfo(path).completeBaseName();
    Q_EMIT changed();
    return {};
}

base::Status ScenarioDocument::save(const QString& path)
{
    if (auto status = write(m_scenario, path); !status)
        return status;
    m_path = QFileInfo(path).absoluteFilePath();
    m_saved = m_scenario;
    remember(m_path);
    Q_EMIT changed();
    return {};
}

// --- what is wrong ---

void ScenarioDocument::check()
{
    m_fields.start([scenario = m_scenario](const std::stop_token&) { return session::fieldProblems(scenario); },
                   [this](Problems found) {
                       m_fieldProblems = std::move(found);
                       if (!m_fieldProblems.empty())
                           m_strategyProblems.clear();
                       else
                           m_strategyPause.start();
                       Q_EMIT problemsChanged();
                   });
    Q_EMIT problemsChanged();
}

void ScenarioDocument::checkStrategy()
{
    m_strategy.start([scenario = m_scenario](const std::stop_token&) { return session::strategyProblems(scenario); },
                     [this](Problems lacking) {
                         m_strategyProblems = std::move(lacking);
                         Q_EMIT problemsChanged();
                     });
}

std::map<QString, QString> ScenarioDocument::problems() const
{
    std::map<QString, QString> all = m_unreadable;
    for (const auto* some : {&m_fieldProblems, &m_strategyProblems})
        for (const auto& problem : *some)
            all.emplace(QString::fromStdString(problem.field), QString::fromStdString(problem.text));
    return all;
}

QString ScenarioDocument::obstacle(const std::map<QString, QString>& problems) const
{
    if (problems.empty())
        return {};
    QStringList named;
    for (const auto& [field, text] : problems)
        if (named.size() < kMostNamed)
            named << field;
    const QString more = problems.size() > kMostNamed ? QStringLiteral(", …") : QString();
    const QString text = problems.size() == 1 ? tr("1 field is wrong: %1") : tr("%1 fields are wrong: %2").arg(problems.size());
    return text.arg(named.join(QStringLiteral(", ")) + more);
}

/// A file may hold what cannot run here and now; but what is no value cannot be written.
QString ScenarioDocument::saveObstacle() const { return obstacle(m_unreadable); }

QString ScenarioDocument::startObstacle() const { return obstacle(problems()); }

// --- files ---

QStringList ScenarioDocument::recentFiles() { return QSettings().value(kRecentKey).toStringList(); }

void ScenarioDocument::remember(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(kRecentKey, QStringList(files.mid(0, kMostRecent)));
}

std::optional<ScenarioDocument::Unsaved> ScenarioDocument::unsaved() const
{
    if (m_scenario == m_saved)
        return std::nullopt;
    const QString name = m_path.isEmpty() ? QStringLiteral("untitled") : QFileInfo(m_path).completeBaseName();
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd_HHmmss"));
    return Unsaved{QDir(unsavedFolder()).filePath(QStringLiteral("%1 unsaved %2.json").arg(name, stamp)), m_scenario};
}

void ScenarioDocument::keepUnsaved()
{
    const auto now = unsaved();
    if (!now || !writeUnsaved(now->scenario, now->path))
        return;
    remember(now->path);
    Q_EMIT kept(now->path);
}

void ScenarioDocument::keepLater()
{
    if (auto now = unsaved())
        m_toKeep.push_back(*std::move(now));
    keepNext();
}

void ScenarioDocument::keepNext()
{
    if (m_toKeep.empty() || m_keeper.active())
        return;
    m_keeper.start(
        [all = std::exchange(m_toKeep, {})](const std::stop_token&) {
            QStringList written;
            for (const Unsaved& one : all)
                if (writeUnsaved(one.scenario, one.path))
                    written << one.path;
            return written;
        },
        [this](const QStringList& written) {
            for (const QString& path : written) {
                remember(path);
                Q_EMIT kept(path);
            }
            keepNext();
        });
}

}  // namespace splitscope::ui
