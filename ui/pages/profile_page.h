// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure_set.h"
#include "ui/bridge/background.h"
#include "ui/bridge/figure_worker.h"
#include "ui/bridge/write_queue.h"

#include <QWidget>

#include <filesystem>
#include <map>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace splitscope::ui {

class ElidedLabel;
class FigureChart;
class StatementList;
class TrainingPlot;

/// What was measured offline: the paper's figures from this machine's profile and the accuracy tables, what the paper says
/// about them, the regions in which each kind of decision wins, and the curves of a training.
class ProfilePage : public QWidget {
    Q_OBJECT

public:
    explicit ProfilePage(QWidget* parent = nullptr);
    ~ProfilePage() override;

    /// Measures the chosen network on this machine; what is shown stays until it is done.
    void measure();
    void cancel();
    /// Shows a profile, a cost table, an accuracy table or a training's curves.csv, told apart by content; read beside the GUI.
    /// What is wrong with it is told by troubleArose().
    void open(const QString& file);
    /// Saves the profile that is shown, as JSON.
    base::Status save(const QString& file) const;
    /// Writes what is in sight: .png, .svg, .pdf or .csv.
    base::Status exportTo(const QString& file) const;
    /// The same beside the GUI; what goes wrong is told by troubleArose().
    void startExport(const QString& file);
    /// Asks where to, then exports what is in sight.
    void askAndExport();
    /// While one runs, measured times are too long: the page says so.
    void setExperimentRunning(bool running);

    /// "3", "5a", "5b", "size", "regions" or "training".
    void showFigure(const QString& key);
    [[nodiscard]] FigureChart* chart(const QString& key) const;
    [[nodiscard]] bool busy() const { return m_worker.active() || m_opener.active() || m_writer.active(); }
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QComboBox* network() const { return m_network; }
    [[nodiscard]] QComboBox* data() const { return m_data; }
    [[nodiscard]] QSpinBox* budget() const { return m_budget; }
    [[nodiscard]] QPushButton* measureButton() const { return m_measure; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] QCheckBox* logarithmic() const { return m_logarithmic; }
    [[nodiscard]] QCheckBox* deviceShown() const { return m_device; }
    [[nodiscard]] QCheckBox* edgeShown() const { return m_edge; }
    [[nodiscard]] StatementList* statements() const { return m_statements; }

Q_SIGNALS:
    void troubleArose(const splitscope::base::Error& error);

protected:
    void showEvent(QShowEvent* event) override;

private:
    enum class FileKind { AccuracyTable, CostTable, Profile, Curves };
    struct OpenedFile {
        std::filesystem::path path;
        FileKind kind = FileKind::Curves;
        std::string network;  ///< that it is of; not of curves
        std::optional<profile::ComputeProfile> profile{};
    };
    /// Reads enough to know that the file can be used.
    static base::Result<OpenedFile> read(const std::filesystem::path& path);
    base::Status take(OpenedFile opened);

    void makeControls(QBoxLayout* rows);
    void makeTabs(QBoxLayout* rows);
    void makeBody(QBoxLayout* rows);
    void connectControls();
    void start(bool measuring);
    void onProgress(const session::FigureProgress& progress);
    void onFinished(const base::Result<session::FigureSet>& figures);
    void showFigures(const session::FigureSet& figures);
    void onTabChanged();
    void updateControls();
    void setStatus(const QString& text);
    void askAndOpen();
    void askAndSave();
    void showShippedCurves(const std::string& data);
    void report(const base::Status& status);
    [[nodiscard]] WriteQueue::Work exporting(const QString& file) const;
    [[nodiscard]] std::string model() const;
    [[nodiscard]] FigureChart* current() const;

    FigureWorker m_worker;
    QComboBox *m_network, *m_data, *m_board;
    QSpinBox* m_budget;
    QPushButton *m_measure, *m_cancel, *m_open, *m_save, *m_export;
    QCheckBox *m_device, *m_edge, *m_logarithmic;
    ElidedLabel* m_status;
    QProgressBar* m_progress;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    QSplitter* m_body;
    std::vector<FigureChart*> m_charts;
    StatementList* m_statements;
    TrainingPlot* m_training;
    std::map<std::string, profile::ComputeProfile> m_profiles;  ///< by network: measured or opened
    std::filesystem::path m_table, m_accuracy;  ///< opened, instead of what the controls say
    std::string m_shownModel;  ///< of the request under way
    bool m_loaded = false;
    bool m_curvesOpened = false;  ///< by the user, who then chooses what is shown
    bool m_experimentRunning = false;
    Background<base::Result<OpenedFile>> m_opener;
    WriteQueue m_writer;
};

}  // namespace splitscope::ui
