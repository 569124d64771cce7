// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/run_options.h"

#include "app/text_format.h"
#include "core/base/units.h"
#include "core/session/experiment_queue.h"
#include "core/strategy/strategy.h"

namespace splitscope::app {

namespace {

template <typename T, typename Parse>
std::function<base::Status(const std::string&)> into(T& target, Parse parse)
{
    return [&target, parse](const std::string& text) -> base::Status {
        const auto value = parse(text);
        if (!value)
            return value.error();
        target = *value;
        return {};
    };
}

base::Result<double> parseMs(const std::string& text) { return base::parseMilliseconds(text); }

void addWhatRuns(Options& options, RunOptions& run)
{
    auto& s = run.scenario;
    const auto listed = [](std::string& last, std::vector<std::string>& all) {
        return [&last, &all](const std::string& text) {
            last = text;
            all.push_back(text);
            return base::Status();
        };
    };
    options.custom("--device", "DEVICE",
                   "loopback (a daemon on this machine), or tcp://HOST:PORT; given several times: the same on all of\n"
                   "them at once",
                   listed(s.device, run.devices));
    options.custom("--device-key", "KEY",
                   "public key of a tcp device (else it is looked up among the known devices); of several devices one\n"
                   "for each, in their order",
                   listed(s.deviceKey, run.deviceKeys));
    options.text("--model", "NAME|FILE", "alexnet3, alexnet3-128, alexnet5, or a spec file", s.model);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", s.weights);
    options.custom("--energy", "FILE", "the device's numbers for its modelled energy, as JSON (default: assumed, see profile)",
                   into(s.energy, profile::loadEnergyProfile));
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images on the device", s.data);
    options.text("--split", "SPLIT", "train, holdout, table or evaluation", s.split);
    options.integer("--frames", "N", "frames to run", s.frames, 1, static_cast<long long>(wire::kMaxFrames));
    options.integer("--seed", "S", "order of the images", s.seed, 0, 1LL << 53);
    options.integer("--batch", "N", "frames in a request", s.batch, 1, wire::kMaxBatch);
    options.integer("--depth", "N", "requests in flight", s.depth, 1, wire::kMaxDepth);
}

std::string strategyHelp()
{
    std::string text = "who decides (default: fixed where a decision is given):";
    for (const auto& info : strategy::strategies())
        text += "\n" + info.name + ": " + info.text;
    return text;
}

/// What decisions are worth, and what learned and table-reading strategies read.
void addReward(Options& options, RunOptions& run)
{
    auto& s = run.scenario;
    auto& objective = s.objective;
    options.text("--cost-table", "FILE|none", "what decisions cost (default: the one shipped for the model and the data)",
                 s.costTable);
    options.flag("--correct-table", "strategies see the table's times corrected by what requests of late took", s.correctTable);
    options.text("--policy", "FILE", "for sacd, dqn, sacd-paper, boomerang and supervised (default: the shipped one)", s.policy);
    options.text("--shadow", "FILE", "a policy that decides silently, and takes over when its regret is lower", s.shadow);
    options.custom("--reward", "KIND", "paper (a·accuracy + b·speed, the default) or edgent (exp(accuracy) + frames/s)",
                   into(objective.kind, session::parseRewardKind));
    options.real("--s", "MB/S", "sensitivity: at which bandwidth accuracy begins to count (10)", objective.sensitivity, 1e-6,
                 1e6);
    options.real("--n", "N", "scale of accuracy's weight n·ln(1 + B/s); 0, the default: 1 at the greatest rate", objective.scale,
                 0, 1e6);
    options.real("--energy-limit", "J", "beyond so many joules a frame the reward is 0", objective.energyLimitJoules, 0, 1e9);
    options.custom("--deadline", "TIME", "of a request, e.g. 50ms: beyond it the reward is 0, and those that meet it are counted",
                   [&s](const std::string& text) -> base::Status {
                       const auto ms = base::parseMilliseconds(text);
                       if (!ms)
                           return ms.error();
                       s.deadlineMs = *ms;
                       s.objective.deadlineMs = *ms > 0 ? *ms : decision::kNoLimit;
                       return {};
                   });
    options.real("--accuracy-floor", "A", "decisions of less expected accuracy (0 to 1) are not taken", objective.accuracyFloor,
                 0, 1);
    options.integer("--first-cut", "P", "at least so many layers run on the device", objective.firstCut, 0, 1000);
    options.integer("--last-cut", "P", "at most so many layers run on the device, or all", objective.lastCut, 0, 1000);
}

void addDecisions(Options& options, RunOptions& run)
{
    auto& s = run.scenario;
    options.custom("--strategy", "NAME", strategyHelp(), [&run](const std::string& name) {
        run.scenario.strategy = name;
        run.strategyGiven = true;
        return base::Status();
    });
    const auto number = [&](const char* option, const char* argument, const char* help, int& target, int low, int high) {
        options.custom(option, argument, help, [&run, &target, option, low, high](const std::string& text) -> base::Status {
            const auto value = base::parseInteger(text, low, high, option);
            if (!value)
                return value.error();
            target = static_cast<int>(*value);
            run.decisionGiven = true;
            return {};
        });
    };
    number("--exit", "E", "exit point, from 1", s.decision.exit, 1, 100);
    number("--partition", "P", "partition point: the device runs layers 1 to P of the exit's path", s.decision.partition, 0,
           1000);
    const auto setCoding = [&run](const std::string& text) -> base::Status {
        const auto coding = codec::parseCoding(text);
        if (!coding)
            return coding.error();
        run.scenario.decision.coding = *coding;
        run.decisionGiven = run.codingGiven = true;
        return {};
    };
    options.custom("--bits", "C", "bit width of what is sent, 2 to 16", [setCoding](const std::string& text) -> base::Status {
        const auto bits = base::parseInteger(text, codec::kMinBits, codec::kMaxBits, "--bits");
        if (!bits)
            return bits.error();
        return setCoding(text);
    });
    options.custom("--coding", "CODING", "raw, lossless, jpeg:Q (partition 0), 2 to 16 (bits), float32, label", setCoding);
    options.custom("--coder", "CODER", codec::kEntropyCoderChoice + std::string("\n(default: that of the cost table)"),
                   into(s.coder, codec::parseEntropyCoder));
    options.custom("--codec", "CODER", "the same", into(s.coder, codec::parseEntropyCoder));
    options.text("--codebook", "FILE", "what huffman and context need (default: the one shipped for model and data)", s.codebook);
    options.integer("--jpeg-quality", "Q", "for on-edge-jpeg", s.jpegQuality, 1, 100);
    options.custom("--gate", "EXIT:H",
                   "frames whose entropy at that exit is below H nats are answered there, e.g. 1:0.5: by the device, or\n"
                   "by the edge where the exit branches off behind the cut",
                   [&run](const std::string& text) -> base::Status {
                       const auto gate = decision::parseGate(text);
                       if (!gate)
                           return gate.error();
                       run.scenario.decision.gate = *gate;
                       run.decisionGiven = true;
                       return {};
                   });
    options.text("--action-set", "SET",
                 "what strategies choose from: standard, paper, verification, or bits:4,8; each with gates\n"
                 "behind it as +gates or +gates:0.1,0.5 (nats), +edge-gates likewise, or both",
                 s.actionSet);
    options.integer("--dwell", "N", "cycle: requests per decision", s.dwell, 1, 1'000'000);
    options.real("--accuracy-loss", "SHARE",
                 "jalad, ko-lossy, branchynet, branchynet-edge, spinn: the most that may be lost (0.01: one point)",
                 s.accuracyLoss, 0, 1);
}

/// With line breaks between words.
std::string wrapped(const std::string& text)
{
    constexpr std::size_t kWidth = 96;
    std::string lines;
    std::size_t length = 0;
    for (const auto& word : separated(text, ' ')) {
        const bool fits = length + word.size() < kWidth;
        lines += (length == 0 ? "" : fits ? " " : "\n") + word;
        length = fits ? length + word.size() + 1 : word.size() + 1;
    }
    return lines;
}

std::string faultHelp()
{
    std::string text = "lets something go wrong as soon as a frame has begun; may be given several times:";
    for (const auto& info : session::faults()) {
        const auto usual = toString(session::usualFault(info.kind));  // "stall:1000ms"
        text += "\n" + wrapped(usual + ": " + info.text);
    }
    return text;
}

void addCircumstances(Options& options, RunOptions& run)
{
    auto& s = run.scenario;
    options.text("--bandwidth", "RATE",
                 "uplink: 2MB/s, unlimited, preset:cat1|3g|4g|wifi, trace:FILE,\n"
                 "sweep:10KB/s..10MB/s, step:1MB/s,100KB/s, markov, walk or outage",
                 s.bandwidth);
    options.custom("--delay", "TIME", "added to every message of the device, e.g. 10ms", into(s.shaping.delayMs, parseMs));
    options.custom("--jitter", "TIME", "the added delay varies by up to so much either way", into(s.shaping.jitterMs, parseMs));
    options.real("--burst", "BYTES", "what the uplink's token bucket holds", s.shaping.burstBytes, 64, 1e9);
    options.custom("--shape-by", "WHO", "user (the daemon, default) or kernel (tc; the daemon needs CAP_NET_ADMIN)",
                   into(s.shaping.by, session::parseShapedBy));
    bool& probe = s.probe;
    options.custom("--probe", "on|off", "measures the uplink with filler where frames do not tell its rate (on)",
                   [&probe](const std::string& text) -> base::Status {
                       if (text != "on" && text != "off")
                           return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is neither on nor off", "--probe"};
                       probe = text == "on";
                       return {};
                   });
    options.real("--slowdown", "FACTOR", "makes the device this many times slower", s.slowdown, 1, 1000);
    options.custom("--slowdown-by", "HOW", "waiting (default) or work", into(s.slowdownBy, session::parseSlowdownBy));
    options.custom("--interval", "TIME", "start of one request to the start of the next, at least",
                   into(s.minIntervalMs, parseMs));
    options.custom("--failover", "TIME", "the device finishes alone when the edge is silent for this long, at least (200ms)",
                   into(s.minFailoverMs, parseMs));
    options.custom("--fault", "KIND@FRAME[:TIME]", faultHelp(), [&s](const std::string& text) -> base::Status {
        const auto fault = session::parseFault(text);
        if (!fault)
            return fault.error();
        s.faults.push_back(*fault);
        return {};
    });
    options.integer("--threads", "N", "of the device's half", s.deviceThreads, 1, 64);
    options.integer("--edge-threads", "N", "of the edge's half", s.edgeThreads, 1, 64);
}

void addFiles(Options& options, RunOptions& run)
{
    constexpr std::size_t kMostFiles = 1000;
    options.positional("FILE…",
                       "scenarios (JSON), or shipped ones by name (first-look, …), run one after the other;\n"
                       "the options change each of them",
                       run.files, kMostFiles);
    options.text("--scenario", "FILE", "the same, for one", run.scenarioFile);
    options.flag("--together", "runs the scenarios at once, each with its own device, strategy and link, on this one edge",
                 run.together);
    options.integer("--repeat", "N", "runs each scenario N times, with the seeds seed, seed+1, …", run.repeats, 1,
                    session::ExperimentQueue::kMostRepeats);
    options.flag("--resume",
                 "goes on with a run whose process was killed, where it stood; FILE is the run's number then (none: the\n"
                 "latest), and --out the records that hold it (none: the dashboard's)",
                 run.resume);
    options.flag("--demonstration", "the scenario of a first run: a slow device behind a 4G uplink, all decisions in turn",
                 run.demonstration);
    options.flag("--two-hosts",
                 "daemon and edge on hosts of their own: two network namespaces of this machine, between which the\n"
                 "kernel shapes (root)",
                 run.twoHosts);
    options.path("--save-scenario", "FILE", "writes the scenario and ends without running it", run.saveScenario);
    options.path("--out", "DIR",
                 "keeps records.sqlite, frames.csv and scenario.json there; of several runs, frames-NAME-SEED.csv\n"
                 "and scenario-NAME.json",
                 run.out);
    options.flag("--json", "prints the summary as one JSON object; of several runs, one a line with its scenario and seed",
                 run.json);
}

}  // namespace

Options runOptions(RunOptions& run)
{
    Options options("run [FILE…] [options]", "Runs experiments: a network split between a device and this edge, frame by frame.");
    addWhatRuns(options, run);
    addDecisions(options, run);
    addReward(options, run);
    addCircumstances(options, run);
    addFiles(options, run);
    return options;
}

}  // namespace splitscope::app
