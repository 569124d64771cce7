// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/queue_keeper.h"

#include "core/base/log.h"
#include "ui/models/queue_model.h"

#include <QDir>

namespace splitscope::ui {

QueueKeeper::QueueKeeper(QueueModel& model, QObject* parent) : QObject(parent), m_model(model)
{
    m_writer.emplace();
    connect(&m_model, &QueueModel::edited, this, &QueueKeeper::save);
}

QueueKeeper::~QueueKeeper()
{
    m_writer.reset();  // the newest may not have had its turn
    if (m_ready && m_unwritten)
        static_cast<void>(session::saveQueue(m_newest, m_file));
}

void QueueKeeper::open(const std::filesystem::path& file)
{
    if (file.empty())
        return;
    m_file = file;
    QDir().mkpath(QString::fromStdString(file.parent_path().string()));
    m_lock = std::make_unique<QLockFile>(QString::fromStdString(file.string() + ".lock"));
    m_lock->setStaleLockTime(0);  // a session may take days; that of a program that is gone is seen as such
    if (!m_lock->tryLock(0)) {
        base::log(base::LogLevel::Info, "dashboard", "another window keeps its queue; this one's is not kept");
        return;
    }
    m_reader.start(
        [file](const std::stop_token&) {
            auto kept = session::loadQueue(file);
            if (kept)
                session::settle(*kept);
            return kept;
        },
        [this](ReadResult kept) { onRead(std::move(kept)); });
}

void QueueKeeper::onRead(ReadResult kept)
{
    const auto count = kept ? static_cast<int>(kept->size()) : 0;
    m_ready = kept || kept.error().code == base::ErrorCode::InvalidInput;
    if (!kept)
        Q_EMIT troubleArose(kept.error());
    else if (count > 0)
        base::log(base::LogLevel::Info, "dashboard",
                  "the queue of the last session is back: " + std::to_string(count) + (count == 1 ? " scenario" : " scenarios"));
    if (kept)
        m_model.restore(*std::move(kept));
    if (m_unwritten)  // something was added meanwhile
        save();
    Q_EMIT opened(count);
}

void QueueKeeper::save()
{
    m_unwritten = true;
    m_newest = m_model.queue().experiments();
    if (!m_ready)
        return;
    m_writer->start(
        [experiments = m_newest, file = m_file](const std::stop_token&) { return session::saveQueue(experiments, file); },
        [this](const base::Status& written) {
            m_unwritten = false;
            if (!written)
                Q_EMIT troubleArose(written.error());
        });
}

}  // namespace splitscope::ui
