// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/fleet_ground.h"

#include "core/base/clock.h"
#include "core/base/process.h"
#include "core/data/data_set.h"
#include "core/exec/row_coding.h"

#include <algorithm>

namespace splitscope::app {

namespace {

constexpr double kStartMs = 30'000;

int lengthOf(const model::NetworkSpec& spec, int exit) { return decision::onDevice(spec, exit).partition; }

base::Result<stub::RecordedRequest> recordRequest(const session::Scenario& scenario, const session::ModelPackage& package,
                                                  const data::DataSet& images, std::size_t index)
{
    const auto& network = *package.executor;
    const auto& decided = scenario.decision;
    auto image = images.image(index);
    if (!image)
        return image.error();
    const std::vector<data::Image> frames{*std::move(image)};
    const auto input = model::toInput(network.spec(), frames);
    if (!input)
        return input.error();
    const auto tensor = network.run(decided.exit, 0, decided.partition, *input);
    if (!tensor)
        return tensor.error();
    const auto coded
        = exec::encodeRows(*tensor, decided.coding, exec::coderFor({package.coder, package.codebook}, network.spec(), decided));
    if (!coded)
        return coded.error();
    const auto logits = network.run(decided.exit, decided.partition, lengthOf(network.spec(), decided.exit), *tensor);
    if (!logits)
        return logits.error();
    stub::RecordedRequest made;
    made.request.decision = decided;
    made.request.coder = package.coder;
    made.request.sizes = coded->sizes;
    made.request.payloadBytes = coded->payload.size();
    made.payload = std::make_shared<const base::Bytes>(coded->payload);
    made.record.decision = decided;
    made.record.payloadBytes = coded->payload.size();
    made.record.labels = exec::labelsOf(*logits);
    made.record.truths = {images.label(index)};
    return made;
}

/// Decodes a request behind what the batch holds already.
base::Status decodeInto(base::Tensor& batch, const stub::RecordedRequest& recorded, const session::ModelPackage& package)
{
    const auto& request = recorded.request;
    auto rows = exec::decodeRows(package.executor->spec(), request.decision, {request.coder, package.codebook}, request.sizes,
                                 *recorded.payload);
    if (!rows)
        return rows.error();
    if (batch.batch == 0) {
        batch = std::move(*rows);
    } else {
        batch.batch += rows->batch;
        batch.values.insert(batch.values.end(), rows->values.begin(), rows->values.end());
    }
    return {};
}

}  // namespace

base::Result<stub::Recording> recordRequests(const session::Scenario& scenario, const session::ModelPackage& package, int count)
{
    const auto split = data::parseSplit(scenario.split);
    if (!split)
        return split.error();
    const auto images = data::openDataSet(scenario.data, model::frameSize(package.executor->spec()), *split);
    if (!images)
        return images.error();
    stub::Recording recording;
    for (int i = 0; i < count; ++i) {
        auto made = recordRequest(scenario, package, **images, static_cast<std::size_t>(i) % (*images)->size());
        if (!made)
            return made.error();
        recording.push_back(*std::move(made));
    }
    return recording;
}

base::Result<FullBatches> runFullBatches(const stub::Recording& recording, const session::ModelPackage& package, int rows,
                                         double seconds)
{
    model::Executor::setThreadCount(1);
    const auto& decided = recording.front().request.decision;
    const int length = lengthOf(package.executor->spec(), decided.exit);
    double frames = 0, decodeMs = 0, computeMs = 0;
    std::size_t next = 0;
    // The first batch warms up.
    for (bool warm = false; !warm || decodeMs + computeMs < seconds * 1e3; warm = true) {
        base::Tensor batch;
        const auto beganNs = base::nowNs();
        for (int i = 0; i < rows; ++i)
            if (auto status = decodeInto(batch, recording[next++ % recording.size()], package); !status)
                return status.error();
        const auto decodedNs = base::nowNs();
        if (const auto logits = package.executor->run(decided.exit, decided.partition, length, batch); !logits)
            return logits.error();
        const auto computedNs = base::nowNs();
        if (!warm)
            continue;
        frames += rows;
        decodeMs += base::toMs(decodedNs - beganNs);
        computeMs += base::toMs(computedNs - decodedNs);
    }
    return FullBatches{1e3 * frames / (decodeMs + computeMs), 1e3 * frames / computeMs};
}

base::Result<std::filesystem::path> StubProcess::program()
{
    constexpr const char* kName = "splitscope-stubs";
    std::error_code ec;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
    for (const auto& place : {folder / kName, folder.parent_path() / "libexec/splitscope" / kName})
        if (std::filesystem::exists(place, ec))
            return place;
    return base::Error{base::ErrorCode::NotFound,
                       "the program of the stubs is neither beside this one, where a build leaves it, nor in "
                       "../libexec/splitscope, where an installation has it; install splitscope-cli again",
                       (folder / kName).string()};
}

base::Result<std::unique_ptr<StubProcess>> StubProcess::start(int count, const std::filesystem::path& recording,
                                                              const std::string& edgeKey)
{
    const auto stubs = program();
    if (!stubs)
        return stubs.error();
    std::unique_ptr<StubProcess> process(new StubProcess);
    const std::vector<std::string> command{stubs->string(), std::to_string(count), recording.string(), edgeKey};
    process->m_thread = std::jthread([p = process.get(), command](const std::stop_token& stop) { p->run(command, stop); });
    std::unique_lock lock(process->m_mutex);
    const auto listening = [&] { return process->m_lines.size() == static_cast<std::size_t>(count) + 1; };
    process->m_changed.wait_for(lock, std::chrono::duration<double, std::milli>(kStartMs),
                                [&] { return listening() || process->m_over; });
    if (!listening())
        return process->m_ended ? base::Error{base::ErrorCode::Unreachable, "told no ports in time", stubs->string()}
                                : process->m_ended.error();
    return process;
}

std::string StubProcess::device(int stub) const { return "tcp://127.0.0.1:" + m_lines.at(static_cast<std::size_t>(stub) + 1); }

void StubProcess::run(const std::vector<std::string>& command, const std::stop_token& stop)
{
    base::ProcessOptions options;
    options.timeoutMs = 1e9;
    options.stop = stop;
    options.heard = [this](std::string_view text) {
        const std::lock_guard lock(m_mutex);
        m_partial += text;
        for (auto end = m_partial.find('\n'); end != std::string::npos; end = m_partial.find('\n')) {
            m_lines.push_back(m_partial.substr(0, end));
            m_partial.erase(0, end + 1);
        }
        m_changed.notify_all();
    };
    const auto ended = base::runProcess(command, options);
    const std::lock_guard lock(m_mutex);
    m_over = true;
    if (!ended)
        m_ended = ended.error();
    else if (!ended->ok())
        m_ended = base::Error{base::ErrorCode::Io, ended->errors, command.front()};
    m_changed.notify_all();
}

}  // namespace splitscope::app
