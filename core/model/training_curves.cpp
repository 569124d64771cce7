// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/training_curves.h"

#include "core/base/clock.h"
#include "core/base/files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kFixedColumns = "epoch,step,steps,loss,learning_rate";
constexpr std::size_t kFixedCount = 5;
constexpr int kMostExits = 64;

std::string headerOf(int exits)
{
    std::string header(kFixedColumns);
    for (int exit = 1; exit <= exits; ++exit)
        header += ",accuracy_" + std::to_string(exit);
    return header + '\n';
}

std::string lineOf(const CurvePoint& point, int exits)
{
    std::ostringstream line;
    line.imbue(std::locale::classic());
    line.precision(6);
    line << point.epoch << ',' << point.step << ',' << point.steps << ',' << point.loss << ',' << point.learningRate;
    for (int exit = 0; exit < exits; ++exit) {
        line << ',';
        if (!point.accuracy.empty())
            line << point.accuracy[static_cast<std::size_t>(exit)];
    }
    line << '\n';
    return line.str();
}

std::vector<std::string_view> cellsOf(std::string_view line)
{
    std::vector<std::string_view> cells;
    for (std::size_t from = 0; from <= line.size();) {
        const auto comma = std::min(line.find(',', from), line.size());
        cells.push_back(line.substr(from, comma - from));
        from = comma + 1;
    }
    return cells;
}

template <typename T>
bool read(std::string_view cell, T& number)
{
    const auto [end, ec] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    return ec == std::errc() && end == cell.data() + cell.size();
}

/// False where the line is no such point.
bool readPoint(std::string_view line, int exits, CurvePoint& point)
{
    const auto cells = cellsOf(line);
    if (cells.size() != kFixedCount + static_cast<std::size_t>(exits) || !read(cells[0], point.epoch)
        || !read(cells[1], point.step) || !read(cells[2], point.steps) || !read(cells[3], point.loss)
        || !read(cells[4], point.learningRate))
        return false;
    if (point.epoch < 1 || point.step < 0 || point.steps < 1 || point.step > point.steps)
        return false;
    if (std::all_of(cells.begin() + kFixedCount, cells.end(), [](auto cell) { return cell.empty(); }))
        return true;
    for (auto cell = cells.begin() + kFixedCount; cell != cells.end(); ++cell) {
        double accuracy = 0;
        if (!read(*cell, accuracy) || !(accuracy >= 0 && accuracy <= 1))
            return false;
        point.accuracy.push_back(accuracy);
    }
    return true;
}

/// How many exits the header speaks of; 0 where it is none.
int exitsOf(std::string_view header)
{
    const auto exits
        = static_cast<int>(std::min<std::size_t>(cellsOf(header).size(), kMostExits)) - static_cast<int>(kFixedCount);
    return exits > 0 && headerOf(exits) == std::string(header) + '\n' ? exits : 0;
}

}  // namespace

std::string toCsv(const TrainingCurves& curves)
{
    auto csv = headerOf(curves.exits);
    for (const auto& point : curves.points)
        csv += lineOf(point, curves.exits);
    return csv;
}

base::Result<TrainingCurves> parseCurves(std::string_view csv, const std::string& where)
{
    TrainingCurves curves;
    int number = 0;
    for (std::size_t from = 0; from < csv.size();) {
        const auto end = csv.find('\n', from);
        if (end == std::string_view::npos)
            break;
        auto line = csv.substr(from, end - from);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        from = end + 1;
        ++number;
        if (number == 1) {
            curves.exits = exitsOf(line);
            if (curves.exits == 0)
                break;
            continue;
        }
        CurvePoint point;
        if (!readPoint(line, curves.exits, point))
            return Error{ErrorCode::InvalidInput, "is no point of a training's curves", where + ":" + std::to_string(number)};
        curves.points.push_back(std::move(point));
    }
    if (curves.exits == 0)
        return Error{ErrorCode::InvalidInput,
                     "is no file of a training's curves: it must begin with '" + std::string(kFixedColumns) + ",accuracy_1'",
                     where};
    return curves;
}

base::Result<TrainingCurves> readCurves(const std::filesystem::path& file)
{
    constexpr std::uintmax_t kLargestFile = 64 << 20;
    const auto bytes = base::readFile(file, kLargestFile);
    if (!bytes)
        return bytes.error();
    return parseCurves(base::asText(*bytes), file.string());
}

/// Takes over what the file tells of earlier epochs.
base::Status CurveRecorder::open(int epoch)
{
    std::error_code ec;
    if (std::filesystem::exists(m_file, ec) && std::filesystem::file_size(m_file, ec) > 0) {
        auto earlier = readCurves(m_file);
        if (!earlier)
            return earlier.error();
        if (earlier->exits != m_curves.exits)
            return Error{ErrorCode::Mismatch,
                         "holds the curves of " + std::to_string(earlier->exits) + " exits, but the network has "
                             + std::to_string(m_curves.exits) + "; name another folder",
                         m_file.string()};
        std::erase_if(earlier->points, [epoch](const CurvePoint& point) { return point.epoch >= epoch; });
        m_curves = std::move(*earlier);
    }
    const auto csv = toCsv(m_curves);
    if (auto status = base::writeFileAtomically(m_file, base::asBytes(csv)); !status)
        return status;
    m_stream.open(m_file, std::ios::app | std::ios::binary);
    return {};
}

base::Status CurveRecorder::add(const TrainingProgress& progress)
{
    constexpr std::int64_t kEveryNs = 2'000'000'000;
    const auto now = base::nowNs();
    const bool first = m_lastNs == 0;
    if (!first && progress.holdoutAccuracy.empty() && now - m_lastNs < kEveryNs)
        return {};
    m_lastNs = now;
    auto opened = first && !m_file.empty() ? open(progress.epoch) : base::Status();
    const CurvePoint point{progress.epoch, progress.step,         progress.steps,
                           progress.loss,  progress.learningRate, progress.holdoutAccuracy};
    m_curves.points.push_back(point);
    if (!opened || !m_stream.is_open())
        return opened;
    m_stream << lineOf(point, m_curves.exits) << std::flush;
    if (m_stream)
        return {};
    m_stream.close();
    return Error{ErrorCode::Io, "cannot be written; is the disk full?", m_file.string()};
}

}  // namespace splitscope::model
