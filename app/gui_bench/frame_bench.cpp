// SPDX-License-Identifier: GPL-3.0-or-later
// What a frame of the Live page costs.
#include "app/bench/bench_samples.h"
#include "app/gui_bench/gui_bench.h"
#include "core/base/clock.h"
#include "core/base/ring_buffer.h"
#include "ui/pages/live_page.h"

#include <QCoreApplication>

#include <cmath>
#include <ctime>

namespace splitscope::app {

namespace {

constexpr QSize kPlotSize(1200, 800);
constexpr int kFrames = 1000, kWarmUp = 30;
constexpr int kSamplesAFrame = 8;  // 240 a second
constexpr double kGoalMs = 4;
constexpr std::size_t kNaiveSamples = 10'000;
constexpr int kNaiveSeries = 20, kNaiveFrames = 5;

struct Cost {
    double ms = 0, cpuMs = 0;  ///< what others on the machine do counts in the first alone
};

/// Of this thread.
double cpuMs()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

template <typename Work>
Cost costOf(const Work& work)
{
    const auto start = base::nowNs();
    const double cpuStart = cpuMs();
    work();
    return {base::toMs(base::nowNs() - start), cpuMs() - cpuStart};
}

/// The page over a store that goes on growing.
class Frames {
public:
    explicit Frames(std::size_t samples) : m_page(m_store)
    {
        m_page.resize(kPlotSize);
        m_page.show();
        for (std::size_t i = 0; i < samples; ++i)
            m_store.append(benchSample(m_frame++, m_random));
        QCoreApplication::processEvents();
    }
    [[nodiscard]] ui::TimeView& view() { return m_page.timeView(); }
    [[nodiscard]] const ui::SampleStore& store() const { return m_store; }

    /// From the ring to the pixels.
    Cost draw()
    {
        for (int i = 0; i < kSamplesAFrame; ++i)
            m_ring.push(benchSample(m_frame++, m_random));
        return costOf([this] {
            std::vector<session::Sample> samples;
            while (auto sample = m_ring.pop())
                samples.push_back(std::move(*sample));
            m_page.addSamples(samples);
            m_page.refresh();
        });
    }
    Cost hover(double seconds)
    {
        return costOf([this, seconds] {
            view().setHover(seconds);
            QCoreApplication::sendPostedEvents(&m_page, QEvent::UpdateRequest);
        });
    }

private:
    ui::SampleStore m_store;
    base::RingBuffer<session::Sample> m_ring{1024};
    ui::LivePage m_page;
    base::Random m_random{1};
    std::uint64_t m_frame = 0;
};

double addQuantiles(BenchReport& report, const std::string& name, const std::function<Cost(int)>& frame, bool hasGoal)
{
    std::vector<double> ms, cpu;
    for (int i = -kWarmUp; i < kFrames; ++i) {
        const Cost one = frame(i);
        if (i < 0)
            continue;
        ms.push_back(one.ms);
        cpu.push_back(one.cpuMs);
    }
    report.add(name + "_p50_ms", quantile(ms, 0.5));
    report.add(name + "_p95_ms", quantile(ms, 0.95));
    report.add(name + "_p99_ms", quantile(ms, 0.99), hasGoal ? std::optional<Goal>(Goal{kGoalMs, true}) : std::nullopt);
    report.add(name + "_p99_cpu_ms", quantile(cpu, 0.99));
    return quantile(ms, 0.5);
}

/// A line series for each quantity, in one chart of the same size, that gets each sample appended and is painted.
double naiveMs()
{
    QChartView view;
    view.resize(kPlotSize);
    view.setRenderHint(QPainter::Antialiasing);
    base::Random random(1);
    std::vector<QLineSeries*> lines;
    const auto valueOf = [&random](int series) { return series + static_cast<double>(random.bits() >> 11) * 0x1p-53; };
    for (int series = 0; series < kNaiveSeries; ++series) {
        auto* line = new QLineSeries;
        QList<QPointF> points;
        for (std::size_t i = 0; i < kNaiveSamples; ++i)
            points.append({static_cast<double>(i), valueOf(series)});
        line->replace(points);
        view.chart()->addSeries(line);
        lines.push_back(line);
    }
    view.chart()->createDefaultAxes();
    view.chart()->legend()->hide();
    view.show();
    QCoreApplication::processEvents();
    std::vector<double> ms;
    for (int frame = 0; frame < kNaiveFrames; ++frame) {
        const auto start = base::nowNs();
        for (int i = 0; i < kSamplesAFrame; ++i)
            for (int series = 0; series < kNaiveSeries; ++series)
                lines[static_cast<std::size_t>(series)]->append(static_cast<double>(kNaiveSamples) + frame * kSamplesAFrame + i,
                                                                valueOf(series));
        view.viewport()->repaint();
        ms.push_back(base::toMs(base::nowNs() - start));
    }
    return quantile(ms, 0.5);
}

}  // namespace

void benchFrames(std::size_t samples, BenchReport& report)
{
    Frames frames(samples);
    const auto draw = [&frames](int) { return frames.draw(); };
    addQuantiles(report, "follow_30s", draw, true);
    const double day = frames.store().latest();
    while (frames.view().range().span() < day)
        frames.view().zoomBy(2);
    const double whole = addQuantiles(report, "follow_all", draw, true);
    addQuantiles(
        report, "zoom",
        [&](int i) {
            // In and out between a second and everything, around another place each time.
            constexpr int kPeriod = 40;
            const double span = std::exp2(std::log2(day) * std::abs(i % kPeriod - kPeriod / 2) / (kPeriod / 2.0));
            const double from = (day - span) * (i * 7 % 100) / 100.0;
            frames.view().zoomTo({from, from + span});
            return frames.draw();
        },
        false);
    frames.view().showAll();
    frames.draw();
    addQuantiles(
        report, "crosshair", [&](int i) { return frames.hover(day * (i + kWarmUp) / (kFrames + kWarmUp)); }, false);
    const auto values = static_cast<double>(frames.store().size() * static_cast<std::size_t>(ui::Column::Count));
    constexpr double kGoalBytes = 12;
    report.add("bytes_per_value", static_cast<double>(frames.store().bytes()) / values, Goal{kGoalBytes, true});
    const double naive = naiveMs();
    report.add("naive_append_p50_ms", naive);
    report.add("naive_append_over_follow_all", naive / whole);
    report.note(
        format("page of %d x %d pixels with %zu samples of %d series; a frame takes %d samples from the ring, then decimates, "
               "replaces and paints all charts; zoom: another range in each frame; cpu: the thread's own time",
               kPlotSize.width(), kPlotSize.height(), samples, static_cast<int>(ui::Column::Count), kSamplesAFrame));
    report.note(format("naive append: QLineSeries::append() and a repaint of %d series of %zu samples, a hundredth of a day",
                       kNaiveSeries, kNaiveSamples));
}

}  // namespace splitscope::app
