// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/session/figure_text.h"
#include "core/session/report_page_p.h"
#include "core/session/reproduction.h"
#include "core/session/run_environment.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <array>

namespace splitscope::session {

namespace {

std::string verdictCell(Verdict verdict)
{
    const char* style = verdict == Verdict::Holds ? "yes" : verdict == Verdict::DoesNotHold ? "no" : "open";
    return std::string("<td class=\"") + style + "\">" + std::string(name(verdict)) + "</td>";
}

std::string anchorOf(const ReproducedFigure& reproduced) { return "#" + escaped(reproduced.figure.key); }

/// Every statement, with a way to its figure.
std::string verdicts(const Reproduction& reproduction)
{
    std::array<std::size_t, 3> counts{};
    std::string rows;
    for (const auto& reproduced : reproduction.figures)
        for (const auto& statement : reproduced.figure.statements) {
            ++counts[static_cast<std::size_t>(statement.verdict)];
            rows += "<tr><td>" + escaped(reproduced.network) + "</td><td><a href=\"" + anchorOf(reproduced) + "\">"
                + escaped(reproduced.figure.title) + "</a></td><td>" + escaped(statement.claim) + "</td>"
                + verdictCell(statement.verdict) + "<td>" + escaped(statement.evidence) + "</td></tr>\n";
        }
    return "<p>Of " + std::to_string(counts[0] + counts[1] + counts[2]) + " statements " + std::to_string(counts[0])
        + " hold here, " + std::to_string(counts[1]) + " do not, and of " + std::to_string(counts[2])
        + " these data cannot say.</p>\n"
        + "<table><tr><th>Network</th><th>Figure</th><th>Their statement</th><th>Verdict</th><th>Our measurement</th></tr>\n"
        + rows + "</table>\n";
}

std::string figureHtml(const ReproducedFigure& reproduced, const std::string& svg)
{
    const auto& figure = reproduced.figure;
    const auto key = escaped(figure.key);
    std::string html = "<section id=\"" + key + "\"><h2>" + escaped(figure.title) + "</h2>\n<p class=\"sub\">"
        + escaped(figure.subtitle) + "</p>\n";
    if (!svg.empty())
        html += "<div class=\"plot\">" + svg + "</div>\n";
    if (!figure.statements.empty()) {
        html += "<table><tr><th>Their statement</th><th>Verdict</th><th>Our measurement</th></tr>\n";
        for (const auto& statement : figure.statements)
            html += "<tr><td>" + escaped(statement.claim) + "</td>" + verdictCell(statement.verdict) + "<td>"
                + escaped(statement.evidence) + "</td></tr>\n";
        html += "</table>\n";
    }
    if (!figure.notes.empty()) {
        html += "<ul class=\"sub\">";
        for (const auto& note : figure.notes)
            html += "<li>" + escaped(note) + "</li>";
        html += "</ul>\n";
    }
    return html + "<p class=\"sub\">Data: <a href=\"figures/" + key + ".csv\">CSV</a>, <a href=\"figures/" + key
        + ".json\">JSON</a></p></section>\n";
}

std::string environmentTable()
{
    const auto environment = QJsonDocument::fromJson(QByteArray::fromStdString(environmentJson({}))).object();
    std::string rows;
    for (const auto& key : environment.keys())
        if (const auto value = environment[key].toVariant().toString(); !value.isEmpty())
            rows += "<tr><th>" + escaped(key.toStdString()) + "</th><td>" + escaped(value.toStdString()) + "</td></tr>\n";
    return "<table>" + rows + "</table>\n";
}

}  // namespace

std::string reproductionHtml(const Reproduction& reproduction, const std::function<std::string(const std::string& key)>& svgOf)
{
    const auto& options = reproduction.options;
    std::string body = "<h1>The papers' experiments, done again</h1>\n<p class=\"sub\">" + escaped(reproduction.date)
        + ", Splitscope " + escaped(base::programVersion()) + ", seed " + std::to_string(options.seed)
        + (options.quick ? ", quick: one network, batch 1, few requests and short trainings" : "")
        + ". Times were measured with both halves as two processes on the machine below, connected by real sockets; a slower "
          "device is "
          "emulated where a figure says so. Energy is modelled.</p>\n";
    if (!reproduction.problems.empty()) {
        body += "<h2>Not done</h2>\n<ul>";
        for (const auto& problem : reproduction.problems)
            body += "<li>" + escaped(problem) + "</li>";
        body += "</ul>\n";
    }
    body += "<h2>Statements and verdicts</h2>\n" + verdicts(reproduction);
    for (const auto& reproduced : reproduction.figures)
        body += figureHtml(reproduced, svgOf ? svgOf(reproduced.figure.key) : std::string());
    body += "<h2>Machine</h2>\n" + environmentTable();
    return reportPage("Splitscope: the papers' experiments, done again", body);
}

}  // namespace splitscope::session
