// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/recorder.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/session/record_store_p.h"
#include "core/session/run_environment.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <variant>

namespace splitscope::session {

namespace {

constexpr auto kCommitInterval = std::chrono::milliseconds(100);
constexpr auto kRetryInterval = std::chrono::milliseconds(500);
constexpr auto kClosingTime = std::chrono::seconds(2);

struct RunEnd {
    std::uint64_t run;
    std::string state;
    std::int64_t endedMs;
};
struct RunSample {
    std::uint64_t run;
    Sample sample;
};
struct EventItem {
    std::uint64_t run;
    RunEvent event;
};
struct HealthItem {
    std::uint64_t run;
    RunHealth health;
};
using Item = std::variant<RunInfo, RunSample, RunEnd, EventItem, HealthItem>;

int writeItem(RecordWriter& writer, const Item& item)
{
    if (const auto* info = std::get_if<RunInfo>(&item))
        return writer.beginRun(*info);
    if (const auto* sample = std::get_if<RunSample>(&item))
        return writer.write(sample->run, sample->sample);
    if (const auto* event = std::get_if<EventItem>(&item))
        return writer.write(event->run, event->event);
    if (const auto* health = std::get_if<HealthItem>(&item))
        return writer.write(health->run, health->health);
    const auto& end = std::get<RunEnd>(item);
    return writer.endRun(end.run, end.state, end.endedMs);
}

/// Runs that say they are under way, while nobody writes them any more. Failing is no harm: readers look for themselves.
void markInterrupted(const Database& database)
{
    auto running = database.prepare("SELECT run, writer FROM runs WHERE state = 'running'");
    std::vector<std::int64_t> dead;
    while (running.next())
        if (!isAlive(running.text(1)))
            dead.push_back(running.integer(0));
    auto mark = database.prepare("UPDATE runs SET state = 'interrupted' WHERE run = ?1");
    for (const auto run : dead)
        mark.bind(1, run).run();
}

}  // namespace

struct Recorder::Private {
    Private(Database opened, RecorderEvents toTell)
        : database(std::move(opened)), writer(database), events(std::move(toTell)),
          thread([this](std::stop_token stop) { work(stop); })
    {
    }

    void push(Item item)
    {
        const std::lock_guard lock(mutex);
        queue.push_back(std::move(item));
        ++pushed;
        changed.notify_all();
    }

    void work(std::stop_token stop);
    bool commit(const std::vector<Item>& items);
    void tellCommitted(const std::vector<Item>& items) const;

    Database database;
    RecordWriter writer;
    RecorderEvents events;
    bool inTrouble = false;  // recorder's thread

    std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<Item> queue;
    std::uint64_t pushed = 0, committed = 0;
    int flushing = 0;  ///< callers of flush() that wait
    std::jthread thread;
};

/// One transaction; false leaves the database as it was.
bool Recorder::Private::commit(const std::vector<Item>& items)
{
    int code = database.execute("BEGIN IMMEDIATE");
    for (const auto& item : items)
        if (code == SQLITE_OK)
            code = writeItem(writer, item);
    if (code == SQLITE_OK)
        code = database.execute("COMMIT");
    if (code == SQLITE_OK) {
        inTrouble = false;
        return true;
    }
    const auto error = database.lastError("records cannot be written and are kept in memory until they can");
    database.execute("ROLLBACK");
    writer.rolledBack();
    if (!inTrouble && events.onTrouble)
        events.onTrouble(error);
    inTrouble = true;
    return false;
}

void Recorder::Private::tellCommitted(const std::vector<Item>& items) const
{
    if (!events.onCommitted)
        return;
    std::map<std::uint64_t, std::vector<std::uint64_t>> byRun;
    for (const auto& item : items)
        if (const auto* sample = std::get_if<RunSample>(&item))
            byRun[sample->run].push_back(sample->sample.record.firstFrame);
    for (const auto& [run, firstFrames] : byRun)
        events.onCommitted(run, firstFrames);
}

void Recorder::Private::work(std::stop_token stop)
{
    base::nameThisThread("recorder");
    std::vector<Item> batch;
    std::chrono::steady_clock::time_point giveUp = std::chrono::steady_clock::time_point::max();
    while (true) {
        {
            std::unique_lock lock(mutex);
            if (batch.empty())
                changed.wait(lock, stop, [this] { return !queue.empty(); });
            else
                changed.wait_for(lock, stop, kRetryInterval, [] { return false; });
            batch.insert(batch.end(), std::make_move_iterator(queue.begin()), std::make_move_iterator(queue.end()));
            queue.clear();
        }
        if (stop.stop_requested() && giveUp == std::chrono::steady_clock::time_point::max())
            giveUp = std::chrono::steady_clock::now() + kClosingTime;
        if (!batch.empty() && commit(batch)) {
            tellCommitted(batch);
            const std::lock_guard lock(mutex);
            committed += batch.size();
            batch.clear();
            changed.notify_all();
        }
        if (stop.stop_requested()) {
            std::unique_lock lock(mutex);
            if ((batch.empty() && queue.empty()) || std::chrono::steady_clock::now() >= giveUp)
                return;
            changed.wait_for(lock, kCommitInterval, [] { return false; });
        } else if (batch.empty()) {
            // Gathers a while, so that a fast run costs few transactions.
            std::unique_lock lock(mutex);
            changed.wait_for(lock, stop, kCommitInterval, [this] { return flushing > 0; });
        }
    }
}

Recorder::Recorder(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

Recorder::~Recorder() = default;

base::Result<std::unique_ptr<Recorder>> Recorder::open(const std::filesystem::path& path, RecorderEvents events)
{
    std::error_code ec;
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path(), ec);
    auto database = openRecords(path, Database::Mode::ReadWrite);
    if (!database)
        return database.error();
    markInterrupted(*database);
    auto priv = std::make_unique<Private>(std::move(*database), std::move(events));
    return std::unique_ptr<Recorder>(new Recorder(std::move(priv)));
}

void Recorder::beginRun(RunInfo info) { d->push(std::move(info)); }

void Recorder::add(std::uint64_t run, Sample sample) { d->push(RunSample{run, std::move(sample)}); }

void Recorder::add(std::uint64_t run, RunEvent event) { d->push(EventItem{run, std::move(event)}); }

void Recorder::add(std::uint64_t run, RunHealth health) { d->push(HealthItem{run, std::move(health)}); }

void Recorder::endRun(std::uint64_t run, std::string state) { d->push(RunEnd{run, std::move(state), base::wallClockMs()}); }

bool Recorder::flush(double timeoutMs)
{
    std::unique_lock lock(d->mutex);
    const auto target = d->pushed;
    ++d->flushing;
    d->changed.notify_all();
    const bool written
        = d->changed.wait_for(lock, std::chrono::duration<double, std::milli>(timeoutMs), [&] { return d->committed >= target; });
    --d->flushing;
    return written;
}

}  // namespace splitscope::session
