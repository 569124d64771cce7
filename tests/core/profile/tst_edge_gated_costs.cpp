// SPDX-License-Identifier: GPL-3.0-or-later
// What gates of the edge bring, against a count over the images of the accuracy table: all frames are sent, and the edge saves
// the rest of the path for those that the gate's exit answers.
#include "cost_samples.h"
#include "gate_samples.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

using namespace splitscope;
using codec::CodingKind;
using decision::Decision;
using decision::Gate;

class TestEdgeGatedCosts : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    const decision::SpaceOptions m_actions{.edgeGateThresholds = {0.2, 0.5, 1.0}};
    /// Answers that depend on the coding too: of a gate on the edge they are those of what crossed.
    const profile::AccuracyTable m_accuracy = [this] {
        auto table = profile::sampleAccuracy(m_spec, {});
        profile::makeEntropiesDiffer(table);
        for (auto& column : table.columns)
            if (column.coding == codec::Coding{CodingKind::Quantized, 4})
                for (std::size_t i = 0; i < table.images; i += 3) {
                    column.entropy[i] = 1.5F;
                    column.correct[i] = !column.correct[i];
                }
        return table;
    }();
    const profile::CostTable m_table = made(m_actions);

    [[nodiscard]] profile::CostTable made(const decision::SpaceOptions& actions) const
    {
        return profile::tableOf(m_spec, actions, m_accuracy);
    }
    /// Of an exit, from what the decision sends.
    [[nodiscard]] const profile::AccuracyColumn& answersOf(int exit, const Decision& decision) const
    {
        return *m_accuracy.find(exit, model::Path(m_spec, exit).cutName(decision.partition), decision.coding);
    }
    [[nodiscard]] bool goesOn(const Decision& decision, std::size_t image) const
    {
        return static_cast<double>(answersOf(decision.gate->exit, decision).entropy[image]) >= decision.gate->threshold;
    }
    [[nodiscard]] static Decision ungated(Decision decision)
    {
        decision.gate.reset();
        return decision;
    }
    [[nodiscard]] int layers(int exit) const { return m_spec.exits[static_cast<std::size_t>(exit - 1)].layerCount(); }

private Q_SLOTS:
    void accuracyAndShareAreCountedImageByImageAndAllIsSent()
    {
        int gated = 0;
        for (const auto& row : m_table.rows()) {
            const auto& decision = row.decision;
            if (!decision.gate)
                continue;
            ++gated;
            double right = 0, going = 0;
            for (std::size_t i = 0; i < m_accuracy.images; ++i) {
                const bool on = goesOn(decision, i);
                right += answersOf(on ? decision.exit : decision.gate->exit, decision).correct[i] ? 1 : 0;
                going += on ? 1 : 0;
            }
            const auto images = static_cast<double>(m_accuracy.images);
            QVERIFY2(profile::near(row.accuracy.accuracy, right / images), decision::toString(decision).c_str());
            QVERIFY(profile::near(row.accuracy.goesOn, going / images));
            const auto& whole = m_table.rows()[*m_table.rowOf(ungated(decision))].accuracy;
            QCOMPARE(row.accuracy.meanBytes, whole.meanBytes);
            QCOMPARE(row.accuracy.p95Bytes, whole.p95Bytes);
        }
        QVERIFY(gated > 0);
    }

    void theEdgeSavesTheRestOfWhatIsAnsweredAndNothingElseChanges_data()
    {
        QTest::addColumn<int>("batch");
        QTest::newRow("one frame") << 1;
        QTest::newRow("three frames") << 3;
    }
    void theEdgeSavesTheRestOfWhatIsAnsweredAndNothingElseChanges()
    {
        QFETCH(int, batch);
        const profile::Conditions conditions{.bytesPerSecond = 2e5};
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            const auto& decision = m_table.rows()[row].decision;
            if (!decision.gate)
                continue;
            const int branch = m_spec.exits[static_cast<std::size_t>(decision.gate->exit - 1)].after;
            const auto whole = *m_table.predict(ungated(decision), batch, conditions);
            for (int going = 0; going <= batch; ++going) {
                const auto p = m_table.predictGoingOn(row, batch, going, conditions);
                const double headMs = profile::kEdgeMs * (layers(decision.gate->exit) - decision.partition) * batch;
                QVERIFY2(profile::near(p.edgeMs, headMs + profile::kEdgeMs * (layers(decision.exit) - branch) * going),
                         decision::toString(decision).c_str());
                for (const auto same :
                     {&profile::Prediction::captureMs, &profile::Prediction::deviceMs, &profile::Prediction::encodeMs,
                      &profile::Prediction::decodeMs, &profile::Prediction::payloadBytes, &profile::Prediction::wireBytes,
                      &profile::Prediction::energyJoules})
                    QVERIFY(profile::near(p.*same, whole.*same));
                QVERIFY(p.feasible);
            }
            const auto mean = m_table.predict(row, batch, conditions);
            const double share = m_table.rows()[row].accuracy.goesOn;
            QVERIFY(profile::near(mean.edgeMs,
                                  profile::kEdgeMs * (layers(decision.gate->exit) - decision.partition) * batch
                                      + profile::kEdgeMs * (layers(decision.exit) - branch) * batch * share));
            QVERIFY(profile::near(mean.energyJoules, whole.energyJoules));
        }
    }

    void allOfItNeedsALink()
    {
        for (std::size_t row = 0; row < m_table.rows().size(); ++row)
            if (m_table.rows()[row].decision.gate)
                for (const int going : {0, 2}) {
                    const auto p = m_table.predictGoingOn(row, 2, going, {.bytesPerSecond = 0});
                    QVERIFY(!p.feasible && std::isinf(p.totalMs));
                }
    }

    /// The slower the edge, the more its gates save.
    void aSlowEdgeWaitsForItsGate()
    {
        const Decision decision{3, 0, {CodingKind::Raw, 0}, Gate{1, 1.0}};
        const auto row = *m_table.rowOf(decision);
        const auto free = m_table.predictGoingOn(row, 1, 0, {.bytesPerSecond = 2e5});
        const auto slow = m_table.predictGoingOn(row, 1, 0, {.bytesPerSecond = 2e5, .edgeSlowdown = 3});
        QVERIFY(profile::near(slow.edgeMs, 3 * free.edgeMs));
        QVERIFY(profile::near(slow.deviceMs, free.deviceMs));
    }

    void aTableOfBeforeIsPricedLaterAndReadAgain()
    {
        const auto before = made({});
        QVERIFY(before.lacksGates(m_actions));
        const auto priced = before.withGates(m_actions, m_accuracy);
        QVERIFY2(priced.ok(), priced ? "" : priced.error().message().c_str());
        QVERIFY(!priced->lacksGates(m_actions));
        QVERIFY(priced->withActions(m_actions).ok());
        const auto versionOf = [](const profile::CostTable& table) {
            return QJsonDocument::fromJson(QByteArray::fromStdString(table.toJson())).object()["version"].toInt();
        };
        QCOMPARE(versionOf(*priced), 3);
        const auto again = profile::CostTable::parse(priced->toJson(), "test");
        QVERIFY2(again.ok(), again ? "" : again.error().message().c_str());
        const auto chosen = *again->withActions(m_actions);
        QCOMPARE(chosen.rows().size(), m_table.rows().size());
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            QVERIFY(chosen.rows()[row].decision == m_table.rows()[row].decision);
            QVERIFY(chosen.rows()[row].accuracy == m_table.rows()[row].accuracy);
            QCOMPARE(chosen.predict(row, 8, {.bytesPerSecond = 1e5}).totalMs,
                     m_table.predict(row, 8, {.bytesPerSecond = 1e5}).totalMs);
        }
    }
};

QTEST_APPLESS_MAIN(TestEdgeGatedCosts)
#include "tst_edge_gated_costs.moc"
