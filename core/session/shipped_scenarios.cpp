// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shipped_scenarios.h"

#include "core/base/files.h"

#include <algorithm>

namespace splitscope::session {

const std::vector<std::string>& shippedScenarioNames()
{
    static const std::vector<std::string> names{"first-look", "bandwidth-sweep", "paper-sweep",         "mobile-link",
                                                "outages",    "queue-pressure",  "sensitivity-small-s", "sensitivity-large-s"};
    return names;
}

std::filesystem::path shippedScenario(const std::string& name)
{
    const auto file = base::resourcePath("scenarios/" + name + ".json");
    return file ? *file : std::filesystem::path();
}

std::filesystem::path scenarioFile(const std::string& fileOrName)
{
    const auto& names = shippedScenarioNames();
    std::error_code ignored;
    if (std::filesystem::exists(fileOrName, ignored) || std::find(names.begin(), names.end(), fileOrName) == names.end())
        return fileOrName;
    const auto shipped = shippedScenario(fileOrName);
    return shipped.empty() ? std::filesystem::path(fileOrName) : shipped;
}

}  // namespace splitscope::session
