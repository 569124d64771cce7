// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/write_queue.h"

#include "core/base/log.h"

namespace splitscope::ui {

WriteQueue::WriteQueue() { m_writer.emplace(); }

WriteQueue::~WriteQueue()
{
    m_writer.reset();  // what is under way comes first
    for (const Item& item : m_waiting)
        static_cast<void>(item.work());
}

void WriteQueue::add(Work work, Done done)
{
    m_waiting.push_back({std::move(work), std::move(done)});
    next();
}

void WriteQueue::addExport(const std::string& file, Work work, Done done)
{
    add(
        [file, work = std::move(work)] {
            auto written = work();
            if (written)
                base::log(base::LogLevel::Info, "dashboard", "exported to " + file);
            return written;
        },
        std::move(done));
}

void WriteQueue::next()
{
    if (m_writer->active() || m_waiting.empty())
        return;
    auto [work, done] = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_writer->start([work = std::move(work)](const std::stop_token&) { return work(); },
                    [this, done = std::move(done)](const base::Status& status) {
                        done(status);
                        next();
                    });
}

}  // namespace splitscope::ui
