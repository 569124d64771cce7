// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/profiler.h"
#include "core/profile/timing_rounds_p.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace splitscope;
using namespace splitscope::profile;

namespace {

MachineState calm()
{
    return {.governor = std::nullopt, .clockHz = std::nullopt, .temperatureC = std::nullopt, .throttled = false};
}

/// Enough to run every way once; precision is not what is tested.
ProfilerOptions quick()
{
    ProfilerOptions options;
    options.relativeInterval = 10;
    options.leastSamples = 1;
    options.budgetSeconds = 30;
    options.actions.bits = {4, 8};
    options.readState = calm;
    return options;
}

std::unique_ptr<model::Executor> tinyExecutor()
{
    const auto spec = model::samples::tinySpec();
    auto executor = model::Executor::create(spec, model::samples::randomWeights(spec, 1));
    return executor.ok() ? std::move(*executor) : nullptr;
}

const model::samples::HalvesDataSet kImages(20, 1);

base::Result<ComputeProfile> measure(const ProfilerOptions& options, const ProfilerObserver& observer = {},
                                     const std::stop_token& stop = {})
{
    const auto executor = tinyExecutor();
    return measureProfile(*executor, "hash", kImages, options, stop, observer);
}

struct NoPixels : model::samples::HalvesDataSet {
    NoPixels() : HalvesDataSet(3, 1) {}
    base::Result<data::Image> image(std::size_t index) const override
    {
        return base::Error{base::ErrorCode::Io, "is damaged", "image " + std::to_string(index)};
    }
};

}  // namespace

class TestProfiler : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDistinctThingIsMeasuredAtEachBatch()
    {
        auto options = quick();
        options.batches = {3, 1, 3};
        options.coder = codec::EntropyCoder::HuffmanAdaptive;
        const auto p = measure(options);
        QVERIFY2(p.ok(), p.ok() ? "" : p.error().message().c_str());
        QCOMPARE(p->network, std::string("tiny"));
        QCOMPARE(p->modelHash, std::string("hash"));
        QVERIFY(p->measured());
        QVERIFY(p->coder == codec::EntropyCoder::HuffmanAdaptive);
        QVERIFY(p->backend == "plain" || p->backend == "onednn" || p->backend == "xnnpack");
        QVERIFY(p->machine.cores > 0);

        const auto spec = model::samples::tinySpec();
        QVERIFY(checkFits(spec, *p).ok());
        const decision::DecisionSpace space(spec, options.actions);
        QCOMPARE(p->layers.size(), std::size_t{2 * 8});  // 7 trunk layers and one of the head, each once
        for (int batch : {1, 3}) {
            for (const auto& decision : space.decisions()) {
                const auto& path = space.path(decision.exit);
                for (const auto& [first, last] :
                     {std::pair{0, decision.partition}, std::pair{decision.partition, path.length()}}) {
                    const auto ms = p->segmentMs(decision.exit, first, last, batch);
                    QVERIFY2(ms.ok(), ms.ok() ? "" : ms.error().message().c_str());
                    QVERIFY(*ms > 0 || first == last);
                }
                QVERIFY(p->encodeMs(space.cutName(decision), decision.coding, batch).ok());
                QVERIFY(p->decodeMs(space.cutName(decision), decision.coding, batch).ok());
            }
            QVERIFY(*p->captureMs("read", batch) > 0);
            QVERIFY(*p->captureMs("input", batch) > 0);
        }
        std::set<std::tuple<int, int, int, int>> segments;
        for (const auto& s : p->segments)
            segments.emplace(s.exit, s.first, s.last, s.batch);
        QCOMPARE(segments.size(), p->segments.size());  // the batch that was named twice is there once
        // Exit 1 has 5 distinct cuts, exit 2 (whose dropout makes no tensor) 7: prefixes, suffixes and the whole.
        QCOMPARE(segments.size(), std::size_t{2 * (3 + 3 + 1 + 5 + 5 + 1)});
        std::set<std::string> coded;
        for (const auto& c : p->codings)
            coded.insert(c.tensor);
        QCOMPARE(coded, (std::set<std::string>{"input", "conv1", "relu1", "pool1", "conv2", "relu2"}));
        QCOMPARE(p->codings.size(), std::size_t{2 * (5 * 2 + 5)});  // 5 tensors at 2 widths; raw, lossless, 3 × JPEG
    }

    void whatTheExecutorFusesIsSaid()
    {
        const auto executor = tinyExecutor();
        const auto p = measureProfile(*executor, "hash", kImages, quick(), {});
        QVERIFY(p.ok());
        const bool fuses = executor->fusesWithNext(2, 1);
        const auto& names = p->fusedWithNext;
        QCOMPARE(std::count(names.begin(), names.end(), "conv1"), fuses ? 1 : 0);
        QCOMPARE(std::count(names.begin(), names.end(), "fc3"), 0);  // nothing follows it
    }

    void sharedPrefixesAreMeasuredOnce()
    {
        const auto p = measure(quick());
        QVERIFY(p.ok());
        const auto prefix = [&](int exit) {
            return std::find_if(p->segments.begin(), p->segments.end(),
                                [&](const SegmentTime& s) { return s.exit == exit && s.first == 0 && s.last == 2; });
        };
        QVERIFY(prefix(1) != p->segments.end() && prefix(2) != p->segments.end());
        QCOMPARE(prefix(1)->time, prefix(2)->time);
    }

    void progressCountsUpToAll()
    {
        std::size_t done = 0, total = 0;
        bool backwards = false;
        const auto p = measure(quick(), [&](const ProfilerProgress& progress) {
            backwards = backwards || progress.done < done || progress.secondsLeft < 0 || progress.what.empty();
            done = progress.done;
            total = progress.total;
        });
        QVERIFY(p.ok());
        QVERIFY(!backwards);
        QVERIFY(total > 50);
        QCOMPARE(done, total);
    }

    void aStopEndsItAtOnce()
    {
        std::stop_source source;
        int told = 0;
        const auto p = measure(
            quick(),
            [&](const ProfilerProgress&) {
                ++told;
                source.request_stop();
            },
            source.get_token());
        QVERIFY(!p.ok());
        QCOMPARE(p.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(told, 1);
    }

    void theBudgetEndsIt()
    {
        auto options = quick();
        options.relativeInterval = 0;  // never reached
        options.leastSamples = 1'000'000;
        options.budgetSeconds = 0.01;
        const auto p = measure(options);
        QVERIFY(p.ok());
        QVERIFY(std::all_of(p->segments.begin(), p->segments.end(), [](const SegmentTime& s) { return s.time.samples >= 1; }));
    }

    void samplesOfASlowedMachineAreLeftOut()
    {
        auto options = quick();
        int asked = 0;
        options.leastSamples = 2;
        options.readState = [&] {
            auto state = calm();
            state.throttled = ++asked <= 3;  // before, at the first round's beginning and at its end
            return state;
        };
        const auto p = measure(options);
        QVERIFY2(p.ok(), p.ok() ? "" : p.error().message().c_str());
        QCOMPARE(p->before.throttled, std::optional(true));
        QCOMPARE(p->after.throttled, std::optional(false));
        int excluded = 0;
        for (const auto& layer : p->layers) {
            excluded += layer.time.excluded;
            QCOMPARE(layer.time.samples, 2);
        }
        QVERIFY(excluded > 0);
    }

    void aMachineThatIsAlwaysSlowedIsRefused()
    {
        auto options = quick();
        options.budgetSeconds = 0.05;
        options.readState = [] {
            auto state = calm();
            state.throttled = true;
            return state;
        };
        const auto p = measure(options);
        QVERIFY(!p.ok());
        QCOMPARE(p.error().code, base::ErrorCode::Refused);
        QVERIFY(p.error().text.find("slowed") != std::string::npos);
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("threads");
        QTest::addColumn<double>("budget");
        QTest::newRow("batch") << 0 << 1 << 1.0;
        QTest::newRow("threads") << 1 << 0 << 1.0;
        QTest::newRow("budget") << 1 << 1 << 0.0;
        QTest::newRow("no number") << 1 << 1 << std::numeric_limits<double>::quiet_NaN();
    }
    void nonsenseIsRefused()
    {
        QFETCH(int, batch);
        QFETCH(int, threads);
        QFETCH(double, budget);
        auto options = quick();
        options.batches = {1, batch};
        options.threads = threads;
        options.budgetSeconds = budget;
        const auto p = measure(options);
        QVERIFY(!p.ok());
        QCOMPARE(p.error().code, base::ErrorCode::InvalidInput);
    }

    void anImageThatCannotBeReadIsNamed()
    {
        const auto executor = tinyExecutor();
        const auto p = measureProfile(*executor, "hash", NoPixels(), quick(), {});
        QVERIFY(!p.ok());
        QCOMPARE(p.error().where, std::string("image 0"));
    }

    void shortThingsAreTimedSeveralCallsAtOnceInTurns()
    {
        std::size_t first = 0, second = 0, longestRun = 0, run = 0;
        bool lastWasFirst = false;
        const auto count = [&](bool isFirst, std::size_t& calls) {
            run = isFirst == lastWasFirst ? run + 1 : 1;
            longestRun = std::max(longestRun, run);
            lastWasFirst = isFirst;
            ++calls;
            return base::Status();
        };
        const std::vector<TimedThing> things{{"first", [&](std::size_t) { return count(true, first); }},
                                             {"second", [&](std::size_t) { return count(false, second); }}};
        auto options = quick();
        options.leastSamples = 100;
        const auto times = timeInTurns(things, options, {}, {});
        QVERIFY(times.ok());
        for (const auto& time : *times)
            QVERIFY(time.samples >= 100);
        QVERIFY(first > 1000 && second > 1000);  // far more calls than samples
        QVERIFY(longestRun < first / 4);  // turns, not one after the other
    }

    void callsTakeTurnsOverTheirInputs()
    {
        std::vector<std::size_t> calls;
        const std::vector<TimedThing> things{{"one", [&](std::size_t call) {
                                                  calls.push_back(call);
                                                  return base::Status();
                                              }}};
        QVERIFY(timeInTurns(things, quick(), {}, {}).ok());
        for (std::size_t i = 0; i < calls.size(); ++i)
            QCOMPARE(calls[i], i);
    }

    void aFailureSaysOfWhat()
    {
        const std::vector<TimedThing> things{{"layer x", [](std::size_t) {
                                                  return base::Status(base::Error{base::ErrorCode::Internal, "broke", "kernel"});
                                              }}};
        const auto times = timeInTurns(things, quick(), {}, {});
        QVERIFY(!times.ok());
        QCOMPARE(times.error().message(), std::string("layer x: kernel: broke"));
    }

    void segmentsAreReconciledWithTheirLayers()
    {
        const auto time = [](double ms) {
            Measurement m;
            m.p50Ms = ms;
            return m;
        };
        ComputeProfile p;
        p.layers = {{"conv1", 1, time(2)}, {"relu1", 1, time(1)}, {"pool1", 1, time(0.5)}, {"conv1", 2, time(3)}};
        p.segments = {{2, 0, 2, 1, time(2.25)}, {1, 0, 3, 1, time(3)}, {1, 0, 2, 1, time(2.25)}, {1, 0, 1, 2, time(3)},
                      {1, 1, 3, 1, time(1)},    {1, 0, 4, 1, time(9)}, {3, 0, 1, 1, time(1)},    {1, 0, 99, 1, time(1)}};
        const auto lines = reconcile(model::samples::tinySpec(), p);
        QCOMPARE(lines.size(), std::size_t{4});  // not those without their layers, nor those of no such exit
        QCOMPARE(lines[0].batch, 2);
        QCOMPARE(lines[0].layersMs, 3.0);
        QCOMPARE(lines[1].last, 2);
        QCOMPARE(lines[1].layersMs, 3.0);
        QCOMPARE(lines[1].segmentMs, 2.25);
        QCOMPARE(lines[2].last, 3);
        QCOMPARE(lines[2].layersMs, 3.5);
        QCOMPARE(lines[3].exit, 2);
    }
};

QTEST_APPLESS_MAIN(TestProfiler)
#include "tst_profiler.moc"
