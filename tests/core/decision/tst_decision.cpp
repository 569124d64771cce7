// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/decision.h"

#include <QTest>
#include <cmath>
#include <set>

using namespace splitscope;
using decision::Decision;
using decision::DecisionSpace;
using decision::SpaceOptions;

namespace {

codec::Coding coding(const char* text) { return *codec::parseCoding(text); }

}  // namespace

class TestDecision : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

private Q_SLOTS:
    // Counted by hand: at cut 0 raw, lossless and three JPEG qualities, four bit widths at each inner cut, one label; and
    // each cut behind a dropout layer is the one before it.
    void theShippedNetworksHaveSoManyDecisions_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<int>("valid");
        QTest::addColumn<int>("distinct");
        QTest::addColumn<int>("paper");
        QTest::newRow("alexnet3") << "alexnet3" << 38 + 50 + 82 << 38 + 50 + 82 - 2 * 4 << 26 + 35 + 59 - 2 * 3;
        QTest::newRow("alexnet3-128") << "alexnet3-128" << 38 + 50 + 82 << 38 + 50 + 82 - 2 * 4 << 26 + 35 + 59 - 2 * 3;
        QTest::newRow("alexnet5") << "alexnet5" << 50 + 66 + 78 + 82 + 90 << 50 + 66 + 78 + 82 + 90 - 5 * 4
                                  << 35 + 47 + 56 + 59 + 65 - 5 * 3;
    }
    void theShippedNetworksHaveSoManyDecisions()
    {
        QFETCH(QString, network);
        QFETCH(int, valid);
        QFETCH(int, distinct);
        QFETCH(int, paper);
        const auto spec = *model::loadNetworkSpec(network.toStdString());
        const DecisionSpace space(spec, {});
        QCOMPARE(static_cast<int>(space.validCount()), valid);
        QCOMPARE(static_cast<int>(space.decisions().size()), distinct);
        QCOMPARE(static_cast<int>(DecisionSpace(spec, SpaceOptions::paper()).decisions().size()), paper);
    }

    void everyDecisionOfASpaceIsValidAndThereOnce()
    {
        const DecisionSpace space(m_spec, {.float32 = true});
        std::set<std::string> seen;
        for (const auto& each : space.decisions()) {
            QVERIFY(decision::check(m_spec, each).ok());
            QVERIFY(space.canonical(each) == each);
            QVERIFY(seen.insert(decision::toString(each)).second);
        }
    }

    void aCutBehindDropoutIsTheOneBeforeIt()
    {
        const DecisionSpace space(m_spec, {});
        const Decision behind{3, 14, coding("8")};
        QCOMPARE(space.canonical(behind).partition, 13);
        QCOMPARE(space.cutName(behind), space.cutName({3, 13, coding("8")}));
        QVERIFY(space.cutName({3, 12, coding("8")}) != space.cutName(behind));
    }

    void trunkCutsHaveOneNameOnEveryExitsPath()
    {
        const DecisionSpace space(m_spec, {});
        QCOMPARE(space.cutName({1, 3, coding("8")}), space.cutName({3, 3, coding("8")}));
        QVERIFY(space.cutName({1, 4, coding("8")}) != space.cutName({3, 4, coding("8")}));
    }

    void whatCannotRunIsRefused_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("partition");
        QTest::addColumn<QString>("coding");
        QTest::addColumn<QString>("field");
        QTest::newRow("no such exit") << 4 << 0 << "raw"
                                      << "exit";
        QTest::newRow("exit 0") << 0 << 0 << "raw"
                                << "exit";
        QTest::newRow("behind the path") << 1 << 10 << "label"
                                         << "partition";
        QTest::newRow("negative cut") << 1 << -1 << "raw"
                                      << "partition";
        QTest::newRow("label in the middle") << 1 << 3 << "label"
                                             << "coding";
        QTest::newRow("bits at the end") << 1 << 9 << "8"
                                         << "coding";
        QTest::newRow("bits of a frame") << 1 << 0 << "8"
                                         << "coding";
        QTest::newRow("pixels of a tensor") << 1 << 3 << "raw"
                                            << "coding";
        QTest::newRow("jpeg of a tensor") << 1 << 3 << "jpeg:80"
                                          << "coding";
    }
    void whatCannotRunIsRefused()
    {
        QFETCH(int, exit);
        QFETCH(int, partition);
        QFETCH(QString, coding);
        QFETCH(QString, field);
        const auto status = decision::check(m_spec, {exit, partition, *codec::parseCoding(coding.toStdString())});
        QVERIFY(!status.ok());
        QCOMPARE(status.error().where, "decision: " + field.toStdString());
    }

    void parametersOutOfRangeAreRefused()
    {
        QVERIFY(!decision::check(m_spec, {1, 3, {codec::CodingKind::Quantized, 1}}).ok());
        QVERIFY(!decision::check(m_spec, {1, 3, {codec::CodingKind::Quantized, 17}}).ok());
        QVERIFY(decision::check(m_spec, {1, 3, {codec::CodingKind::Quantized, 2}}).ok());
        QVERIFY(decision::check(m_spec, {1, 3, {codec::CodingKind::Quantized, 16}}).ok());
        QVERIFY(!decision::check(m_spec, {1, 0, {codec::CodingKind::Jpeg, 0}}).ok());
        QVERIFY(!decision::check(m_spec, {1, 0, {codec::CodingKind::Jpeg, 101}}).ok());
    }

    void actionSetsAreReadByName_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("ok");
        for (const char* text :
             {"standard", "paper", "verification", "bits:8", "bits:2,4,16", "standard+gates", "bits:8+gates:0.5"})
            QTest::newRow(text) << text << true;
        for (const char* text : {"", "all", "bits:", "bits:1", "bits:17", "bits:4,", "bits:4,x", "+gates",
                                 "standard+gates:", "standard+gates:0", "standard+gates0.5", "standard+gates:0.5,"})
            QTest::newRow(*text ? text : "nothing") << text << false;
    }
    void actionSetsAreReadByName()
    {
        QFETCH(QString, text);
        QFETCH(bool, ok);
        QCOMPARE(decision::parseSpaceOptions(text.toStdString()).ok(), ok);
    }

    // Counted by hand for alexnet3, whose exits branch off behind layers 3 and 6: with a gate at exit 1, exit 2 may be cut at 3
    // to 6 and exit 3 at 3 to 19; with one at exit 2, exit 3 at 6 to 19; at four widths each, or stay on the device. Two cuts of
    // exit 3 lie behind dropout.
    void aThresholdAddsSoManyDecisions()
    {
        const DecisionSpace plain(m_spec, {}), gated(m_spec, {.gateThresholds = {0.5}}),
            two(m_spec, {.gateThresholds = {0.2, 0.5}});
        const int distinct = (4 * 4 + 1) + (15 * 4 + 1) + (12 * 4 + 1);
        QCOMPARE(static_cast<int>(gated.decisions().size() - plain.decisions().size()), distinct);
        QCOMPARE(static_cast<int>(gated.validCount() - plain.validCount()), distinct + 2 * 2 * 4);
        QCOMPARE(two.decisions().size() - plain.decisions().size(), 2 * (gated.decisions().size() - plain.decisions().size()));
        std::set<std::string> seen;
        for (const auto& each : two.decisions()) {
            QVERIFY(decision::check(m_spec, each).ok());
            QVERIFY(two.canonical(each) == each);
            QVERIFY(seen.insert(decision::toString(each)).second);
        }
    }

    void gatesThatCannotRunAreRefused_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("partition");
        QTest::addColumn<QString>("coding");
        QTest::addColumn<int>("gate");
        QTest::addColumn<double>("threshold");
        QTest::newRow("at the exit itself") << 2 << 6 << "8" << 2 << 0.5;
        QTest::newRow("behind the exit") << 2 << 6 << "8" << 3 << 0.5;
        QTest::newRow("exit 0") << 2 << 6 << "8" << 0 << 0.5;
        QTest::newRow("cut before the branch") << 3 << 5 << "8" << 2 << 0.5;
        QTest::newRow("a frame sent") << 3 << 0 << "raw" << 1 << 0.5;
        QTest::newRow("cut within the head") << 2 << 8 << "8" << 1 << 0.5;
        QTest::newRow("threshold 0") << 2 << 6 << "8" << 1 << 0.0;
        QTest::newRow("threshold beyond all") << 2 << 6 << "8" << 1 << 101.0;
        QTest::newRow("threshold that is no number") << 2 << 6 << "8" << 1 << std::nan("");
    }
    void gatesThatCannotRunAreRefused()
    {
        QFETCH(int, exit);
        QFETCH(int, partition);
        QFETCH(QString, coding);
        QFETCH(int, gate);
        QFETCH(double, threshold);
        Decision decision{exit, partition, *codec::parseCoding(coding.toStdString()), {}};
        QVERIFY(decision::check(m_spec, decision).ok());
        decision.gate = decision::Gate{gate, threshold};
        const auto status = decision::check(m_spec, decision);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().where, std::string("decision: gate"));
    }

    void gatesAreReadAsTheyAreWritten()
    {
        for (const double threshold : {0.5, 0.1, 1.0 / 3, 2.302585092994046, 100.0}) {
            const decision::Gate gate{2, threshold};
            QVERIFY(*decision::parseGate(decision::toString(gate)) == gate);
        }
        for (const char* text : {"", "1", "1:", ":0.5", "0:0.5", "1:0", "1:-1", "1:nan", "1:101", "1:0.5x", "x:0.5"})
            QVERIFY2(!decision::parseGate(text).ok(), text);
        const Decision gated{3, 6, coding("8"), decision::Gate{1, 0.5}};
        QCOMPARE(decision::toString(gated), std::string("exit 3, cut 6, 8 bits, gate 1 below 0.5"));
        QVERIFY(decision::onDevice(m_spec, gated)
                == (Decision{3, 20, {codec::CodingKind::LabelOnly, 0}, decision::Gate{1, 0.5}}));
    }

    void actionSetsKnowTheirThresholds()
    {
        QVERIFY(decision::parseSpaceOptions("standard")->gateThresholds.empty());
        QVERIFY(decision::parseSpaceOptions("paper+gates")->gateThresholds == SpaceOptions::usualGateThresholds());
        QVERIFY(decision::parseSpaceOptions("bits:4,8+gates:0.5,0.25,0.5")->gateThresholds == (std::vector{0.25, 0.5}));
        QCOMPARE(decision::withoutGates("bits:4,8+gates:0.5"), std::string("bits:4,8"));
        QCOMPARE(decision::withoutGates("paper"), std::string("paper"));
    }

    void allOnTheDeviceEndsAtTheExit()
    {
        QVERIFY(decision::onDevice(m_spec, 2) == (Decision{2, 12, {codec::CodingKind::LabelOnly, 0}}));
        QCOMPARE(decision::toString({2, 6, coding("8")}), std::string("exit 2, cut 6, 8 bits"));
    }
};

QTEST_APPLESS_MAIN(TestDecision)
#include "tst_decision.moc"
