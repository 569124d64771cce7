// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/subject.h"

#include "core/session/model_package.h"

namespace splitscope::app {

base::Result<Subject> openSubject(const model::NetworkSpec& spec, const std::string& data, const std::string& weights,
                                  data::Split split)
{
    const auto found = session::findWeights(spec.name, data, weights);
    if (!found)
        return found.error();
    auto images = data::openDataSet(data, model::frameSize(spec), split);
    if (!images)
        return images.error();
    auto executor = model::Executor::create(spec, *found);
    if (!executor)
        return executor.error();
    return Subject{*std::move(executor), model::modelHash(spec, *found), *std::move(images)};
}

}  // namespace splitscope::app
