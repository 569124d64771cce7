// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure_set.h"
#include "ui/bridge/background.h"

#include <QObject>

namespace splitscope::ui {

/// Makes figures beside the GUI. One request at a time; a newer one takes the place of one that is under way.
class FigureWorker : public QObject {
    Q_OBJECT

public:
    explicit FigureWorker(QObject* parent = nullptr);

    void start(session::FigureRequest request);
    /// finished() follows with an Error Cancelled.
    void cancel() { m_work.cancel(); }
    /// From start() until finished().
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void progressed(const splitscope::session::FigureProgress& progress);
    void finished(const splitscope::base::Result<splitscope::session::FigureSet>& figures);

private:
    WatchedBackground<base::Result<session::FigureSet>, session::FigureProgress> m_work;
};

}  // namespace splitscope::ui
