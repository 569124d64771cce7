// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/episodes.h"

#include "core/sim/trace_import.h"
#include "core/sim/trace_statistics.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <set>

using namespace splitscope;
using namespace splitscope::sim;

namespace {

const RateRange kRates{1e4, 1e6};

EpisodeOptions options(TraceUse use, std::uint64_t seed = 1, int count = 8)
{
    return {.use = use, .rates = kRates, .seed = seed, .count = count};
}

/// Of a source that there is.
std::vector<Trace> made(const char* source, const EpisodeOptions& how)
{
    auto traces = episodeTraces(source, how);
    return traces ? *std::move(traces) : std::vector<Trace>();
}

void writeTrace(const std::filesystem::path& file, double rate)
{
    std::ofstream(file) << "ms,bytes_per_second\n0," << rate << "\n5000," << 2 * rate << "\n10000,\n";
}

}  // namespace

class TestEpisodes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tracesLieWithinTheRange_data()
    {
        QTest::addColumn<QString>("source");
        for (const auto& name : episodeSources())
            if (name != "real")
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void tracesLieWithinTheRange()
    {
        QFETCH(QString, source);
        for (const auto use : {TraceUse::Training, TraceUse::Evaluation}) {
            const auto traces = episodeTraces(source.toStdString(), options(use, 3, 12));
            QVERIFY2(traces.ok(), traces.ok() ? "" : traces.error().message().c_str());
            QCOMPARE(traces->size(), std::size_t{12});
            for (const auto& trace : *traces) {
                QVERIFY(!trace.name().empty());
                const auto statistics = statisticsOf(trace);
                QVERIFY(statistics.max <= kRates.high);
                QVERIFY(statistics.outageShare > 0 || statistics.min >= kRates.low);
            }
        }
    }

    void theWholeRangeOccurs()
    {
        for (const char* source : {"constant", "walk", "markov", "sweep", "step", "mixed"}) {
            double least = 1e12, most = 0;
            for (const auto& trace : made(source, options(TraceUse::Training, 1, 40)))
                for (const auto& point : trace.points()) {
                    least = std::min(least, point.bytesPerSecond > 0 ? point.bytesPerSecond : least);
                    most = std::max(most, point.bytesPerSecond);
                }
            QVERIFY2(least < 2 * kRates.low && most > kRates.high / 2, source);
        }
    }

    void trainingAndEvaluationShareNoTrace()
    {
        for (const char* source : {"constant", "walk", "markov", "outage", "step"}) {
            std::vector<std::vector<RatePoint>> seen;
            for (std::uint64_t seed = 0; seed < 5; ++seed)
                for (const auto use : {TraceUse::Training, TraceUse::Evaluation})
                    for (const auto& trace : made(source, options(use, seed)))
                        seen.push_back(trace.points());
            for (std::size_t i = 0; i < seen.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY2(seen[i] != seen[j], source);
        }
    }

    void theSameOptionsGiveTheSameTraces()
    {
        for (const char* source : {"mixed", "walk"})
            QVERIFY(!made(source, options(TraceUse::Training)).empty()
                    && made(source, options(TraceUse::Training)) == made(source, options(TraceUse::Training)));
    }

    void recordedFilesAreSplitByTheirNamesAndScaled()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        std::filesystem::create_directories(root / "a/b");
        for (int i = 0; i < 40; ++i)
            writeTrace(root / (i % 2 == 0 ? "a" : "a/b") / ("trace_" + std::to_string(i) + ".csv"), 1e3 * (i + 1));
        std::ofstream(root / "README.md") << "not a trace\n";
        const auto training = recordedTraceFiles(root, TraceUse::Training);
        const auto evaluation = recordedTraceFiles(root, TraceUse::Evaluation);
        QCOMPARE(training.size() + evaluation.size(), std::size_t{40});
        QVERIFY(evaluation.size() >= 2 && evaluation.size() <= 16);
        for (const auto& file : evaluation) {
            QVERIFY(useOf(file) == TraceUse::Evaluation);
            QVERIFY(useOf(std::filesystem::path("/elsewhere") / file.filename()) == TraceUse::Evaluation);
        }
        qputenv("SPLITSCOPE_TRACES", folder.path().toUtf8());
        const auto traces = episodeTraces("real", options(TraceUse::Training, 1, 50));
        qunsetenv("SPLITSCOPE_TRACES");
        QVERIFY2(traces.ok(), traces.ok() ? "" : traces.error().message().c_str());
        QCOMPARE(traces->size(), std::size_t{50});
        std::set<std::string> names;
        for (const auto& trace : *traces) {
            names.insert(trace.name());
            const double share = std::log(statisticsOf(trace).mean / kRates.low) / std::log(kRates.high / kRates.low);
            QVERIFY(share > 0.2 && share < 0.8);
        }
        QCOMPARE(names.size(), training.size());
    }

    void outagesStayWhenATraceIsFitted()
    {
        const auto trace = *Trace::create("t", {{0, 0}, {1000, 100}, {2000, 300}}, 3000, true);
        const auto made = fitted(trace, 4000, 5000);
        QVERIFY(made.ok());
        QCOMPARE(made->points()[0].bytesPerSecond, 0.0);
        QCOMPARE(made->points()[1].bytesPerSecond, 2000.0);
        QCOMPARE(made->points()[2].bytesPerSecond, 5000.0);
        QVERIFY(!fitted(Trace::constant(0), 1000, 2000).ok());
    }

    void whatCannotBeMadeIsAnError()
    {
        const auto unknown = episodeTraces("tide", options(TraceUse::Training));
        QVERIFY(!unknown);
        QVERIFY(unknown.error().text.find("markov") != std::string::npos);
        auto wrong = options(TraceUse::Training);
        wrong.rates = {1e6, 1e4};
        QVERIFY(!episodeTraces("walk", wrong));
        wrong = options(TraceUse::Training);
        wrong.count = 0;
        QVERIFY(!episodeTraces("walk", wrong));
        QTemporaryDir folder;
        qputenv("SPLITSCOPE_TRACES", folder.path().toUtf8());
        const auto none = episodeTraces("real", options(TraceUse::Training));
        qunsetenv("SPLITSCOPE_TRACES");
        QVERIFY(!none);
        QVERIFY(none.error().code == base::ErrorCode::NotFound);
    }
};

QTEST_APPLESS_MAIN(TestEpisodes)
#include "tst_episodes.moc"
