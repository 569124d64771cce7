// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <vector>

namespace splitscope::ui {

/// Watches how long the GUI's thread does not come back to its event loop, and at what. Ticks every millisecond: for tests and
/// measurements.
class EventLoopWatch : public QObject {
    Q_OBJECT

public:
    static constexpr double kLongestAllowedMs = 16;

    struct Cause {
        QString name;
        double longestMs = 0;
        int overAllowed = 0;  ///< how often it took longer than that
    };

    explicit EventLoopWatch(QObject* parent = nullptr);

    /// What comes now is counted under this name, until the next one.
    void begin(const QString& cause);
    /// In the order in which they began; one that began twice is there once.
    [[nodiscard]] const std::vector<Cause>& causes() const { return m_causes; }
    [[nodiscard]] double longestMs(const QString& cause) const;

private:
    void look();

    QTimer m_timer;
    QElapsedTimer m_sinceLook;
    std::vector<Cause> m_causes;
    std::size_t m_current = 0;
};

}  // namespace splitscope::ui
