// SPDX-License-Identifier: GPL-3.0-or-later
// start-run, update-run, stop-run: on the worker's thread, in the order in which they came.
#include "core/base/log.h"
#include "device_daemon/server.h"

#include <algorithm>

namespace splitscope::daemon {

namespace {

constexpr double kAbandonedMs = 60'000;  ///< an edge silent for so long may lose its run to another one

}  // namespace

void Server::on(const Asked& asked, const wire::Schedule& piece)
{
    post(
        asked, [this, asked, piece] { answer(asked, takeSchedule(asked.peer, piece)); },
        piece.atMicros.size() * (sizeof(piece.atMicros[0]) + sizeof(piece.bytesPerSecond[0])));
}

void Server::on(const Asked& asked, const wire::StartRun& run)
{
    post(asked, [this, asked, run] { answer(asked, startRun(asked.peer, run)); });
}

void Server::on(const Asked& asked, const wire::UpdateRun& change)
{
    post(asked, [this, asked, change] { answer(asked, updateRun(asked.peer, change)); });
}

void Server::on(const Asked& asked, const wire::StopRun& stop)
{
    post(asked, [this, asked, stop] { answer(asked, stopRun(asked.peer, stop)); });
}

base::Status Server::makeRoom(const std::string& peer)
{
    for (const auto& slot : slots()) {
        if (!slot->active())
            continue;
        if (slot->owner() != peer && slot->ownerSilentMs() < kAbandonedMs)
            return base::Error{base::ErrorCode::Busy,
                               "the device is running for edge " + slot->owner() + "; stop that run first, or wait for its end",
                               "start-run"};
        slot->stop();
    }
    dropSettledSlots();
    return {};
}

base::Status Server::startRun(const std::string& peer, wire::StartRun run)
{
    const auto known = findSlot(run.run);
    if (known && known->owner() != peer)
        return base::Error{base::ErrorCode::Mismatch, "that number names another edge's run; choose another", "start-run: run"};
    if (known && known->active())
        return {};  // asked twice, because the first answer was lost
    if (auto status = makeRoom(peer); !status)
        return status;

    auto executor = m_models.find(run.modelHash);
    if (!executor)
        return base::Error{base::ErrorCode::Mismatch, "the device does not have this model; push the model first",
                           "start-run: modelHash"};
    auto codebook = findCodebook(run.coder, run.codebookHash, "start-run: codebook");
    if (!codebook)
        return codebook.error();
    const auto source = resolveSource(m_config, run.data);
    if (!source)
        return source.error();
    const auto split = data::parseSplit(run.split);
    if (!split)
        return split.error();
    auto images = data::openDataSet(*source, model::frameSize((*executor)->spec()), *split);
    if (!images)
        return images.error();
    if (m_config.threads > 0)
        run.threads = std::min(run.threads, m_config.threads);

    // A run that is taken up again goes on with its books: no frame gets two outcomes.
    auto journal = known ? known->journal() : std::make_shared<exec::Journal>(run.run);
    const auto slot = std::make_shared<RunSlot>(run, peer, *m_link, m_health, std::move(journal));
    {
        // Known before it begins: its first answer may be quick.
        const std::lock_guard lock(m_mutex);
        std::erase(m_slots, known);
        m_slots.push_back(slot);
    }
    const auto schedule = m_schedules.find(peer, run.run);
    auto status = schedule ? slot->follow(schedule->rate, schedule->startMs) : m_link->setShaping(run.shaping);
    if (status)
        status
            = slot->begin(std::move(*executor), std::shared_ptr<const data::DataSet>(std::move(*images)), std::move(*codebook));
    if (!status) {
        static_cast<void>(m_link->setShaping({}));
        const std::lock_guard lock(m_mutex);
        std::replace(m_slots.begin(), m_slots.end(), slot, known);
        std::erase(m_slots, nullptr);
        return status;
    }
    std::unique_lock lock(m_mutex);
    const bool silent = m_silentPeers.contains(peer);  // since it asked: opening the data took its time
    lock.unlock();
    if (silent)
        slot->onOwnerAlive(false);
    base::log(base::LogLevel::Info, "daemon",
              "run " + std::to_string(run.run) + " of edge " + peer + ": frames " + std::to_string(run.firstFrame) + " to "
                  + std::to_string(run.frames) + " of " + run.data);
    return {};
}

base::Status Server::takeSchedule(const std::string& peer, const wire::Schedule& piece)
{
    const auto known = findSlot(piece.run);
    if (known && known->owner() != peer)
        return base::Error{base::ErrorCode::Mismatch, "that number names another edge's run", "schedule: run"};
    const auto whole = m_schedules.add(peer, piece);
    if (!whole)
        return whole.error();
    if (*whole && known && known->active())
        return known->follow((*whole)->rate, (*whole)->startMs);
    return {};
}

base::Status Server::updateRun(const std::string& peer, const wire::UpdateRun& change)
{
    const auto slot = ownSlot(peer, change.run, "update-run");
    if (!slot)
        return slot.error();
    return (*slot)->update(change);
}

base::Status Server::stopRun(const std::string& peer, const wire::StopRun& stop)
{
    const auto slot = ownSlot(peer, stop.run, "stop-run");
    if (!slot)
        return slot.error();
    (*slot)->stop();
    return {};
}

}  // namespace splitscope::daemon
