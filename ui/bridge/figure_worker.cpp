// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/figure_worker.h"

namespace splitscope::ui {

FigureWorker::FigureWorker(QObject* parent)
    : QObject(parent), m_work([this](const session::FigureProgress& progress) { Q_EMIT progressed(progress); })
{
}

void FigureWorker::start(session::FigureRequest request)
{
    m_work.start(
        [request = std::move(request)](const std::stop_token& stop, const auto& tell) {
            if (session::trainsPolicies(request))
                base::lowerThisThreadsPriority();
            return session::makeFigures(request, stop, tell);
        },
        [this](const base::Result<session::FigureSet>& figures) { Q_EMIT finished(figures); });
}

}  // namespace splitscope::ui
