// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

namespace splitscope::ui {

class MainWindow;

/// Saves every page of a window in both themes as FOLDER/page-theme.png, one after the other so that the GUI never waits.
class Screenshots : public QObject {
    Q_OBJECT

public:
    Screenshots(MainWindow& window, QString folder, QObject* parent = nullptr);

    void begin();

Q_SIGNALS:
    void finished(const QStringList& files, bool ok);

private:
    void prepare();
    void take();

    MainWindow& m_window;
    QString m_folder;
    QStringList m_files;
    int m_step = 0;
    bool m_ok = true;
};

}  // namespace splitscope::ui
