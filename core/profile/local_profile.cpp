// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/local_profile.h"

namespace splitscope::profile {

base::Result<LocalProfile> measureHere(const model::NetworkSpec& spec, const model::Weights& weights, const std::string& data,
                                       const ProfilerOptions& options, std::stop_token stop, const ProfilerObserver& observer)
{
    const auto size = model::frameSize(spec);
    auto images = data::openDataSet(data, size, data::Split::Table);
    const bool generated = !images;
    if (generated)
        images = data::openDataSet("patterns", size, data::Split::Table);
    if (!images)
        return images.error();
    const auto executor = model::Executor::create(spec, weights);
    if (!executor)
        return executor.error();
    auto measured = measureProfile(**executor, model::modelHash(spec, weights), **images, options, std::move(stop), observer);
    if (!measured)
        return measured.error();
    return LocalProfile{*std::move(measured), generated};
}

}  // namespace splitscope::profile
