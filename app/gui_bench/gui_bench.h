// SPDX-License-Identifier: GPL-3.0-or-later
// What the GUI's thread spends: the part of `splitscope-cli bench ui` that needs a GUI.
#pragma once

#include "app/bench/bench_report.h"
#include "app/compose.h"
#include "core/session/run_library.h"

#include <functional>

namespace splitscope::app {

/// Frames of the Live page over so many samples, and of a naive chart that gets every sample appended.
void benchFrames(std::size_t samples, BenchReport& report);

/// The longest that the GUI's thread is away from its event loop, by what it was asked for, in a dashboard of that library.
void benchBlocks(const session::RunKey& longRun, BenchReport& report);

/// Both, for a library with one long run; writes the metrics as JSON. The program's exit status.
int runGuiBench(const std::filesystem::path& library, std::size_t samples, const std::filesystem::path& json);

/// Writes when the window was there and when the first sample was, in ms since the process began; then closes the window.
class StartWatch : public QObject {
public:
    StartWatch(ui::MainWindow& window, std::filesystem::path json);

private:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void look();

    ui::MainWindow& m_window;
    std::filesystem::path m_json;
    QTimer m_timer;
    double m_windowMs = 0;
};

}  // namespace splitscope::app
