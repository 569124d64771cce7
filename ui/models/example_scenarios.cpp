// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/example_scenarios.h"

#include "core/session/shipped_scenarios.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace splitscope::ui {

namespace {

struct Entry {
    const char* name;
    const char* title;
    const char* about;
};
constexpr Entry kEntries[] = {
    {"first-look", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "First look"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "A device eight times slower than this machine behind a 4G uplink; each request gets the best decision.")},
    {"bandwidth-sweep", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "Bandwidth from 0.1 to 10 MB/s"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "The uplink rises step by step: cuts move towards the edge, exits towards the last.")},
    {"paper-sweep", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "The paper's sweep, by SAC-d"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "The same bandwidths with CIFAR-10's images, which must be there, and the trained policy.")},
    {"mobile-link", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "A mobile link"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "Rates that wander around 4G's mean, with delay, jitter and a deadline.")},
    {"outages", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "Outages"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "The link fails for seconds: the device finishes frames by itself, and goes on when it is back.")},
    {"queue-pressure", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "Queue pressure"),
     QT_TRANSLATE_NOOP(
         "splitscope::ui::ExampleScenarios",
         "Frames come faster than they can be sent: the time waited counts, and decisions mind what waits behind.")},
    {"sensitivity-small-s", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "Sensitivity: small s"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios",
                       "s = 0.1 MB/s: accuracy counts as soon as there is a little bandwidth. Compare it with the large s.")},
    {"sensitivity-large-s", QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "Sensitivity: large s"),
     QT_TRANSLATE_NOOP("splitscope::ui::ExampleScenarios", "s = 10 MB/s: speed counts most, however fast the link is.")},
};

QString tr(const char* text) { return QCoreApplication::translate("splitscope::ui::ExampleScenarios", text); }

}  // namespace

QList<ExampleScenario> exampleScenarios()
{
    QList<ExampleScenario> all;
    for (const auto& name : session::shippedScenarioNames()) {
        const auto file = session::shippedScenario(name);
        const auto* entry
            = std::find_if(std::begin(kEntries), std::end(kEntries), [&](const Entry& one) { return name == one.name; });
        if (!file.empty() && entry != std::end(kEntries))
            all.append({tr(entry->title), tr(entry->about), QString::fromStdString(file.string())});
    }
    return all;
}

}  // namespace splitscope::ui
