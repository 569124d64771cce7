// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/model_report.h"

#include <QJsonDocument>
#include <array>
#include <cstdio>

namespace splitscope::app {

void printJson(const QJsonObject& object) { std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData()); }

QJsonArray exitsJson(const std::vector<model::ExitAccuracy>& exits)
{
    QJsonArray list;
    for (const auto& exit : exits)
        list << QJsonObject{{"layers", exit.layers},
                            {"accuracy", exit.accuracy},
                            {"low", exit.low},
                            {"high", exit.high},
                            {"images", static_cast<qint64>(exit.images)}};
    return list;
}

std::string exitsTable(const std::vector<model::ExitAccuracy>& exits, const std::string& prefix)
{
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "  %4s %7s %10s  %-18s %s\n", "exit", "layers", "accuracy", "95 % interval",
                  "images");
    std::string table = prefix + line.data();
    for (std::size_t i = 0; i < exits.size(); ++i) {
        std::snprintf(line.data(), line.size(), "  %4zu %7d %8.2f %%  %.2f … %.2f %%  %zu\n", i + 1, exits[i].layers,
                      100 * exits[i].accuracy, 100 * exits[i].low, 100 * exits[i].high, exits[i].images);
        table += prefix + line.data();
    }
    return table;
}

void printExits(const std::vector<model::ExitAccuracy>& exits) { std::fputs(exitsTable(exits, {}).c_str(), stdout); }

std::string repeatableCommand(const std::string& verb, const std::vector<std::string>& arguments)
{
    std::string command = "splitscope-cli " + verb;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto name = arguments[i].substr(0, arguments[i].find('='));
        if (name == "--out" || name == "--checkpoint" || name == "--curves" || name == "--teacher-weights")
            i += name == arguments[i] ? 1 : 0;
        else if (name != "--json")
            command += ' ' + arguments[i];
    }
    return command;
}

}  // namespace splitscope::app
