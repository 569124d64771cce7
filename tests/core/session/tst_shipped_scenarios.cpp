// SPDX-License-Identifier: GPL-3.0-or-later
// Scenarios that ship must run: whoever opens one has done nothing wrong yet.
#include "core/session/scenario_check.h"
#include "core/session/shipped_scenarios.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace splitscope;

class TestShippedScenarios : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachCanBeStarted_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& name : session::shippedScenarioNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void eachCanBeStarted()
    {
        QFETCH(QString, name);
        const auto file = session::shippedScenario(name.toStdString());
        QVERIFY2(!file.empty(), "it is not there");
        const auto scenario = session::loadScenario(file);
        QVERIFY2(scenario.ok(), scenario.ok() ? "" : scenario.error().message().c_str());
        for (const auto& problem : session::fieldProblems(*scenario))
            QFAIL((problem.field + ": " + problem.text).c_str());
        for (const auto& problem : session::strategyProblems(*scenario))
            QFAIL((problem.field + ": " + problem.text).c_str());
        QCOMPARE(QString::fromStdString(scenario->device), QStringLiteral("loopback"));
        QVERIFY2(!(*scenario == session::Scenario{}), "it is what one has without it");
        QVERIFY2(scenario->weights.empty() && scenario->policy.empty() && scenario->costTable.empty(), "of this machine");
        constexpr double kLongestMs = 10 * 60e3;
        QVERIFY2(static_cast<double>(scenario->frames) * scenario->minIntervalMs < kLongestMs, "nobody waits so long");
    }

    void noneIsForgotten()
    {
        const auto first = session::shippedScenario(session::shippedScenarioNames().front());
        const QDir folder(QString::fromStdString(first.parent_path().string()));
        for (const QString& file : folder.entryList({QStringLiteral("*.json")})) {
            const auto name = file.chopped(5).toStdString();
            const auto& names = session::shippedScenarioNames();
            QVERIFY2(std::find(names.begin(), names.end(), name) != names.end(), qPrintable(file));
        }
    }

    void namesAreFilesFirst()
    {
        const QTemporaryDir folder;
        const auto before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(folder.path()));
        QCOMPARE(session::scenarioFile("first-look"), session::shippedScenario("first-look"));
        QCOMPARE(session::scenarioFile("no-such-thing"), std::filesystem::path("no-such-thing"));
        std::ofstream("first-look") << "{}";
        QCOMPARE(session::scenarioFile("first-look"), std::filesystem::path("first-look"));
        QVERIFY(QDir::setCurrent(before));
    }
};

QTEST_APPLESS_MAIN(TestShippedScenarios)
#include "tst_shipped_scenarios.moc"
