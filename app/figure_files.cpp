// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure_files.h"

#include "core/base/files.h"
#include "core/base/process.h"

#include <QJsonArray>
#include <cstdlib>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

base::Status draw(const std::vector<fs::path>& figures, const fs::path& folder)
{
    std::error_code failure;
    const auto program = fs::read_symlink("/proc/self/exe", failure).parent_path() / "splitscope";
    if (!fs::exists(program, failure))
        return base::Error{base::ErrorCode::NotFound,
                           "figures are drawn by the dashboard program, which is not installed; JSON, CSV and text are written",
                           program.string()};
    ::setenv("QT_QPA_PLATFORM", "offscreen", 0);  // no screen is needed
    std::vector<std::string> command{program.string(), "--out", folder.string()};
    for (const auto& figure : figures)
        command.insert(command.end(), {"--plot-figure", figure.string()});
    constexpr double kStartMs = 120'000, kFigureMs = 20'000;
    const auto drawn = base::runProcessOrFail(command, kStartMs + kFigureMs * static_cast<double>(figures.size()));
    if (!drawn)
        return drawn.error();
    return {};
}

}  // namespace

base::Result<std::vector<fs::path>> writeFigures(const std::vector<session::Figure>& figures, const fs::path& folder,
                                                 const std::string& prefix)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    std::vector<fs::path> files, sources;
    for (const auto& figure : figures) {
        const auto stem = folder / (prefix + figure.key);
        for (const auto& [suffix, content] : {std::pair(".json", session::toJson(figure)), {".csv", session::toCsv(figure)}}) {
            auto path = stem;
            path += suffix;
            if (const auto written = base::writeFileAtomically(path, base::asBytes(content)); !written)
                return written.error();
            files.push_back(path);
        }
        sources.push_back(files[files.size() - 2]);
    }
    if (figures.empty())
        return files;
    if (const auto drawn = draw(sources, folder); !drawn)
        return drawn.error();
    for (const auto& source : sources)
        for (const char* suffix : {".png", ".svg", ".pdf"})
            files.push_back(fs::path(source).replace_extension(suffix));
    return files;
}

QJsonObject figureSummary(const session::Figure& figure)
{
    const auto text
        = [](std::string_view value) { return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())); };
    QJsonArray statements;
    for (const auto& statement : figure.statements)
        statements << QJsonObject{{"claim", text(statement.claim)},
                                  {"verdict", text(session::name(statement.verdict))},
                                  {"evidence", text(statement.evidence)}};
    return {{"figure", text(figure.key)},
            {"title", text(figure.title)},
            {"subtitle", text(figure.subtitle)},
            {"statements", statements}};
}

}  // namespace splitscope::app
