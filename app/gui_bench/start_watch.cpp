// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui_bench/gui_bench.h"
#include "core/base/files.h"
#include "ui/pages/live_page.h"

#include <QEvent>
#include <QFile>

#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr int kLookMs = 2;

/// The kernel tells it in hundredths of a second; what is executed anew keeps its beginning.
double msSinceProcessBegan()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    constexpr int kStartTime = 19;  // field, counted behind the name, which may hold spaces
    const auto fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const double nowMs = static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
    return nowMs - fields.value(kStartTime).toDouble() * 1e3 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

StartWatch::StartWatch(ui::MainWindow& window, std::filesystem::path json) : m_window(window), m_json(std::move(json))
{
    window.installEventFilter(this);
    connect(&m_timer, &QTimer::timeout, this, &StartWatch::look);
}

bool StartWatch::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && m_windowMs <= 0) {
        m_timer.start(kLookMs);
        QTimer::singleShot(0, this, [this] { m_windowMs = msSinceProcessBegan(); });  // painted by then
    }
    return QObject::eventFilter(watched, event);
}

void StartWatch::look()
{
    if (m_window.livePage().charts().front()->store().empty())
        return;
    m_timer.stop();
    BenchReport report("start");
    report.add("window_ms", m_windowMs);
    report.add("sample_ms", msSinceProcessBegan());
    const std::string json = report.toJson();
    if (const auto written = base::writeFileAtomically(m_json, base::asBytes(json)); !written)
        std::fprintf(stderr, "splitscope: %s\n", written.error().message().c_str());
    m_window.close();
}

}  // namespace splitscope::app
