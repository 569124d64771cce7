// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/report_writer.h"

#include "core/session/report.h"

namespace splitscope::ui {

namespace {

constexpr int kLookMs = 50;

}  // namespace

ReportWriter::ReportWriter(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, [this] { Q_EMIT progressed(m_share); });
}

void ReportWriter::write(const session::RunKey& key, const std::filesystem::path& html)
{
    m_share = 0;
    m_timer.start();
    Q_EMIT progressed(0);
    m_worker.start(
        [this, key, html](const std::stop_token& stop) {
            return session::writeReport(key, html, stop, [this](double share) { m_share = share; });
        },
        [this, html](const base::Status& status) {
            m_timer.stop();
            Q_EMIT progressed(1);
            if (status)
                Q_EMIT written(QString::fromStdString(html.string()));
            else
                Q_EMIT failed(status.error());
        });
}

}  // namespace splitscope::ui
