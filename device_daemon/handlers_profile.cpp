// SPDX-License-Identifier: GPL-3.0-or-later
// profile, profile-cancel: the device measures itself on the worker's thread, and tells the result in pieces.
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/profile/profiler.h"
#include "device_daemon/server.h"

#include <algorithm>
#include <exception>

namespace splitscope::daemon {

namespace {

constexpr double kProgressEveryMs = 250;
constexpr double kAbandonedMs = 10'000;  ///< nobody waits for a profile whose edge is silent for so long
constexpr std::size_t kMaxWhat = 128;  ///< the wire's limit of a name

/// The bytes of `text` from `offset` on that fit a message and end between two UTF-8 characters.
std::string_view pieceOf(std::string_view text, std::size_t offset)
{
    auto size = std::min(wire::kMaxProfilePiece, text.size() - offset);
    const auto continues
        = [&](std::size_t at) { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    while (size > 1 && continues(offset + size))
        --size;
    return text.substr(offset, size);
}

}  // namespace

void Server::on(const Asked& asked, const wire::Profile& profile)
{
    std::stop_token stop;
    {
        const std::lock_guard lock(m_mutex);
        if (m_profiling && m_profiling->asked.peer == asked.peer && m_profiling->asked.id == asked.id)
            return;  // asked twice: its answer is on the way
        if (!m_profiling) {
            m_profiling = Profiling{asked, {}, 0};
            stop = m_profiling->stop.get_token();
        }
    }
    const auto busy = [&](const std::string& text) { answer(asked, base::Error{base::ErrorCode::Busy, text, "profile"}); };
    if (!stop.stop_possible())
        return busy("the device is measuring a profile already; wait for its end, or cancel it");
    const bool posted = m_worker.post([this, asked, profile, stop] {
        base::Result<std::string> json = base::Error{};
        try {
            json = measureProfile(asked, profile, stop);
        } catch (const std::exception& thrown) {  // memory for large batches
            json = base::Error{base::ErrorCode::Internal, thrown.what(), "profile"};
        }
        {
            const std::lock_guard lock(m_mutex);
            m_profiling.reset();
        }
        const auto status = json ? sendProfile(asked, *json) : base::Status(json.error());
        if (!status)
            answer(asked, status);
    });
    if (posted)
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_profiling.reset();
    }
    busy("the device has too much to do; ask again later");
}

void Server::on(const Asked& asked, const wire::ProfileCancel& cancel)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_profiling && m_profiling->asked.peer == asked.peer && m_profiling->asked.id == cancel.profile)
            m_profiling->stop.request_stop();
    }
    answer(asked, base::Status{});  // one that has ended meanwhile needs no cancelling
}

base::Result<std::string> Server::measureProfile(const Asked& asked, const wire::Profile& wanted, const std::stop_token& stop)
{
    for (const auto& slot : slots())
        if (slot->active())
            return base::Error{base::ErrorCode::Busy,
                               "the device is running for edge " + slot->owner() + "; stop that run first, or wait for its end",
                               "profile"};
    const auto executor = m_models.find(wanted.modelHash);
    if (!executor)
        return base::Error{base::ErrorCode::Mismatch, "the device does not have this model; push the model first",
                           "profile: model"};
    auto codebook = findCodebook(wanted.coder, wanted.codebookHash, "profile: codebook");
    if (!codebook)
        return codebook.error();
    const auto source = resolveSource(m_config, wanted.data);
    if (!source)
        return source.error();
    const auto split = data::parseSplit(wanted.split);
    if (!split)
        return split.error();
    const auto actions = decision::parseSpaceOptions(wanted.actionSet);
    if (!actions)
        return actions.error();
    const auto images = data::openDataSet(*source, model::frameSize((*executor)->spec()), *split);
    if (!images)
        return images.error();

    profile::ProfilerOptions options;
    options.batches = wanted.batches;
    options.threads = m_config.threads > 0 ? std::min(wanted.threads, m_config.threads) : wanted.threads;
    options.coder = wanted.coder;
    options.codebook = std::move(*codebook);
    options.actions = *actions;
    options.budgetSeconds = wanted.budgetSeconds;
    options.relativeInterval = wanted.relativeInterval;
    answer(asked, base::Status{});
    base::log(base::LogLevel::Info, "daemon", "measuring a profile of " + (*executor)->spec().name + " for edge " + asked.peer);
    std::int64_t toldNs = 0;
    const auto measured = profile::measureProfile(
        **executor, wanted.modelHash, **images, options, stop, [&](const profile::ProfilerProgress& progress) {
            const auto now = base::nowNs();
            if (base::toMs(now - toldNs) < kProgressEveryMs)
                return;
            toldNs = now;
            const wire::ProfileProgress told{asked.id, progress.done, progress.total, progress.what.substr(0, kMaxWhat),
                                             progress.secondsLeft};
            static_cast<void>(m_link->sendControl(asked.peer, {0, told}));  // the next one tells as much
        });
    if (!measured)
        return measured.error();
    return toJson(*measured);
}

base::Status Server::sendProfile(const Asked& asked, const std::string& json)
{
    if (json.size() > wire::kMaxProfileBytes)
        return base::Error{base::ErrorCode::TooLarge, std::to_string(json.size()) + " bytes of profile; ask for fewer batches",
                           "profile"};
    for (std::size_t offset = 0; offset < json.size();) {
        const auto piece = pieceOf(json, offset);
        const wire::ProfileResult result{asked.id, json.size(), offset, std::string(piece)};
        if (auto status = m_link->sendControl(asked.peer, {0, result}); !status)
            return status;
        offset += piece.size();
    }
    return {};
}

void Server::noteProfilingPeer(const std::string& peer, bool silent)
{
    const std::lock_guard lock(m_mutex);
    if (m_profiling && m_profiling->asked.peer == peer)
        m_profiling->silentSinceNs = silent ? base::nowNs() : 0;
}

void Server::watchProfiling()
{
    const std::lock_guard lock(m_mutex);
    if (m_profiling && m_profiling->silentSinceNs != 0 && base::toMs(base::nowNs() - m_profiling->silentSinceNs) > kAbandonedMs)
        m_profiling->stop.request_stop();
}

}  // namespace splitscope::daemon
