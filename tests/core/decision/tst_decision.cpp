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
             {"standard", "paper", "verification", "bits:8", "bits:2,4,16", "standard+gates", "bits:8+gates:0.5",
              "standard+edge-gates", "paper+gates:0.5+edge-gates:0.1,0.2", "bits:8+edge-gates+gates:1e+1"})
            QTest::newRow(text) << text << true;
        for (const char* text :
             {"", "all", "bits:", "bits:1", "bits:17", "bits:4,", "bits:4,x", "+gates", "standard+gates:", "standard+gates:0",
              "standard+gates0.5", "standard+gates:0.5,", "+edge-gates", "standard+edge-gates:", "standard+edge-gates:101",
              "standard+edge-gates0.5", "standard+edge-gates+edge-gates:0.5", "standard+edge"})
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

    // Counted by hand: before exit 1's branch, behind layer 3, a path has cuts 0 to 2, before exit 2's cuts 0 to 5; five codings
    // of the frame, four of each tensor.
    void aThresholdOnTheEdgeAddsSoManyDecisions()
    {
        const DecisionSpace plain(m_spec, {}), gated(m_spec, {.edgeGateThresholds = {0.5}});
        const int exit2 = 5 + 2 * 4, exit3 = (5 + 2 * 4) + (5 + 5 * 4);
        QCOMPARE(static_cast<int>(gated.decisions().size() - plain.decisions().size()), exit2 + exit3);
        for (const auto& each : gated.decisions()) {
            QVERIFY(decision::check(m_spec, each).ok());
            QVERIFY(gated.canonical(each) == each);
            QCOMPARE(decision::gatedOnEdge(m_spec, each), each.gate.has_value());
            QVERIFY(!decision::gatedOnDevice(m_spec, each));
        }
    }

    // Policies that ship count on it.
    void gatesOfTheEdgeChangeNothingOfASetWithoutThem()
    {
        const SpaceOptions device{.gateThresholds = {0.2, 0.5}};
        auto both = device;
        both.edgeGateThresholds = {0.3};
        std::vector<Decision> ofDevice;
        const DecisionSpace space(m_spec, both);
        for (const auto& each : space.decisions())
            if (!decision::gatedOnEdge(m_spec, each))
                ofDevice.push_back(each);
        QVERIFY(ofDevice == DecisionSpace(m_spec, device).decisions());
        QVERIFY(space.decisions().size() > ofDevice.size());
    }

    void theCutTellsWhoseGateItIs_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("partition");
        QTest::addColumn<QString>("coding");
        QTest::addColumn<int>("gate");
        QTest::addColumn<bool>("onEdge");
        QTest::newRow("a frame sent") << 3 << 0 << "raw" << 1 << true;
        QTest::newRow("cut before the branch") << 3 << 5 << "8" << 2 << true;
        QTest::newRow("cut at the branch") << 3 << 6 << "8" << 2 << false;
        QTest::newRow("cut between two branches") << 3 << 5 << "8" << 1 << false;
        QTest::newRow("nothing sent") << 3 << 20 << "label" << 2 << false;
    }
    void theCutTellsWhoseGateItIs()
    {
        QFETCH(int, exit);
        QFETCH(int, partition);
        QFETCH(QString, coding);
        QFETCH(int, gate);
        QFETCH(bool, onEdge);
        Decision decision{exit, partition, *codec::parseCoding(coding.toStdString()), decision::Gate{gate, 0.5}};
        QVERIFY(decision::check(m_spec, decision).ok());
        QCOMPARE(decision::gatedOnEdge(m_spec, decision), onEdge);
        QCOMPARE(decision::gatedOnDevice(m_spec, decision), !onEdge);
        QVERIFY(decision::gatedOnDevice(m_spec, decision::onDevice(m_spec, decision)));
        decision.gate.reset();
        QVERIFY(!decision::gatedOnEdge(m_spec, decision) && !decision::gatedOnDevice(m_spec, decision));
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
        QVERIFY(decision::parseSpaceOptions("paper+gates")->edgeGateThresholds.empty());
        const auto edge = *decision::parseSpaceOptions("paper+edge-gates"),
                   both = *decision::parseSpaceOptions("paper+edge-gates:0.5+gates:0.2");
        QVERIFY(edge.edgeGateThresholds == SpaceOptions::usualGateThresholds() && edge.gateThresholds.empty() && edge.anyGates());
        QVERIFY(both.edgeGateThresholds == std::vector{0.5} && both.gateThresholds == std::vector{0.2});
        QCOMPARE(decision::withoutGates("bits:4,8+gates:0.5"), std::string("bits:4,8"));
        QCOMPARE(decision::withoutGates("bits:4,8+edge-gates+gates:0.5"), std::string("bits:4,8"));
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
