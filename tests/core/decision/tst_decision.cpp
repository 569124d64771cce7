// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/decision.h"

#include <QTest>
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
        for (const char* text : {"standard", "paper", "verification", "bits:8", "bits:2,4,16"})
            QTest::newRow(text) << text << true;
        for (const char* text : {"", "all", "bits:", "bits:1", "bits:17", "bits:4,", "bits:4,x"})
            QTest::newRow(*text ? text : "nothing") << text << false;
    }
    void actionSetsAreReadByName()
    {
        QFETCH(QString, text);
        QFETCH(bool, ok);
        QCOMPARE(decision::parseSpaceOptions(text.toStdString()).ok(), ok);
    }

    void allOnTheDeviceEndsAtTheExit()
    {
        QVERIFY(decision::onDevice(m_spec, 2) == (Decision{2, 12, {codec::CodingKind::LabelOnly, 0}}));
        QCOMPARE(decision::toString({2, 6, coding("8")}), std::string("exit 2, cut 6, 8 bits"));
    }
};

QTEST_APPLESS_MAIN(TestDecision)
#include "tst_decision.moc"
