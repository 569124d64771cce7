// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/bridge/background.h"

#include <deque>

namespace splitscope::ui {

/// Writes one thing after the other beside the GUI; none is lost: what waits when the queue goes is written then.
class WriteQueue {
public:
    using Work = std::function<base::Status()>;
    using Done = std::function<void(const base::Status& status)>;  ///< on the GUI's thread

    WriteQueue();
    ~WriteQueue();

    void add(Work work, Done done);
    /// Of a file that somebody asked for: the log tells that it was written.
    void addExport(const std::string& file, Work work, Done done);
    [[nodiscard]] bool active() const { return m_writer->active() || !m_waiting.empty(); }

private:
    struct Item {
        Work work;
        Done done;
    };
    void next();

    std::deque<Item> m_waiting;
    std::optional<Background<base::Status>> m_writer;
};

}  // namespace splitscope::ui
