// SPDX-License-Identifier: GPL-3.0-or-later
// The window as the program makes it, for tests that drive it.
#pragma once

#include "core/session/scenario.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/log_model.h"
#include "ui/models/sample_store.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <fstream>
#include <string>

namespace splitscope::ui {

/// Settings and folders of the test's own, empty: nothing is read of the user's, or of another test's.
inline void useSettingsOfTest(const char* name)
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
    QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-") + QLatin1String(name));
    QSettings().clear();
}

/// Shown, over an empty folder of records.
struct WindowFixture {
    QTemporaryDir folder;
    LogFeed feed;
    LogModel log;
    SampleStore store;
    ExperimentBridge bridge;
    MainWindow window;

    /// An empty file: the queue is not kept.
    explicit WindowFixture(const session::Scenario& scenario = session::Scenario::demonstration(), const QString& queueFile = {})
        : window(
            {store, bridge, feed, log},
            {scenario, folder.path().toStdString(), std::string(SPLITSCOPE_BIN "/splitscoped"), {}, {}, queueFile.toStdString()})
    {
        window.show();
    }
    /// Into the folder; its path.
    QString write(const char* name, const session::Scenario& scenario)
    {
        const QString path = folder.filePath(QString::fromUtf8(name));
        std::ofstream(path.toStdString()) << session::toJson(scenario);
        return path;
    }
};

}  // namespace splitscope::ui
