// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"
#include "ui/bridge/policy_worker.h"
#include "ui/bridge/write_queue.h"
#include "ui/models/decision_map.h"

#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QMenu;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace splitscope::ui {

class ElidedLabel;
class FigureChart;
class PlotView;
class PolicyFigures;
class PolicyInspector;
class ProblemControls;
class TrainingGrid;

/// Where decisions are learned: a policy trained on a cost table, its curves, and what it decides over bandwidth beside the
/// exact optimum, under the sliders of the moment.
class OptimizerPage : public QWidget {
    Q_OBJECT

public:
    explicit OptimizerPage(QWidget* parent = nullptr);
    ~OptimizerPage() override;

    /// Network, data, batch, slowdown and cost table of a scenario become the problem, unless they are those of the last call:
    /// what was chosen here since then stays.
    void setScenario(const session::Scenario& scenario);
    /// The sliders: the map follows at once.
    void setObjective(const decision::Objective& objective);
    /// Of the uplink now: a mark in the map.
    void setBandwidth(double bytesPerSecond);

    void train();
    /// Goes on from the policy that is shown.
    void fineTune();
    void cancel();
    /// A policy, or a cost table; told apart by content, and read beside the GUI. What is wrong arrives as trouble.
    void open(const QString& file);
    base::Status save(const QString& file);
    /// Offers the policy to the experiment; saves it among the program's own files if it has none.
    void useInRun();
    void askAndExport();
    void askAndExport(PlotView* plot);
    void askAndExport(FigureChart* chart);
    /// All charts into a folder, as key.suffix, beside the GUI; the files that will be there. What goes wrong is told by
    /// troubleArose().
    base::Result<std::vector<QString>> startExport(const QString& folder, const QStringList& suffixes);

    [[nodiscard]] bool busy() const
    {
        return m_worker.active() || m_loader.active() || m_opener.active() || m_mapPending || m_writer.active();
    }
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] const std::shared_ptr<const rl::Policy>& policy() const { return m_policy; }
    [[nodiscard]] const std::shared_ptr<const sim::Evaluator>& evaluator() const { return m_evaluator; }
    [[nodiscard]] const std::vector<MapPoint>& map() const { return m_map; }
    [[nodiscard]] const TrainingHistory& history() const { return m_history; }
    [[nodiscard]] ProblemControls* problem() const { return m_problem; }
    [[nodiscard]] QComboBox* algorithms() const { return m_algorithm; }
    [[nodiscard]] QSpinBox* updates() const { return m_updates; }
    [[nodiscard]] QPushButton* trainButton() const { return m_train; }
    [[nodiscard]] QPushButton* fineTuneButton() const { return m_fineTune; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] QPushButton* useButton() const { return m_use; }
    [[nodiscard]] TrainingGrid* curves() const { return m_grid; }
    [[nodiscard]] PlotView* mapView() const { return m_mapView; }
    [[nodiscard]] PolicyInspector* inspector() const { return m_inspector; }
    [[nodiscard]] PolicyFigures* figures() const { return m_figures; }

Q_SIGNALS:
    void useRequested(const std::string& strategy, const std::string& policyFile, const std::string& costTable);
    /// The problem's table, scale and energies are known: the sliders may refer to them.
    void problemLoaded(const splitscope::session::Scenario& problem, const splitscope::sim::Evaluator& evaluator);
    void troubleArose(const splitscope::base::Error& error);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Loaded {
        std::shared_ptr<const sim::Evaluator> evaluator;
        profile::Conditions conditions;
        sim::RateRange rates;
    };
    using LoadResult = base::Result<Loaded>;
    /// What a file turned out to be.
    struct Opened {
        std::string network;  ///< of a cost table
        std::shared_ptr<const rl::Policy> policy;  ///< else
    };
    using OpenResult = base::Result<Opened>;

    void makeTrainingRow(QBoxLayout* rows);
    void makeBody(QBoxLayout* rows);
    void connectControls();
    void load();
    void startTraining(std::shared_ptr<const rl::Policy> from);
    void onLoaded(const LoadResult& loaded);
    void onPoints(const std::vector<TrainingPoint>& points);
    void onTrained(const base::Result<rl::Policy>& policy);
    void setPolicy(std::shared_ptr<const rl::Policy> policy, const QString& file);
    void updateControls();
    void updateFigures();
    void setStatus(const QString& text);
    void offerExport(PlotView* plot, const QPoint& at);
    void offerExport(FigureChart* chart, const QPoint& at);

    // optimizer_page_map.cpp
    void redrawMap();
    void advanceMap();
    void showMap();
    void inspect();
    void emptyMap(const QString& text);

    static OpenResult read(const std::string& file);
    void onOpened(const QString& file, const OpenResult& opened);
    void askAndOpen();
    void askAndSave();
    void report(const base::Status& status);
    void write(const QString& file, WriteQueue::Work work);
    [[nodiscard]] std::vector<const PlotView*> plots() const;

    Background<LoadResult> m_loader;
    Background<OpenResult> m_opener;
    WriteQueue m_writer;
    PolicyWorker m_worker;
    decision::Objective m_objective;
    std::optional<session::Scenario> m_given;  ///< by the last setScenario()
    std::optional<Loaded> m_loaded;
    std::shared_ptr<const sim::Evaluator> m_evaluator;  ///< under the sliders; none: no table, or they allow no decision
    std::shared_ptr<const rl::Policy> m_policy;
    QString m_policyFile;
    TrainingHistory m_history;
    int m_wantedUpdates = 1;
    bool m_asked = false;  ///< for the table
    QTimer m_mapTimer;
    std::optional<MapBuilder> m_builder;
    bool m_mapPending = false, m_mapStale = false;
    std::vector<MapPoint> m_map;
    std::optional<double> m_pinned;  ///< MB/s that the inspector stays at; none: the link's
    double m_bandwidth = 0;

    ProblemControls* m_problem;
    QComboBox* m_algorithm;
    QSpinBox *m_seed, *m_updates;
    QPushButton *m_train, *m_fineTune, *m_cancel, *m_open, *m_save, *m_use, *m_export;
    ElidedLabel* m_status;
    QProgressBar* m_progress;
    TrainingGrid* m_grid;
    PlotView* m_mapView;
    PolicyInspector* m_inspector;
    PolicyFigures* m_figures;
};

}  // namespace splitscope::ui
