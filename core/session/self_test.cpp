// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/self_test.h"

#include "core/base/files.h"
#include "core/model/versions.h"
#include "core/session/run_to_end.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cstdio>

namespace splitscope::session {

namespace {

constexpr std::uint64_t kFrames = 20;
/// Neither a slow board nor an emulated processor is a silent edge here.
constexpr double kPatienceMs = 300'000;

exec::SelfCheck failed(const std::string& why) { return {"link", "loopback", false, why}; }

Scenario linkScenario()
{
    Scenario scenario;
    scenario.strategy = "fixed";
    scenario.decision = {2, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = kFrames;
    scenario.costTable = "none";
    scenario.minFailoverMs = 60'000;
    scenario.deviceThreads = 1;
    return scenario;
}

}  // namespace

bool SelfTest::passed() const
{
    return !checks.empty() && std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.passed; });
}

exec::SelfCheck checkLink(const std::filesystem::path& daemonProgram, const std::stop_token& stop)
{
    const auto ran = runToEnd(linkScenario(), {.outFolder = {}, .daemonProgram = daemonProgram}, stop, {}, kPatienceMs);
    if (!ran)
        return failed(ran.error().message());
    if (ran->done() != kFrames)
        return failed(std::to_string(ran->done()) + " of " + std::to_string(kFrames) + " frames done");
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), "%llu frames done over an encrypted link, median %.1f ms, %.0f bytes a frame",
                  static_cast<unsigned long long>(ran->done()), ran->latencyMs(0.5), ran->bytesPerFrame());
    return {"link", "loopback", true, text.data()};
}

SelfTest runSelfTest(const SelfTestOptions& options, const std::stop_token& stop)
{
    SelfTest test{options.program + " " + base::programVersion(), {}};
    const exec::SelfCheckSink take = [&](const exec::SelfCheck& check) {
        test.checks.push_back(check);
        if (options.progress)
            options.progress(check);
    };
    take({"program", options.program, true, base::programVersion() + ", LibTorch " + model::torchVersion()});
    for (const auto check : {exec::checkProcessor, exec::checkBackends, exec::checkModels, exec::checkCodecs})
        if (!stop.stop_requested())
            check(take);
    take(stop.stop_requested() ? failed("stopped") : checkLink(options.daemonProgram, stop));
    return test;
}

std::string toText(const SelfTest& test)
{
    std::size_t part = 0, subject = 0;
    for (const auto& check : test.checks) {
        part = std::max(part, check.part.size());
        subject = std::max(subject, check.subject.size());
    }
    const auto padded = [](std::string text, std::size_t width) {
        text.resize(std::max(width, text.size()), ' ');
        return text + "  ";
    };
    std::string text;
    for (const auto& check : test.checks)
        text += padded(check.part, part) + padded(check.subject, subject) + padded(check.passed ? "ok" : "FAILED", 6)
            + check.found + "\n";
    const auto wrong = std::count_if(test.checks.begin(), test.checks.end(), [](const auto& check) { return !check.passed; });
    return text + test.program
        + (test.passed() ? ": all " + std::to_string(test.checks.size()) + " checks passed\n"
                         : ": " + std::to_string(wrong) + " of " + std::to_string(test.checks.size()) + " checks FAILED\n");
}

std::string toJson(const SelfTest& test)
{
    QJsonArray checks;
    for (const auto& check : test.checks)
        checks << QJsonObject{{"part", QString::fromStdString(check.part)},
                              {"subject", QString::fromStdString(check.subject)},
                              {"passed", check.passed},
                              {"found", QString::fromStdString(check.found)}};
    return QJsonDocument(
               QJsonObject{{"program", QString::fromStdString(test.program)}, {"passed", test.passed()}, {"checks", checks}})
        .toJson(QJsonDocument::Compact)
        .toStdString();
}

int selfTestMain(const std::string& program, const std::vector<std::string>& arguments, const std::stop_token& stop)
{
    constexpr int kFailed = 1, kWrongUsage = 2;
    const bool json = arguments == std::vector<std::string>{"--json"};
    if (!json && !arguments.empty()) {
        std::fprintf(stderr, "%s --self-test: takes --json and nothing else, not '%s'\n", program.c_str(),
                     arguments.front().c_str());
        return kWrongUsage;
    }
    const auto test = runSelfTest({.program = program, .daemonProgram = {}}, stop);
    std::printf("%s%s", json ? toJson(test).c_str() : toText(test).c_str(), json ? "\n" : "");
    return test.passed() ? 0 : kFailed;
}

}  // namespace splitscope::session
