// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/figure_worker.h"

#include <QWidget>

class QBoxLayout;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace splitscope::ui {

class ElidedLabel;
class FigureChart;
class StatementList;

/// Tabs: a body of the owner's, then figures 6(a) to 6(c). Those train policies of their own, beside the GUI, which a button
/// starts and another one cancels.
class PolicyFigures : public QWidget {
    Q_OBJECT

public:
    /// `bodyFields` stand beside the tabs while the body is in sight; the first takes what room there is.
    PolicyFigures(const QString& bodyTitle, QWidget* body, const QList<QWidget*>& bodyFields = {}, QWidget* parent = nullptr);
    ~PolicyFigures() override;

    /// Network, data, table, slowdown and objective that the figures are to be of. Those that are shown stay until new ones are
    /// there, and say what they are of.
    void setProblem(session::FigureRequest problem);
    void start();
    void cancel();

    /// "6a", "6b" or "6c"; anything else: the body.
    void showFigure(const QString& key);
    /// In sight; none: the body is, or the figure is empty.
    [[nodiscard]] FigureChart* shownChart() const;
    [[nodiscard]] FigureChart* chart(const QString& key) const;
    [[nodiscard]] bool busy() const { return m_worker.active(); }
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QPushButton* startButton() const { return m_start; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] StatementList* statements() const { return m_statements; }

Q_SIGNALS:
    void exportRequested(splitscope::ui::FigureChart* chart, const QPoint& at);
    void troubleArose(const splitscope::base::Error& error);

private:
    void makeTabs(QBoxLayout* rows, const QString& bodyTitle, const QList<QWidget*>& bodyFields);
    void makeCharts(QBoxLayout* rows, QWidget* body);
    void onProgress(const session::FigureProgress& progress);
    void onFinished(const base::Result<session::FigureSet>& figures);
    void onTabChanged();
    void updateControls();
    void setStatus(const QString& text);
    [[nodiscard]] FigureChart* current() const;

    FigureWorker m_worker;
    session::FigureRequest m_problem;
    bool m_known = false;  ///< the problem
    QTabBar* m_tabs;
    QPushButton *m_start, *m_cancel;
    QProgressBar* m_progress;
    ElidedLabel* m_status;
    QWidget* m_bodyRow;
    QStackedWidget *m_stack, *m_chartStack;
    std::vector<FigureChart*> m_charts;
    StatementList* m_statements;
};

}  // namespace splitscope::ui
