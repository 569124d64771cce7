// SPDX-License-Identifier: GPL-3.0-or-later
// What the Profile page opens, saves and exports.
#include "ui/pages/profile_page.h"

#include "core/base/files.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/training_plot.h"
#include "ui/widgets/file_dialog.h"

#include <QComboBox>
#include <QFileInfo>
#include <QTabBar>

namespace splitscope::ui {

namespace {

constexpr std::uintmax_t kLargestFile = 256 << 20;

bool contains(base::ByteView bytes, std::string_view word) { return base::asText(bytes).find(word) != std::string_view::npos; }

}  // namespace

base::Result<ProfilePage::OpenedFile> ProfilePage::read(const std::filesystem::path& path)
{
    const std::string where = path.string();
    const auto bytes = base::readFile(path, kLargestFile);
    if (!bytes)
        return bytes.error();
    if (profile::isAccuracyTable(*bytes)) {
        const auto table = profile::parseAccuracyTable(*bytes, where);
        if (!table)
            return table.error();
        return OpenedFile{path, FileKind::AccuracyTable, table->network};
    }
    if (contains(*bytes, "splitscope-cost-table")) {
        const auto table = profile::CostTable::parse(base::asText(*bytes), where);
        if (!table)
            return table.error();
        return OpenedFile{path, FileKind::CostTable, table->spec().name};
    }
    if (contains(*bytes, "splitscope-profile")) {
        auto opened = profile::parseComputeProfile(base::asText(*bytes), where);
        if (!opened)
            return opened.error();
        return OpenedFile{path, FileKind::Profile, opened->network, *std::move(opened)};
    }
    if (contains(*bytes, "epoch,step"))
        return OpenedFile{path, FileKind::Curves, {}};
    return base::Error{base::ErrorCode::Unsupported,
                       "is no profile, cost table, accuracy table or training's curves.csv of this program", where};
}

void ProfilePage::open(const QString& file)
{
    m_opener.start([path = std::filesystem::path(file.toStdString())](const std::stop_token&) { return read(path); },
                   [this](base::Result<OpenedFile> opened) {
                       report(opened ? take(*std::move(opened)) : base::Status(opened.error()));
                       updateControls();
                   });
    updateControls();
}

base::Status ProfilePage::take(OpenedFile opened)
{
    if (opened.kind == FileKind::Curves) {
        const QString file = text(opened.path.string());
        m_training->follow(file, QFileInfo(file).fileName());
        m_curvesOpened = true;
        showFigure(QStringLiteral("training"));
        return {};
    }
    if (m_network->findText(text(opened.network)) < 0)
        return base::Error{base::ErrorCode::Unsupported, "is of the network '" + opened.network + "', which is not shipped",
                           opened.path.string()};
    m_network->setCurrentText(text(opened.network));
    m_table.clear();
    if (opened.kind == FileKind::AccuracyTable) {
        m_accuracy = opened.path;
        showFigure(QStringLiteral("5a"));
    } else if (opened.kind == FileKind::CostTable) {
        m_table = opened.path;
        m_accuracy.clear();
        showFigure(QStringLiteral("regions"));
    } else {
        m_profiles[opened.network] = *std::move(opened.profile);
        showFigure(QStringLiteral("3"));
    }
    start(false);
    return {};
}

base::Status ProfilePage::save(const QString& file) const
{
    const auto known = m_profiles.find(model());
    if (known == m_profiles.end())
        return base::Error{base::ErrorCode::NotFound, "nothing was measured yet; press Measure first", file.toStdString()};
    return profile::save(known->second, file.toStdString());
}

/// What writes what is in sight, on any thread.
WriteQueue::Work ProfilePage::exporting(const QString& file) const
{
    if (const FigureChart* chart = current())
        return chart->exporting(file, "the figure is empty; measure or open something first");
    return [curves = m_training->curves(), title = tr("Training"), file] { return plotTraining(curves, title, file); };
}

base::Status ProfilePage::exportTo(const QString& file) const { return exporting(file)(); }

void ProfilePage::startExport(const QString& file)
{
    m_writer.addExport(file.toStdString(), exporting(file), [this](const base::Status& status) { report(status); });
}

void ProfilePage::showShippedCurves(const std::string& data)
{
    if (m_curvesOpened)
        return;
    const auto file = base::resourcePath("models/" + m_shownModel + "/" + data + ".curves.csv");
    if (file)
        m_training->follow(text(file->string()), text(m_shownModel + ", trained on " + data));
    else
        m_training->setCurves({}, {});
}

void ProfilePage::report(const base::Status& status)
{
    if (!status)
        Q_EMIT troubleArose(status.error());
}

void ProfilePage::askAndOpen()
{
    auto* dialog = makeFileDialog(this, tr("Open profile, table or curves"), QFileDialog::AcceptOpen, QStringLiteral("json"));
    dialog->setNameFilters({tr("Profiles, tables, curves (*.json *.table *.csv)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ProfilePage::open);
    dialog->show();
}

void ProfilePage::askAndSave()
{
    auto* dialog = makeFileDialog(this, tr("Save profile"), QFileDialog::AcceptSave, QStringLiteral("json"));
    dialog->setNameFilter(tr("Profiles (*.json)"));
    dialog->selectFile(m_network->currentText() + QStringLiteral("-profile.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { report(save(path)); });
    dialog->show();
}

void ProfilePage::askAndExport()
{
    const FigureChart* chart = current();
    const QString name
        = chart && chart->figure() ? QStringLiteral("figure-") + text(chart->figure()->key) : QStringLiteral("training");
    auto* dialog = makeExportDialog(this, tr("Export figure"), name);
    connect(dialog, &QFileDialog::fileSelected, this, &ProfilePage::startExport);
    dialog->show();
}

}  // namespace splitscope::ui
