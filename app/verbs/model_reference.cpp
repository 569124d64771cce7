// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model check --reference
#include "app/verbs/model_reference.h"

#include "app/verbs/model_report.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/model/reference_logits.h"

#include <algorithm>
#include <cstdio>

namespace splitscope::app {

int checkReference(const model::NetworkSpec& spec, const model::Weights& weights, const std::filesystem::path& file, bool json)
{
    constexpr std::uintmax_t kLargestFile = 64 << 20;
    const auto bytes = base::readFile(file, kLargestFile);
    if (!bytes)
        return fail(bytes.error());
    const auto reference = model::parseReferenceLogits(spec, base::asText(*bytes), file.string());
    if (!reference)
        return fail(reference.error());
    const auto executor = model::Executor::create(spec, weights);
    if (!executor)
        return fail(executor.error());
    const auto differences = model::differencesFrom(*reference, **executor);
    if (!differences)
        return fail(differences.error());
    const bool equal = std::all_of(differences->begin(), differences->end(), model::isRounding);
    if (json) {
        QJsonArray exits;
        for (const auto& exit : *differences)
            exits << QJsonObject{{"exit", exit.exit},
                                 {"cuts", exit.cuts},
                                 {"largest_difference", exit.largest},
                                 {"largest_logit", exit.largestLogit}};
        printJson({{"model", QString::fromStdString(spec.name)},
                   {"frames", static_cast<qint64>(reference->frames.size())},
                   {"equal", equal},
                   {"exits", exits}});
    } else {
        std::printf("%s on %zu frames of %s\n", spec.name.c_str(), reference->frames.size(), file.c_str());
        for (const auto& exit : *differences)
            std::printf("  exit %d, split at %d cuts: logits differ by %.1e at most (the largest is %.1f)\n", exit.exit,
                        exit.cuts, exit.largest, exit.largestLogit);
    }
    if (equal)
        return kDone;
    return fail({base::ErrorCode::Mismatch,
                 "the logits are not the reference's, by more than rounding; were spec, weights and reference exported together?",
                 file.string()});
}

}  // namespace splitscope::app
