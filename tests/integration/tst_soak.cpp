// SPDX-License-Identifier: GPL-3.0-or-later
// A short soak on the real programs: everything that can happen to a run within seconds, and the books balance.
#include "core/session/books.h"
#include "core/session/run_library.h"
#include "core/session/soak.h"
#include "tests/integration/cli_program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 200'000;

}  // namespace

class TestSoak : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void booksBalanceWhateverHappens()
    {
        QTemporaryDir out;
        const auto ran = runCli({"soak", "--minutes", "0.12", "--seed", "3", "--json", "--out", out.path()}, kPatienceMs);
        const auto report = ran.out + ran.err;
        QVERIFY2(ran.exitCode == 0, report.constData());
        const auto json = QJsonDocument::fromJson(ran.out).object();
        QVERIFY2(json["problems"].toArray().isEmpty(), report.constData());
        QCOMPARE(json["missing"].toInt(-1), 0);
        QCOMPARE(json["doubled"].toInt(-1), 0);
        QVERIFY(json["frames"].toInt() > 10);
        QCOMPARE(json["frames"].toInt(), json["done"].toInt() + json["fallback"].toInt() + json["lost"].toInt());
        // The first two always come, however slow the machine.
        const auto faults = json["faults"].toObject();
        QVERIFY2(faults["stop"].toInt() >= 1 && faults["restart"].toInt() >= 1, report.constData());
        QCOMPARE(json["continued"].toInt(), faults["stop"].toInt());
        for (const char* who : {"edge", "device"})
            QCOMPARE(json[who].toObject()["memory_mb"].toArray().size(), 2);

        // Every fault is in its records, so that it can be repeated by hand.
        const auto runs = session::listRuns(out.path().toStdString());
        QCOMPARE(runs->runs.size(), 1U);
        const auto events = *session::readEvents(runs->runs.front().key);
        int told = 0, counted = 0;
        for (const auto& event : events)
            told += event.kind == "fault" && event.detail.find(R"("state":"end")") == std::string::npos ? 1 : 0;
        for (const auto& name : faults.keys())
            counted += name == QLatin1String("stop") ? 0 : faults[name].toInt();
        QCOMPARE(told, counted);
    }

    void anEdgeThatFailsIsToldAsSuch()
    {
        QTemporaryDir out;
        session::SoakOptions options;
        options.folder = out.path().toStdString();
        const auto report = session::watchSoak(options, {"/bin/sh", "-c", "echo broken >&2; exit 3"}, {}, {});
        QVERIFY(!report.ok());
        QVERIFY2(report.error().message().find("status 3: broken") != std::string::npos, report.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestSoak)
#include "tst_soak.moc"
