// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/edge_service.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/decision/decision.h"
#include "core/exec/gate_answers.h"
#include "core/model/executor.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace splitscope::exec {

namespace {

/// One request of a batch, on its way.
struct Passenger {
    EdgeService::Device device = 0;
    EdgeService::Client* client = nullptr;
    Suffix suffix;
    link::ArrivedRequest arrived;
    base::Tensor activation{};  ///< what it computes from, then its logits
    std::optional<std::uint64_t> early{};  ///< rows that the edge's gate answered
    int rows = 0;
    double decodeMs = 0;
    bool refused = false;
};

void refuse(Passenger& passenger, const base::Error& why)
{
    passenger.refused = true;
    passenger.client->refuse(passenger.arrived.request, why);
}

/// Who is computed.
bool rides(const Passenger& passenger) { return !passenger.refused && passenger.rows > 0; }

int rowsOf(const std::vector<Passenger>& batch)
{
    int rows = 0;
    for (const auto& passenger : batch)
        rows += rides(passenger) ? passenger.rows : 0;
    return rows;
}

/// Rows of all that were not refused, one behind the other.
base::Tensor joined(std::vector<Passenger>& batch)
{
    const auto rows = static_cast<std::size_t>(rowsOf(batch));
    base::Tensor all;
    for (auto& passenger : batch) {
        if (!rides(passenger))
            continue;
        if (all.batch == 0) {
            all = std::move(passenger.activation);
            all.values.reserve(rows * all.values.size() / static_cast<std::size_t>(passenger.rows));
        } else {
            all.batch += passenger.rows;
            all.values.insert(all.values.end(), passenger.activation.values.begin(), passenger.activation.values.end());
        }
        passenger.activation = {};
    }
    return all;
}

/// Each request's rows of the logits.
void split(const base::Tensor& logits, std::vector<Passenger>& batch)
{
    int row = 0;
    for (auto& passenger : batch) {
        if (!rides(passenger))
            continue;
        passenger.activation = base::Tensor(passenger.rows, logits.shape);
        for (int i = 0; i < passenger.rows; ++i)
            std::ranges::copy(logits.row(row++), passenger.activation.row(i).begin());
    }
}

/// The suffix with a gate on the way; each row by its own request's threshold.
base::Status runGatedSuffix(const base::Tensor& input, std::vector<Passenger>& batch)
{
    std::vector<decision::Gate> gates;
    for (const auto& passenger : batch)
        if (rides(passenger))
            gates.insert(gates.end(), static_cast<std::size_t>(passenger.rows), *passenger.arrived.request.decision.gate);
    const auto& suffix = batch.front().suffix;
    const auto answers = runGated(*suffix.network, suffix.exit, suffix.partition, gates, input);
    if (!answers)
        return answers.error();
    split(answers->logits, batch);
    std::size_t row = 0;
    for (auto& passenger : batch) {
        if (!rides(passenger))
            continue;
        passenger.early = earlyBits(answers->early, row, passenger.rows);
        row += static_cast<std::size_t>(passenger.rows);
    }
    return {};
}

base::Status runSuffix(std::vector<Passenger>& batch)
{
    const auto input = joined(batch);
    if (input.batch == 0)
        return {};
    const auto& suffix = batch.front().suffix;
    if (suffix.gateExit > 0)
        return runGatedSuffix(input, batch);
    const int length = decision::onDevice(suffix.network->spec(), suffix.exit).partition;
    const auto logits = suffix.network->run(suffix.exit, suffix.partition, length, input);
    if (!logits)
        return logits.error();
    split(*logits, batch);
    return {};
}

base::Error thrownBy(const std::exception& thrown) { return {base::ErrorCode::Internal, thrown.what(), "edge half"}; }

void open(Passenger& passenger)
{
    const auto beganNs = base::nowNs();
    try {
        auto opened = passenger.client->open(passenger.arrived);
        if (!opened)
            return refuse(passenger, opened.error());
        passenger.activation = std::move(*opened);
        passenger.rows = passenger.activation.batch;
        passenger.decodeMs = base::toMs(base::nowNs() - beganNs);
    } catch (const std::exception& thrown) {
        refuse(passenger, thrownBy(thrown));
    }
}

void answer(Passenger& passenger, const EdgeTimes& times)
{
    try {
        passenger.client->answer(passenger.arrived.request, times, {std::move(passenger.activation), passenger.early});
    } catch (const std::exception& thrown) {
        refuse(passenger, thrownBy(thrown));
    }
}

/// Decodes, computes and answers a batch of one suffix.
void serve(std::vector<Passenger>& batch)
{
    for (auto& passenger : batch)
        open(passenger);
    const auto decodedNs = base::nowNs();
    base::Status computed;
    try {
        computed = runSuffix(batch);
    } catch (const std::exception& thrown) {
        computed = thrownBy(thrown);
    }
    const double perRowMs = base::toMs(base::nowNs() - decodedNs) / std::max(1, rowsOf(batch));
    for (auto& passenger : batch) {
        if (passenger.refused)
            continue;
        EdgeTimes times;
        times.answerNs = base::nowNs();
        times.decodeMs = passenger.decodeMs;
        times.segmentMs = perRowMs * passenger.rows;
        const double sinceArrivalMs = base::toMs(times.answerNs - passenger.arrived.completeNs);
        times.queueMs = std::max(0.0, sinceArrivalMs - times.decodeMs - times.segmentMs);
        if (computed)
            answer(passenger, times);
        else
            refuse(passenger, computed.error());
    }
}

}  // namespace

struct EdgeService::Private {
    struct Member {
        Client* client = nullptr;
        EdgeDeviceStatistics told;
        std::uint64_t batchRows = 0;  ///< summed over its requests
    };

    explicit Private(const EdgeServiceOptions& with) : options(with), queue(static_cast<std::size_t>(std::max(1, with.mostRows)))
    {
    }
    void compute();
    std::vector<Passenger> takeBatch();
    void refuseCrowdedOut(std::unique_lock<std::mutex>& lock);
    void account(const std::vector<Passenger>& batch, double tookMs);

    const EdgeServiceOptions options;
    mutable std::mutex mutex;
    std::condition_variable changed;
    // Guarded by mutex:
    FairQueue queue;
    std::map<Device, Member> members;
    std::vector<std::pair<Device, wire::Request>> crowdedOut;  ///< to be refused on the service's thread
    EdgeServiceStatistics told;
    Device lastDevice = 0;
    std::vector<Device> serving;  ///< whose clients are being called
    bool stopping = false;

    std::jthread thread;  ///< last: it uses all of the above
};

EdgeService::EdgeService(const EdgeServiceOptions& options) : d(std::make_unique<Private>(options))
{
    d->told.batchesOfRows.resize(static_cast<std::size_t>(std::max(options.mostRows, wire::kMaxBatch)) + 1);
    d->thread = std::jthread([p = d.get()] { p->compute(); });
}

EdgeService::~EdgeService()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->changed.notify_all();
    d->thread.join();
}

EdgeService::Device EdgeService::join(Client& client, std::size_t mostWaiting)
{
    const std::lock_guard lock(d->mutex);
    const auto device = ++d->lastDevice;
    d->members[device].client = &client;
    d->queue.join(device, mostWaiting);
    return device;
}

void EdgeService::leave(Device device)
{
    std::unique_lock lock(d->mutex);
    d->queue.leave(device);
    std::erase_if(d->crowdedOut, [device](const auto& refused) { return refused.first == device; });
    d->members.erase(device);
    d->changed.wait(lock, [&] { return std::ranges::find(d->serving, device) == d->serving.end(); });
}

void EdgeService::submit(Device device, const Suffix& suffix, link::ArrivedRequest request)
{
    {
        const std::lock_guard lock(d->mutex);
        const auto member = d->members.find(device);
        if (member == d->members.end())
            return;
        if (auto oldest = d->queue.push({device, suffix, std::move(request)})) {
            ++member->second.told.crowdedOut;
            d->crowdedOut.emplace_back(device, std::move(oldest->request));
        }
    }
    d->changed.notify_all();
}

EdgeServiceStatistics EdgeService::statistics() const
{
    const std::lock_guard lock(d->mutex);
    return d->told;
}

EdgeDeviceStatistics EdgeService::statistics(Device device) const
{
    const std::lock_guard lock(d->mutex);
    const auto member = d->members.find(device);
    if (member == d->members.end())
        return {};
    auto told = member->second.told;
    told.waiting = d->queue.waiting(device);
    if (told.served > 0)
        told.meanBatchRows = static_cast<double>(member->second.batchRows) / static_cast<double>(told.served);
    return told;
}

// --- the service's thread ---

void EdgeService::Private::compute()
{
    base::nameThisThread("edge-half");
    model::Executor::setThreadCount(options.threads);
    std::unique_lock lock(mutex);
    for (;;) {
        changed.wait(lock, [this] { return stopping || !queue.empty() || !crowdedOut.empty(); });
        if (stopping)
            return;
        refuseCrowdedOut(lock);
        auto batch = takeBatch();
        if (batch.empty())
            continue;
        lock.unlock();
        const auto beganNs = base::nowNs();
        serve(batch);
        const double tookMs = base::toMs(base::nowNs() - beganNs);
        lock.lock();
        account(batch, tookMs);
        serving.clear();
        changed.notify_all();
    }
}

void EdgeService::Private::refuseCrowdedOut(std::unique_lock<std::mutex>& lock)
{
    while (!crowdedOut.empty()) {
        const auto [device, request] = std::move(crowdedOut.front());
        crowdedOut.erase(crowdedOut.begin());
        auto* client = members.at(device).client;
        serving = {device};
        lock.unlock();
        client->refuse(request,
                       {base::ErrorCode::Busy, "the edge is behind: too many requests of this device wait already", "request"});
        lock.lock();
        serving.clear();
        changed.notify_all();
    }
}

std::vector<Passenger> EdgeService::Private::takeBatch()
{
    std::vector<Passenger> batch;
    for (auto& waiting : queue.take()) {
        serving.push_back(waiting.device);
        batch.push_back({waiting.device, members.at(waiting.device).client, waiting.suffix, std::move(waiting.arrived)});
    }
    return batch;
}

/// Everybody pays for the rows that they brought; who was refused pays for one.
void EdgeService::Private::account(const std::vector<Passenger>& batch, double tookMs)
{
    std::size_t rows = 0, paying = 0;
    const auto pays = [](const Passenger& passenger) { return static_cast<std::size_t>(std::max(1, passenger.rows)); };
    for (const auto& passenger : batch) {
        rows += static_cast<std::size_t>(passenger.rows);
        paying += pays(passenger);
    }
    told.busyMs += tookMs;
    told.rows += rows;
    ++told.batchesOfRows[std::min(rows, told.batchesOfRows.size() - 1)];
    for (const auto& passenger : batch) {
        const double share = tookMs * static_cast<double>(pays(passenger)) / static_cast<double>(paying);
        queue.charge(passenger.device, share);
        const auto member = members.find(passenger.device);
        if (member == members.end())
            continue;  // it left meanwhile
        auto& [client, device, batchRows] = member->second;
        device.computeMs += share;
        if (passenger.refused)
            continue;
        ++told.requests;
        ++device.served;
        batchRows += rows;
        constexpr double kWeight = 0.1;
        const auto now = static_cast<double>(rows);
        device.recentBatchRows += (device.recentBatchRows > 0 ? kWeight : 1) * (now - device.recentBatchRows);
    }
}

}  // namespace splitscope::exec
