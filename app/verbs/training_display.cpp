// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/training_display.h"

#include "core/base/clock.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr double kRedrawMs = 250;
constexpr double kLineMs = 1000;

std::size_t terminalWidth()
{
    winsize size{};
    constexpr std::size_t kUsual = 80;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

/// Values as block characters, at most `columns` of them: each the mean of the values that fall into it.
std::string sparkline(const std::vector<double>& values, std::size_t columns)
{
    static constexpr std::array<const char*, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (values.empty() || columns == 0)
        return {};
    const auto count = std::min(columns, values.size());
    std::vector<double> means;
    for (std::size_t i = 0; i < count; ++i) {
        const auto from = i * values.size() / count;
        const auto to = (i + 1) * values.size() / count;
        double sum = 0;
        for (auto at = from; at < to; ++at)
            sum += values[at];
        means.push_back(sum / static_cast<double>(to - from));
    }
    const auto [low, high] = std::minmax_element(means.begin(), means.end());
    const double range = *high > *low ? *high - *low : 1;
    std::string line;
    for (const double mean : means)
        line += kBlocks[static_cast<std::size_t>(std::lround((mean - *low) / range * (kBlocks.size() - 1)))];
    for (auto i = count; i < columns; ++i)
        line += ' ';
    return line;
}

std::string format(const char* pattern, double a, double b = 0)
{
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), pattern, a, b);  // NOLINT: the patterns are all below
    return text.data();
}

}  // namespace

std::vector<std::string> curveLines(const model::TrainingCurves& curves, std::size_t width)
{
    constexpr std::size_t kAround = 40;  // label before and numbers behind a graph
    constexpr std::size_t kLeast = 10;
    const auto columns = std::max(kLeast, width > kAround ? width - kAround : 0);
    std::vector<double> losses;
    for (const auto& point : curves.points)
        losses.push_back(point.loss);
    std::vector<std::string> lines;
    if (!losses.empty())
        lines.push_back("  loss    " + sparkline(losses, columns) + format("  %.4f", losses.back()));
    for (int exit = 0; exit < curves.exits; ++exit) {
        std::vector<double> accuracies;
        for (const auto& point : curves.points)
            if (!point.accuracy.empty())
                accuracies.push_back(100 * point.accuracy[static_cast<std::size_t>(exit)]);
        if (accuracies.empty())
            continue;
        const auto best = *std::max_element(accuracies.begin(), accuracies.end());
        const auto name = "exit " + std::to_string(exit + 1);
        lines.push_back("  " + name + std::string(8 - std::min<std::size_t>(8, name.size()), ' ') + sparkline(accuracies, columns)
                        + format("  %.2f %% (best %.2f %%)", accuracies.back(), best));
    }
    return lines;
}

TrainingDisplay::TrainingDisplay() : m_terminal(isatty(STDERR_FILENO) == 1) {}

std::string TrainingDisplay::statusLine(const model::TrainingProgress& progress) const
{
    const double done = progress.epoch - 1 + (progress.steps ? static_cast<double>(progress.step) / progress.steps : 0);
    const double perEpoch = done > m_startDone ? base::toMs(base::nowNs() - m_startNs) / 1000 / (done - m_startDone) : 0;
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), "epoch %d/%d  step %d/%d  loss %.4f  rate %.4f  %.0f images/s  ETA %.0f s",
                  progress.epoch, progress.epochs, progress.step, progress.steps, progress.loss, progress.learningRate,
                  progress.imagesPerSecond, perEpoch * (progress.epochs - done));
    std::string line = text.data();
    for (std::size_t i = 0; i < progress.holdoutAccuracy.size(); ++i)
        line += (i == 0 ? "  holdout " : " ") + std::to_string(progress.holdoutAccuracy[i]).substr(0, 6);
    return line;
}

void TrainingDisplay::redraw(const std::string& status, const model::TrainingCurves& curves)
{
    auto lines = curveLines(curves, terminalWidth());
    lines.insert(lines.begin(), status);
    std::string text = m_drawnLines > 0 ? "\033[" + std::to_string(m_drawnLines) + 'A' : "";
    for (const auto& line : lines)
        text += "\r\033[K" + line + '\n';
    m_drawnLines = lines.size();
    std::fputs(text.c_str(), stderr);
}

void TrainingDisplay::show(const model::TrainingProgress& progress, const model::TrainingCurves& curves)
{
    const auto now = base::nowNs();
    const bool epochEnds = !progress.holdoutAccuracy.empty();
    if (m_startNs == 0) {
        m_startNs = now;
        m_startDone = progress.epoch - 1 + (progress.steps ? static_cast<double>(progress.step) / progress.steps : 0);
    }
    if (!epochEnds && base::toMs(now - m_lastNs) < (m_terminal ? kRedrawMs : kLineMs))
        return;
    m_lastNs = now;
    const auto status = statusLine(progress);
    if (m_terminal)
        redraw(status.substr(0, std::min(status.find("  holdout"), terminalWidth() - 1)), curves);  // the picture tells it
    else
        std::fprintf(stderr, "%s\n", status.c_str());
}

}  // namespace splitscope::app
