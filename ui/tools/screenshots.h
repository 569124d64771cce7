// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

namespace splitscope::ui {

class MainWindow;

/// Saves every page of a window in both themes as FOLDER/page-theme.png, one after the other so that the GUI never waits. Where
/// an experiment runs, a fleet of two takes its place for the Fleet page's pictures.
class Screenshots : public QObject {
    Q_OBJECT

public:
    Screenshots(MainWindow& window, QString folder, QObject* parent = nullptr);

    void begin();

Q_SIGNALS:
    void finished(const QStringList& files, bool ok);

private:
    void prepare();
    void awaitFleet();
    void take();

    MainWindow& m_window;
    QString m_folder;
    QStringList m_files;
    int m_step = 0;
    QElapsedTimer m_fleet;  ///< since it was asked for
    bool m_ok = true;
};

}  // namespace splitscope::ui
