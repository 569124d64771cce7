// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"
#include "ui/bridge/background.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <limits>

namespace splitscope::ui {

/// A recorded run in place of a live one: its samples come in the order and, times a speed, at the pace in which they were
/// finished. Reads the database beside the GUI; delivers on the GUI's thread under a time budget.
class ReplaySource : public QObject {
    Q_OBJECT

public:
    static constexpr int kTickMs = 33;
    static constexpr double kBudgetMs = 4;
    static constexpr int kCatchUpTickMs = 12;  ///< after a jump nothing else is to be seen
    static constexpr double kCatchUpBudgetMs = 4;  ///< whoever takes the samples needs about as long again
    /// As fast as samples can be drawn.
    static constexpr double kMaxSpeed = std::numeric_limits<double>::infinity();

    explicit ReplaySource(QObject* parent = nullptr);

    /// opened() or failed() follows. What was open is closed.
    void open(const session::RunKey& key);
    /// Nothing arrives afterwards.
    void close();
    /// From open() until close() or failed().
    [[nodiscard]] bool active() const { return m_loading || m_open; }
    [[nodiscard]] bool isOpen() const { return m_open; }

    /// At the end, from the beginning.
    void play(bool playing);
    [[nodiscard]] bool playing() const { return m_playing; }
    void setSpeed(double speed);  ///< above 0; 1: as it was
    [[nodiscard]] double speed() const { return m_speed; }
    /// Playing goes on from there; samples up to it are delivered at once, after restarted() where it lies behind.
    void seek(double seconds);
    [[nodiscard]] double position() const { return m_position; }  ///< seconds since the first frame's capture
    [[nodiscard]] double duration() const { return m_duration; }
    /// Delivered all that lies before position().
    [[nodiscard]] bool caughtUp() const { return !m_catchingUp; }
    [[nodiscard]] const session::RunRow& row() const { return m_run.row; }
    [[nodiscard]] std::size_t requests() const { return m_run.order.size(); }

Q_SIGNALS:
    void opened();
    void failed(const splitscope::base::Error& error);
    /// Samples come from the beginning again.
    void restarted();
    void samplesArrived(const std::vector<splitscope::session::Sample>& samples);
    void positionChanged(double seconds);
    void playingChanged(bool playing);
    void closed();

private:
    struct Run {
        session::RunRow row;
        session::RunColumns columns;
        std::vector<std::uint32_t> order;  ///< requests as they were finished
        std::vector<double> seconds;  ///< when, in that order
    };

    static base::Result<Run> read(const session::RunKey& key, const std::stop_token& stop);
    void onRead(base::Result<Run> run);
    void tick();
    bool deliver(double budgetMs);
    void setPlaying(bool playing);

    std::jthread m_disposer;
    Background<base::Result<Run>> m_reader;
    Run m_run;
    QTimer m_timer;
    QElapsedTimer m_sinceTick;
    std::size_t m_next = 0;  ///< of the order
    double m_position = 0, m_duration = 0, m_speed = 1;
    bool m_loading = false, m_open = false, m_playing = false, m_catchingUp = false;
};

}  // namespace splitscope::ui
