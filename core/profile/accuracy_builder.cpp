// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/accuracy_builder.h"

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/profile/accuracy_batch_p.h"
#include "core/profile/accuracy_coders_p.h"
#include "core/profile/accuracy_plan_p.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace splitscope::profile {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

/// Sizes as a column keeps them: one value where all are the same.
void appendSizes(std::vector<std::uint32_t>& sizes, std::size_t before, const std::vector<std::uint32_t>& more)
{
    if (sizes.size() == 1)
        sizes.resize(before, sizes.front());
    sizes.insert(sizes.end(), more.begin(), more.end());
    if (std::adjacent_find(sizes.begin(), sizes.end(), std::not_equal_to<>()) == sizes.end())
        sizes.resize(1);
}

void append(AccuracyColumn& column, const BatchAnswers& answers)
{
    for (const auto& [coder, sizes] : answers.bytes)
        if (column.correct.empty() || !column.bytesWith(coder).empty())  // else it is added to all images later
            appendSizes(column.bytes[coder], column.correct.size(), sizes);
    column.correct.insert(column.correct.end(), answers.correct.begin(), answers.correct.end());
    column.entropy.insert(column.entropy.end(), answers.entropy.begin(), answers.entropy.end());
}

/// The table that is to be completed: what the file holds, or one without images.
base::Result<AccuracyTable> startingTable(const model::NetworkSpec& spec, const std::string& modelHash,
                                          const data::DataSet& images, const AccuracyBuilderOptions& options)
{
    AccuracyTable fresh;
    fresh.network = spec.name;
    fresh.modelHash = modelHash;
    fresh.data = options.data.empty() ? images.name() : options.data;
    fresh.split = options.split;
    fresh.coder = options.coder;
    std::error_code ignored;
    if (options.file.empty() || !std::filesystem::exists(options.file, ignored))
        return fresh;
    auto table = loadAccuracyTable(options.file);
    if (!table)
        return table.error();
    const auto other = [&](const std::string& what) {
        return Error{ErrorCode::Mismatch, "is a table of " + what + "; name another file, or remove this one",
                     options.file.string()};
    };
    if (table->network != spec.name || table->modelHash != modelHash)
        return other(table->network + (table->network == spec.name ? " with other weights" : ", not of " + spec.name));
    if (table->data != fresh.data || table->split != fresh.split)
        return other("'" + table->data + "' (" + table->split + "), not of '" + fresh.data + "' (" + fresh.split + ")");
    for (std::size_t i = 0; i < table->labels.size(); ++i)
        if (i >= images.size() || table->labels[i] != images.label(i))
            return other("other images: theirs are labelled differently from number " + std::to_string(i) + " on");
    return table;
}

/// Adds columns for the decisions that the table does not know; where the wanted ones are.
std::vector<std::size_t> addColumns(AccuracyTable& table, const decision::DecisionSpace& space)
{
    std::vector<std::size_t> wanted;
    for (auto& column : emptyColumns(space)) {
        const auto* known = table.find(column.exit, column.tensor, column.coding);
        wanted.push_back(known != nullptr ? static_cast<std::size_t>(known - table.columns.data()) : table.columns.size());
        if (known == nullptr)
            table.columns.push_back(std::move(column));
    }
    return wanted;
}

/// The table without the columns that have no image yet: a file's columns hold what its header says.
AccuracyTable tidied(AccuracyTable table)
{
    std::erase_if(table.columns, [](const AccuracyColumn& column) { return column.correct.empty(); });
    table.images = table.columns.empty() ? 0 : table.labels.size();
    for (const auto& column : table.columns)
        table.images = std::min(table.images, column.correct.size());
    return table;
}

/// Takes batches to threads and their answers into the table, in order.
class Builder {
public:
    Builder(const model::Executor& executor, const data::DataSet& images, const AccuracyBuilderOptions& options,
            const AccuracyObserver& observer, std::stop_token stop, AccuracyTable table, std::size_t total)
        : m_executor(executor), m_images(images), m_options(options), m_observer(observer), m_stop(std::move(stop)),
          m_total(total), m_table(std::move(table))
    {
        const auto wanted = addColumns(m_table, decision::DecisionSpace(executor.spec(), options.actions));
        m_columns = wanted.size();
        m_schedule = scheduleOf(m_table.columns, wanted, total, static_cast<std::size_t>(std::max(1, options.batch)));
        for (const auto& set : m_schedule.sets)
            m_plans.emplace_back(planFor(executor.spec(), m_table.columns, set)).codebook = options.codebook.get();
        for (const auto& job : m_schedule.jobs)
            m_unitsLeft += units(job);
        for (std::size_t i = m_table.labels.size(); i < total; ++i)
            m_table.labels.push_back(images.label(i));
        m_imagesDone = m_schedule.jobs.empty() ? total : m_schedule.jobs.front().first;
        m_begin = m_lastWrite = base::nowNs();
    }

    base::Result<AccuracyTable> run()
    {
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < std::max(1, m_options.threads); ++i)
                threads.emplace_back([this] { work(); });
        }
        if (m_changed)
            if (auto status = write(Packing::Small); !status)
                return status.error();
        if (m_failure)
            return *m_failure;
        if (m_committed < m_schedule.jobs.size())
            return Error{ErrorCode::Cancelled,
                         "stopped; " + std::to_string(m_imagesDone) + " of " + std::to_string(m_total) + " images are "
                             + (m_options.file.empty() ? "done" : "in the file, and the same command goes on from there"),
                         m_options.file.empty() ? "accuracy table" : m_options.file.string()};
        return tidied(std::move(m_table));
    }

private:
    /// Work is counted in answers: sets of columns differ.
    [[nodiscard]] std::size_t units(const AccuracyJob& job) const { return job.count * m_schedule.sets[job.set].size(); }

    void work()
    {
        base::nameThisThread("accuracy");
        model::Executor::setThreadCount(1);
        for (;;) {
            std::size_t job = 0;
            {
                const std::lock_guard lock(m_mutex);
                if (m_failure || m_stop.stop_requested() || m_next == m_schedule.jobs.size())
                    return;
                job = m_next++;
            }
            const auto& [first, count, set] = m_schedule.jobs[job];
            auto result = computeBatch(m_executor, m_images, m_plans[set], first, count);
            const std::lock_guard lock(m_mutex);
            if (!result) {
                m_failure = m_failure ? m_failure : result.error();
                return;
            }
            m_results.emplace(job, *std::move(result));
            commit();
        }
    }

    /// Appends the results whose turn it is.
    void commit()
    {
        while (!m_results.empty() && m_results.begin()->first == m_committed) {
            const auto result = std::move(m_results.extract(m_results.begin()).mapped());
            for (const auto& [column, answers] : result.answers)
                append(m_table.columns[column], answers);
            m_layerSeconds += result.layerSeconds;
            const auto& job = m_schedule.jobs[m_committed++];
            m_unitsDone += units(job);
            m_unitsLeft -= units(job);
            m_imagesDone = job.first + job.count;
            m_imagesOfRun += job.count;
            m_changed = true;
        }
        if (m_changed) {
            m_table.program = "splitscope " + base::programVersion();
            m_table.date = base::utcNow();
        }
        const double sinceWrite = base::toMs(base::nowNs() - m_lastWrite) / 1000;
        if (m_changed && m_committed < m_schedule.jobs.size() && sinceWrite >= m_options.secondsBetweenWrites)
            if (auto status = write(Packing::Fast); !status)
                m_failure = status.error();
        tell();
    }

    Status write(Packing packing)
    {
        m_changed = false;
        m_lastWrite = base::nowNs();
        return m_options.file.empty() ? Status() : save(tidied(m_table), m_options.file, packing);
    }

    void tell() const
    {
        if (!m_observer || m_imagesOfRun == 0)
            return;
        const double seconds = base::toMs(base::nowNs() - m_begin) / 1000;
        const auto images = static_cast<double>(m_imagesOfRun);
        const int threads = std::max(1, m_options.threads);
        m_observer({.imagesDone = m_imagesDone,
                    .images = m_total,
                    .columns = m_columns,
                    .secondsLeft = seconds * static_cast<double>(m_unitsLeft) / static_cast<double>(m_unitsDone),
                    .secondsPerImage = seconds / images,
                    .leastSecondsPerImage = m_layerSeconds / images / threads});
    }

    const model::Executor& m_executor;
    const data::DataSet& m_images;
    const AccuracyBuilderOptions& m_options;
    const AccuracyObserver& m_observer;
    const std::stop_token m_stop;
    const std::size_t m_total;
    std::size_t m_columns = 0;
    AccuracySchedule m_schedule;
    std::vector<AccuracyPlan> m_plans;  ///< one for each set of the schedule
    std::int64_t m_begin = 0;

    std::mutex m_mutex;  ///< of all below while threads run
    AccuracyTable m_table;
    std::size_t m_next = 0;  ///< the first job that nobody has taken
    std::size_t m_committed = 0;  ///< jobs whose answers are in the table
    std::map<std::size_t, BatchResult> m_results;  ///< of jobs that earlier ones must precede
    std::optional<Error> m_failure;
    bool m_changed = false;  ///< since the last write
    std::int64_t m_lastWrite = 0;
    std::size_t m_unitsDone = 0, m_unitsLeft = 0;
    std::size_t m_imagesDone = 0, m_imagesOfRun = 0;
    double m_layerSeconds = 0;
};

}  // namespace

base::Result<AccuracyTable> buildAccuracyTable(const model::Executor& executor, const std::string& modelHash,
                                               const data::DataSet& images, const AccuracyBuilderOptions& options,
                                               std::stop_token stop, const AccuracyObserver& observer)
{
    const std::size_t total = options.images == 0 ? images.size() : options.images;
    if (total == 0 || total > images.size())
        return Error{ErrorCode::InvalidInput,
                     "has " + std::to_string(images.size()) + " images; the table asks for " + std::to_string(total),
                     images.name()};
    auto table = startingTable(executor.spec(), modelHash, images, options);
    if (!table)
        return table.error();
    adoptCodebook(*table, options.codebook.get());
    auto built = Builder(executor, images, options, observer, stop, *std::move(table), total).run();
    if (!built)
        return built;
    const auto keep
        = [&](const AccuracyTable& more) { return options.file.empty() ? Status() : save(more, options.file, Packing::Small); };
    if (auto status = completeCoders(executor, images, options, stop, observer, keep, *built); !status)
        return status.error();
    return built;
}

}  // namespace splitscope::profile
