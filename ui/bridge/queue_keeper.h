// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/queue_file.h"
#include "ui/bridge/background.h"

#include <QLockFile>
#include <QObject>

#include <filesystem>
#include <memory>

namespace splitscope::ui {

class QueueModel;

/// Keeps the queue in a file whenever it changes, and brings it back in the next session, where nothing of it begins by itself.
/// Reads and writes beside the GUI.
class QueueKeeper : public QObject {
    Q_OBJECT

public:
    explicit QueueKeeper(QueueModel& model, QObject* parent = nullptr);
    ~QueueKeeper() override;

    /// An empty path: nothing is kept. Nor where another window keeps its queue there already.
    void open(const std::filesystem::path& file);
    [[nodiscard]] bool busy() const { return m_reader.active() || m_writer->active(); }

Q_SIGNALS:
    void opened(int experiments);
    void troubleArose(const splitscope::base::Error& error);

private:
    using ReadResult = base::Result<std::vector<session::QueuedExperiment>>;

    void onRead(ReadResult kept);
    void save();

    QueueModel& m_model;
    std::filesystem::path m_file;
    std::unique_ptr<QLockFile> m_lock;
    Background<ReadResult> m_reader;
    std::optional<Background<base::Status>> m_writer;
    bool m_ready = false;  ///< what is in the file is in the queue
    bool m_unwritten = false;
    std::vector<session::QueuedExperiment> m_newest;  ///< to be written; the model may go first
};

}  // namespace splitscope::ui
