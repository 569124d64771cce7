// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli: everything the dashboard can do, without a screen.
#include "app/verbs/verbs.h"
#include "core/base/cpu.h"
#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/session/self_test.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace splitscope::app {

namespace {

constexpr SubVerb kVerbs[] = {
    {"run", "run an experiment: a network split between a device and this edge", runVerb},
    {"model", "train, check or describe a network", modelVerb},
    {"data", "fetch or describe a data set", dataVerb},
    {"profile", "measure or show how long a network takes on a machine", profileVerb},
    {"table", "measure or show what every decision costs and brings", tableVerb},
    {"codebook", "train or show what coders know of a network beforehand", codebookVerb},
    {"evaluate", "hold strategies against each other and the optimum, in the simulator", evaluateVerb},
    {"policy", "train a policy, or show what it decides", policyVerb},
    {"figures", "the paper's figures from this program's data, with its statements checked", figuresVerb},
    {"sweep", "many runs that differ in few fields, here or as a job array of Slurm", sweepVerb},
    {"reproduce", "the papers' experiments again, as one page with their statements checked", reproduceVerb},
    {"runs", "list, show, compare, export, report, tag or delete recorded runs", runsVerb},
    {"trace", "show, import or generate a bandwidth trace", traceVerb},
    {"device", "install, start, stop, upgrade, remove or pair with a device's daemon", deviceVerb},
    {"keys", "make, show or allow the keys that devices and edges know each other by", keysVerb},
    {"soak", "let things go wrong for a while, and check that the books balance and nothing grows", soakVerb},
    {"bench", "measure this program against baselines", benchVerb},
};

std::string listOf(const std::vector<SubVerb>& verbs)
{
    std::string text;
    for (const auto& verb : verbs) {
        std::string name = verb.name;
        name.resize(std::max<std::size_t>(name.size() + 2, 10), ' ');
        text += "  " + name + verb.about + "\n";
    }
    return text;
}

}  // namespace

int fail(const base::Error& error)
{
    std::fprintf(stderr, "splitscope-cli: %s\n", error.message().c_str());
    return kFailed;
}

int wrongUsage(const std::string& verb, const base::Error& error)
{
    std::fprintf(stderr, "splitscope-cli %s: %s\nTry: splitscope-cli %s --help\n", verb.c_str(), error.message().c_str(),
                 verb.c_str());
    return kWrongUsage;
}

std::optional<int> parseOrAnswer(Options& options, const std::string& verb, const std::vector<std::string>& arguments)
{
    if (const auto status = options.parse(arguments); !status)
        return wrongUsage(verb, status.error());
    if (!options.wantsHelp())
        return std::nullopt;
    std::fputs(options.help().c_str(), stdout);
    return kDone;
}

int chooseSubVerb(const std::string& verb, const char* about, const std::vector<SubVerb>& subVerbs,
                  const std::vector<std::string>& arguments, std::stop_token stop)
{
    const std::string full = verb.empty() ? "splitscope-cli" : "splitscope-cli " + verb;
    const auto list = listOf(subVerbs);
    if (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help")) {
        std::printf("Usage: %s VERB [options]\n\n%s\n\n%s\nEach verb explains itself with --help.\n", full.c_str(), about,
                    list.c_str());
        return kDone;
    }
    for (const auto& subVerb : subVerbs)
        if (!arguments.empty() && arguments[0] == subVerb.name)
            return subVerb.run({arguments.begin() + 1, arguments.end()}, stop);
    if (arguments.empty())
        std::fprintf(stderr, "%s: what shall be done? The verbs are\n%s", full.c_str(), list.c_str());
    else
        std::fprintf(stderr, "%s: there is no verb '%s'; the verbs are\n%s", full.c_str(), arguments[0].c_str(), list.c_str());
    return kWrongUsage;
}

}  // namespace splitscope::app

int main(int argc, char** argv)
{
    using namespace splitscope;
    base::chooseFastBlasKernels(argv);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments[0] == "--version") {
        std::printf("splitscope-cli %s\n", base::programVersion().c_str());
        return app::kDone;
    }
    const auto stop = base::stopOnSignals();
    if (!arguments.empty() && arguments[0] == "--self-test")
        return session::selfTestMain("splitscope-cli", {arguments.begin() + 1, arguments.end()}, stop);
    return app::chooseSubVerb("",
                              "Splits one neural network between a device and an edge, frame by frame. Exit status: 0 done,\n"
                              "1 failed, 2 wrong usage. `splitscope-cli --version` names the version, `--self-test [--json]`\n"
                              "finds out whether what is installed here works.",
                              {std::begin(app::kVerbs), std::end(app::kVerbs)}, arguments, stop);
}
