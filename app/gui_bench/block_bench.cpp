// SPDX-License-Identifier: GPL-3.0-or-later
// How long the GUI's thread is away from its event loop, while a user does one thing after the other.
#include "app/gui_bench/gui_bench.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "ui/bridge/chart_exporter.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/bridge/replay_source.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/live_page.h"
#include "ui/pages/optimizer_page.h"
#include "ui/pages/profile_page.h"
#include "ui/tools/event_loop_watch.h"
#include "ui/widgets/replay_bar.h"

#include <QCoreApplication>
#include <QSpinBox>

#include <algorithm>
#include <cstdio>

namespace splitscope::app {

namespace {

constexpr double kPatienceMs = 120'000;

/// Does things in a dashboard, with the event loop turning in between.
class User {
public:
    User(const session::RunKey& run, BenchReport& report)
        : m_run(run), m_report(report), m_folder(run.records.parent_path()),
          m_dashboard(std::make_unique<Dashboard>(ui::MainWindowOptions{scenario(), m_folder / "live", {}, m_folder}))
    {
        m_watch.begin(QStringLiteral("show the window"));
        window().resize(1440, 900);
        window().show();
        until([] { return false; }, kSettleMs);
    }

    void runAnExperiment()
    {
        m_watch.begin(QStringLiteral("start an experiment"));
        window().startExperiment();
        until([this] { return store().size() > 10; });
        m_watch.begin(QStringLiteral("an experiment runs"));
        until([] { return false; }, kLookMs);
        m_watch.begin(QStringLiteral("stop an experiment"));
        window().stopExperiment();
        until([this] { return !m_dashboard->bridge().active(); });
    }
    void visitPages()
    {
        m_watch.begin(QStringLiteral("show each page"));
        for (int page = 0; page < window().pageCount(); ++page) {
            window().showPage(page);
            until([this] { return !busy(); });
        }
    }
    void compare()
    {
        ui::ComparePage& page = window().comparePage();
        window().showPage(window().pageOf(page));
        m_watch.begin(QStringLiteral("list runs"));
        page.reload();
        until([&] { return !page.busy(); });
        m_watch.begin(QStringLiteral("compare a long run"));
        const auto start = base::nowNs();
        page.model().setChecked(m_run, true);
        until([&] { return !page.busy(); });
        m_report.add("compare_long_run_s", secondsSince(start));
        m_watch.begin(QStringLiteral("paint the comparison"));
        until([] { return false; }, kSettleMs);
        m_watch.begin(QStringLiteral("export a figure"));
        page.startExport(file("figure.pdf"));
        until([&] { return !page.busy(); });
    }
    void replay()
    {
        constexpr double kGoalOpen = 1;
        m_watch.begin(QStringLiteral("open a long run"));
        auto start = base::nowNs();
        window().openReplay(m_run);
        until([this] { return window().replay().isOpen(); });
        m_report.add("open_long_run_s", secondsSince(start), Goal{kGoalOpen, true});
        m_watch.begin(QStringLiteral("jump to its end"));
        start = base::nowNs();
        window().replay().play(false);
        window().replay().seek(window().replay().duration());
        until([this] { return window().replay().caughtUp(); });
        m_report.add("jump_to_end_s", secondsSince(start));
        m_watch.begin(QStringLiteral("show all of it"));
        window().livePage().timeView().showAll();
        until([] { return false; }, kSettleMs);
        exportChartValues();
        m_watch.begin(QStringLiteral("close it"));
        window().replay().close();
        until([] { return false; }, kSettleMs);
    }
    void profile()
    {
        ui::ProfilePage& page = window().profilePage();
        window().showPage(window().pageOf(page));
        m_watch.begin(QStringLiteral("open a cost table"));
        if (const auto table = base::resourcePath("models/alexnet3/patterns.costs.json.zst"))
            page.open(QString::fromStdString(table->string()));
        until([&] { return !page.busy(); });
    }
    void train()
    {
        ui::OptimizerPage& page = window().optimizerPage();
        window().showPage(window().pageOf(page));
        until([&] { return !page.busy(); });
        m_watch.begin(QStringLiteral("train a policy"));
        constexpr int kUpdates = 200;
        page.updates()->setValue(kUpdates);
        page.train();
        until([&] { return !page.busy(); });
    }
    void leave()
    {
        const auto start = base::nowNs();
        window().close();
        m_dashboard.reset();
        m_report.add("close_ms", base::toMs(base::nowNs() - start));
    }
    void tell()
    {
        double longest = 0;
        std::string lines;
        for (const auto& cause : m_watch.causes()) {
            longest = std::max(longest, cause.longestMs);
            std::string metric = "block_" + cause.name.toStdString() + "_ms";
            std::replace(metric.begin(), metric.end(), ' ', '_');
            m_report.add(metric, cause.longestMs, Goal{ui::EventLoopWatch::kLongestAllowedMs, true});
        }
        m_report.add("block_longest_ms", longest);
    }

private:
    static constexpr double kSettleMs = 500, kLookMs = 3000;

    static session::Scenario scenario()
    {
        session::Scenario scenario = session::Scenario::demonstration();
        scenario.frames = 100'000;
        return scenario;
    }
    ui::MainWindow& window() { return m_dashboard->window(); }
    const ui::SampleStore& store() { return window().livePage().charts().front()->store(); }
    bool busy() { return window().comparePage().busy() || window().profilePage().busy() || window().optimizerPage().busy(); }
    static double secondsSince(std::int64_t start) { return base::toMs(base::nowNs() - start) / 1000; }

    void until(const std::function<bool()>& done, double patienceMs = kPatienceMs)
    {
        const auto start = base::nowNs();
        while (!done()) {
            if (base::toMs(base::nowNs() - start) > patienceMs) {
                if (patienceMs >= kPatienceMs)
                    m_report.note("waited in vain after: " + m_watch.causes().back().name.toStdString());
                return;
            }
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        }
    }
    void exportChartValues()
    {
        constexpr double kGoalExport = 3;
        m_watch.begin(QStringLiteral("export all values of a chart"));
        const auto start = base::nowNs();
        const auto& charts = window().livePage().charts();
        window().exporter().start({charts.front()}, file("chart.csv"), {});
        until([this] { return !window().exporter().active(); });
        m_report.add("export_chart_csv_s", secondsSince(start), Goal{kGoalExport, true});
        m_watch.begin(QStringLiteral("export all charts as PNG"));
        window().exporter().start({charts.begin(), charts.end()}, file("charts.png"), {});
        until([this] { return !window().exporter().active(); });
    }
    [[nodiscard]] QString file(const char* name) const { return QString::fromStdString((m_folder / name).string()); }

    const session::RunKey m_run;
    BenchReport& m_report;
    const std::filesystem::path m_folder;
    std::unique_ptr<Dashboard> m_dashboard;
    ui::EventLoopWatch m_watch;  ///< from the finished window on; what comes before is the start's time
};

}  // namespace

void benchBlocks(const session::RunKey& longRun, BenchReport& report)
{
    User user(longRun, report);
    user.visitPages();
    user.runAnExperiment();
    user.compare();
    user.replay();
    user.profile();
    user.train();
    user.leave();
    user.tell();
    report.note("block_…: the longest that the GUI's thread did not come back to its event loop meanwhile");
}

int runGuiBench(const std::filesystem::path& library, std::size_t samples, const std::filesystem::path& json)
{
    BenchReport report("ui");
    benchFrames(samples, report);
    benchBlocks({library / "records.sqlite", 1}, report);
    const std::string text = report.toJson();
    if (const auto written = base::writeFileAtomically(json, base::asBytes(text)); !written) {
        std::fprintf(stderr, "splitscope: %s\n", written.error().message().c_str());
        return 1;
    }
    return 0;
}

}  // namespace splitscope::app
