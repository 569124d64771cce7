// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/device_profile.h"

#include "core/base/median.h"
#include "core/base/units.h"
#include "core/session/device_conversation.h"
#include "core/session/pending_requests.h"

#include <algorithm>

namespace splitscope::session {

using base::Error;
using base::ErrorCode;

namespace {

base::Result<ModelPackage> packageFor(const DeviceProfileOptions& options)
{
    Scenario scenario;
    scenario.model = options.model;
    scenario.weights = options.weights;
    scenario.data = options.data;
    scenario.coder = options.profiler.coder;
    scenario.codebook = options.codebook;
    scenario.actionSet = options.actionSet;
    return loadModelPackage(scenario);
}

wire::Profile request(const DeviceProfileOptions& options, const ModelPackage& package)
{
    wire::Profile wanted;
    wanted.modelHash = package.hash;
    wanted.codebookHash = package.codebookHash();
    wanted.data = options.data;
    wanted.split = options.split;
    wanted.actionSet = decision::withoutGates(options.actionSet);
    wanted.batches = options.profiler.batches;
    wanted.threads = options.profiler.threads;
    wanted.coder = options.profiler.coder;
    wanted.budgetSeconds = options.profiler.budgetSeconds;
    wanted.relativeInterval = options.profiler.relativeInterval;
    return wanted;
}

/// Puts the pieces of a result together; true when it is whole.
base::Result<bool> add(const wire::ProfileResult& piece, std::string& json)
{
    if (piece.offset != json.size())
        return Error{ErrorCode::Unreachable, "a part of the result was lost on the way; measure again", "profile"};
    json += piece.piece;
    return json.size() >= piece.totalBytes;
}

/// Listens until the result is whole. `id` names the measurement, which has been asked for.
base::Result<std::string> receive(DeviceConversation& talk, std::uint64_t id, const profile::ProfilerObserver& observer)
{
    if (const auto begun = talk.answerTo(id, "profile"); !begun)
        return begun.error();
    std::string json;
    for (;;) {
        const auto message = talk.next();
        if (!message)
            return message.error();
        if (const auto* failure = std::get_if<wire::Failure>(&message->body); failure && message->id == id)
            return toError(*failure);
        if (const auto* progress = std::get_if<wire::ProfileProgress>(&message->body); progress && progress->profile == id) {
            if (observer)
                observer({progress->done, progress->total, progress->what, progress->secondsLeft});
        } else if (const auto* piece = std::get_if<wire::ProfileResult>(&message->body); piece && piece->profile == id) {
            const auto whole = add(*piece, json);
            if (!whole)
                return whole.error();
            if (*whole)
                return json;
        }
    }
}

}  // namespace

base::Result<DeviceProfile> profileDevice(const DeviceProfileOptions& options, const std::stop_token& stop,
                                          const profile::ProfilerObserver& observer)
{
    const auto package = packageFor(options);
    if (!package)
        return package.error();
    auto talk = DeviceConversation::open(options.device, options.deviceKey, options.daemonProgram, stop);
    if (!talk)
        return talk.error();
    if (auto status = (*talk)->bringModel(*package); !status)
        return status.error();
    const auto id = (*talk)->tell(request(options, *package));
    if (!id)
        return id.error();
    const auto json = receive(**talk, *id, observer);
    if (!json) {
        if (json.error().code == ErrorCode::Cancelled && stop.stop_requested()) {
            (*talk)->ignoreStop();
            static_cast<void>((*talk)->ask("profile-cancel", wire::ProfileCancel{*id}));
        }
        return json.error();
    }
    auto profile = profile::parseComputeProfile(*json, "profile of " + options.device);
    if (!profile)
        return profile.error();
    if (auto status = checkFits(package->executor->spec(), *profile); !status)
        return status.error();
    if (profile->modelHash != package->hash)
        return Error{ErrorCode::Mismatch, "is of another model than was asked for", "profile of " + options.device};
    const auto roundTrips = (*talk)->roundTripsMs();
    return DeviceProfile{std::move(*profile), (*talk)->welcome().deviceName, base::upperMedian(roundTrips),
                         static_cast<int>(roundTrips.size())};
}

}  // namespace splitscope::session
