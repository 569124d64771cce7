// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/figure_worker.h"

#include "core/base/threads.h"

namespace splitscope::ui {

namespace {

constexpr int kLookMs = 50;

}  // namespace

FigureWorker::FigureWorker(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &FigureWorker::look);
}

FigureWorker::~FigureWorker() { m_timer.stop(); }  // the thread is asked to stop, and joined, by its own destructor

void FigureWorker::start(session::FigureRequest request)
{
    m_next = std::move(request);
    if (m_active)
        m_thread.request_stop();
    else
        begin();
}

void FigureWorker::cancel()
{
    m_next.reset();
    if (m_active)
        m_thread.request_stop();
}

void FigureWorker::begin()
{
    m_active = true;
    m_thread = std::jthread([this, request = *std::exchange(m_next, std::nullopt)](const std::stop_token& stop) {
        if (session::trainsPolicies(request))
            base::lowerThisThreadsPriority();
        auto figures = session::makeFigures(request, stop, [this](const session::FigureProgress& progress) {
            const std::lock_guard lock(m_mutex);
            m_progress = progress;
        });
        const std::lock_guard lock(m_mutex);
        m_result = std::move(figures);
    });
    m_timer.start();
}

void FigureWorker::look()
{
    std::optional<session::FigureProgress> progress;
    std::optional<base::Result<session::FigureSet>> result;
    {
        const std::lock_guard lock(m_mutex);
        progress.swap(m_progress);
        result.swap(m_result);
    }
    if (progress && !result && !m_next)
        Q_EMIT progressed(*progress);
    if (!result)
        return;
    m_thread.join();
    if (m_next) {
        begin();
        return;
    }
    m_timer.stop();
    m_active = false;
    Q_EMIT finished(*result);
}

}  // namespace splitscope::ui
