// SPDX-License-Identifier: GPL-3.0-or-later
// What the device's half does when an answer arrives, on the link's thread.
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/exec/device_runtime_p.h"

#include <algorithm>

namespace splitscope::exec {

void DeviceRuntime::Private::adopt(const decision::Decision& next)
{
    if (auto status = decision::check(executor->spec(), next); !status) {
        base::logError("device", status.error());
        return;
    }
    decision = next;
    requestsSinceDecision = 0;
    ++decisionNumber;
}

std::string DeviceRuntime::Private::complaintAbout(const wire::Reply& reply, const wire::FrameRecord& record) const
{
    if (reply.labels.size() != static_cast<std::size_t>(record.goingOn()))
        return "the edge answered " + std::to_string(reply.labels.size()) + " labels for " + std::to_string(record.goingOn())
            + " frames";
    if (decision::gatedOnEdge(executor->spec(), record.decision) && !reply.answeredEarly)
        return "the edge did not say which frames its gate answered";
    const int classes = executor->spec().classes;
    for (int label : reply.labels)
        if (label < 0 || label >= classes)
            return "the edge answered label " + std::to_string(label) + " of " + std::to_string(classes) + " classes";
    return {};
}

void DeviceRuntime::Private::onLateReply(const wire::Reply& reply, std::int64_t receivedNs)
{
    if (labelsSentNs.erase(reply.firstFrame) > 0)
        return;  // brought the next decision, nothing else was asked
    const auto late = givenUp.find(reply.firstFrame);
    if (late != givenUp.end()) {
        const auto times = fillRemoteStages(late->second, reply, receivedNs);
        if (times.credible)
            predictor.observe(late->second.record.wireBytes, times.transferMs, times.edgeMs);
        givenUp.erase(late);
    }
    journal->countDiscarded();
}

void DeviceRuntime::Private::onReply(const wire::Reply& reply, std::int64_t receivedNs)
{
    if (reply.run != run.run)
        return;
    bool finished = false;
    {
        const std::lock_guard lock(mutex);
        if (reply.next)
            adopt(*reply.next);
        inFlight.signOfLife(reply.firstFrame, receivedNs);
        if (auto* pending = inFlight.find(reply.firstFrame); !pending) {
            onLateReply(reply, receivedNs);
        } else if (auto complaint = complaintAbout(reply, pending->record); !complaint.empty()) {
            inFlight.fail(reply.firstFrame, complaint);
        } else {
            auto done = inFlight.take(reply.firstFrame);
            const auto times = fillRemoteStages(*done, reply, receivedNs);
            if (times.credible)
                predictor.observe(done->record.wireBytes, times.transferMs, times.edgeMs);
            done->record.stages.total = base::toMs(receivedNs - done->capturedNs);
            const bool hasLogits = run.recordLogits
                && reply.logits.size() == reply.labels.size() * static_cast<std::size_t>(executor->spec().classes);
            answerRest(reply.labels, hasLogits ? reply.logits : std::vector<float>(), done->record);
            if (reply.answeredEarly && decision::gatedOnEdge(executor->spec(), done->record.decision))
                done->record.answeredEarly = reply.answeredEarly;
            // Still locked: the compute thread must not see an idle run whose last record is not in the books yet.
            finished = journal->add(std::move(done->record));
        }
    }
    happened.notify_all();
    if (finished)
        uplink.changed();
}

}  // namespace splitscope::exec
