// SPDX-License-Identifier: GPL-3.0-or-later
// What gates bring, against a count over the images of the accuracy table.
#include "core/codec/wire_size.h"
#include "cost_samples.h"
#include "gate_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

using namespace splitscope;
using codec::CodingKind;
using decision::Decision;
using decision::Gate;

class TestGatedCosts : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    const decision::SpaceOptions m_actions = profile::gatedActions();
    const profile::AccuracyTable m_accuracy = [this] {
        auto table = profile::sampleAccuracy(m_spec, {});
        profile::makeEntropiesDiffer(table);
        return table;
    }();
    const profile::CostTable m_table = made(m_actions);

    [[nodiscard]] profile::CostTable made(const decision::SpaceOptions& actions) const
    {
        return profile::tableOf(m_spec, actions, m_accuracy);
    }
    [[nodiscard]] const profile::AccuracyColumn& headOf(int exit) const
    {
        const model::Path path(m_spec, exit);
        return *m_accuracy.find(exit, path.cutName(path.length()), {CodingKind::LabelOnly, 0});
    }
    [[nodiscard]] const profile::AccuracyColumn& restOf(const Decision& decision) const
    {
        return *m_accuracy.find(decision.exit, model::Path(m_spec, decision.exit).cutName(decision.partition), decision.coding);
    }
    [[nodiscard]] bool goesOn(const Gate& gate, std::size_t image) const
    {
        return static_cast<double>(headOf(gate.exit).entropy[image]) >= gate.threshold;
    }

    struct Cost {
        double ms = 0, wireBytes = 0, flopsPerFrame = 0;
    };
    /// One request of these images, written out.
    [[nodiscard]] Cost costOf(const Decision& decision, const std::vector<std::size_t>& images, double rate) const
    {
        const auto& gate = *decision.gate;
        const auto batch = static_cast<int>(images.size());
        const auto going
            = static_cast<int>(std::count_if(images.begin(), images.end(), [&](std::size_t i) { return goesOn(gate, i); }));
        const int branch = m_spec.exits[static_cast<std::size_t>(gate.exit - 1)].after;
        const auto length = [&](int exit) { return m_spec.exits[static_cast<std::size_t>(exit - 1)].layerCount(); };
        Cost cost;
        cost.ms = 0.3 * batch + profile::kDeviceMs * length(gate.exit) * batch
            + profile::kDeviceMs * (decision.partition - branch) * going;
        if (decision.coding.kind == CodingKind::LabelOnly || going == 0)
            return cost;
        const auto bytes = static_cast<double>(restOf(decision).bytes.at(codec::EntropyCoder::None).front()) * going;
        const auto sent = codec::requestOnWire(going, static_cast<std::size_t>(bytes), rate);
        cost.wireBytes = static_cast<double>(sent.wireBytes);
        const auto& link = profile::kSampleLink;
        cost.ms += profile::kCodingMs * going + 2 * profile::kCodingMs / 4 * going
            + profile::kEdgeMs * (length(decision.exit) - decision.partition) * going;
        cost.ms += link.rttMs + link.requestOverheadMs
            + std::max((cost.wireBytes - link.burstBytes) / rate * 1e3, link.perChunkMs * static_cast<double>(sent.chunks - 1));
        return cost;
    }

private Q_SLOTS:
    void accuracyBytesAndShareAreCountedImageByImage()
    {
        int gated = 0;
        for (const auto& row : m_table.rows()) {
            if (!row.decision.gate) {
                QCOMPARE(row.accuracy.goesOn, 1.0);
                continue;
            }
            ++gated;
            const auto& head = headOf(row.decision.gate->exit);
            const auto& rest = restOf(row.decision);
            double right = 0, going = 0;
            for (std::size_t i = 0; i < m_accuracy.images; ++i) {
                const bool on = goesOn(*row.decision.gate, i);
                right += (on ? rest : head).correct[i] ? 1 : 0;
                going += on ? 1 : 0;
            }
            const auto images = static_cast<double>(m_accuracy.images);
            QVERIFY(profile::near(row.accuracy.accuracy, right / images));
            QVERIFY(profile::near(row.accuracy.goesOn, going / images));
            QVERIFY(profile::near(row.accuracy.meanBytes, going / images * rest.bytes.at(codec::EntropyCoder::None).front()));
            QVERIFY(row.accuracy.low < row.accuracy.accuracy && row.accuracy.accuracy < row.accuracy.high);
        }
        QVERIFY(gated > 0);
    }

    /// Frames that are answered early leave a bucket time to fill for those that go on.
    void aGateKeepsTheBucketFromBeingDrained()
    {
        int rested = 0;
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            const auto& [decision, tensor, accuracy] = m_table.rows()[row];
            if (!decision.gate || accuracy.goesOn == 0 || accuracy.goesOn == 1)
                continue;
            const auto free = m_table.predictGoingOn(row, 1, 1, {.bytesPerSecond = 1e4});
            const auto every = [&](double intervalMs) {
                return m_table.predictGoingOn(row, 1, 1, {.bytesPerSecond = 1e4, .intervalMs = intervalMs}).transferMs;
            };
            const double neededMs = accuracy.goesOn * free.wireBytes / 1e4 * 1e3;
            QCOMPARE(every(1.01 * neededMs), free.transferMs);
            QVERIFY(every(0.99 * neededMs) >= free.transferMs);
            rested += every(0.99 * neededMs) > free.transferMs ? 1 : 0;
        }
        QVERIFY(rested > 0);
    }

    void predictionsAreMeansOverAllRequestsOfTheImages_data()
    {
        QTest::addColumn<int>("batch");
        QTest::newRow("one frame") << 1;
        QTest::newRow("two frames") << 2;
    }
    void predictionsAreMeansOverAllRequestsOfTheImages()
    {
        QFETCH(int, batch);
        constexpr double kRate = 2e5;
        const auto images = m_accuracy.images;
        for (std::size_t row = 0; row < m_table.rows().size(); row += 7) {
            const auto& decision = m_table.rows()[row].decision;
            if (!decision.gate)
                continue;
            double ms = 0, bytes = 0, requests = 0;
            for (std::size_t first = 0; first < images; ++first)
                for (std::size_t second = 0; second < (batch == 2 ? images : 1); ++second) {
                    const auto cost = costOf(decision, batch == 2 ? std::vector{first, second} : std::vector{first}, kRate);
                    ms += cost.ms;
                    bytes += cost.wireBytes;
                    requests += 1;
                }
            const auto p = m_table.predict(row, batch, {.bytesPerSecond = kRate});
            QVERIFY2(profile::near(p.totalMs, ms / requests), decision::toString(decision).c_str());
            QVERIFY(profile::near(p.wireBytes, bytes / requests));
            QVERIFY(profile::near(p.totalMs, p.captureMs + p.deviceMs + p.encodeMs + p.transferMs + p.decodeMs + p.edgeMs));
        }
    }

    void everyBatchsChancesAddUpToOne()
    {
        for (std::size_t row = 0; row < m_table.rows().size(); row += 11)
            for (const int batch : {1, 8, profile::CostTable::kMaxBatch}) {
                double sum = 0, mean = 0;
                for (int going = 0; going <= batch; ++going) {
                    const double probability = m_table.goingOnProbability(row, batch, going);
                    sum += probability;
                    mean += probability * going;
                }
                QVERIFY(profile::near(sum, 1));
                QVERIFY(profile::near(mean, batch * m_table.rows()[row].accuracy.goesOn));
            }
    }

    void energyIsTheHeadsAndTheShareOfTheRest()
    {
        const Decision decision{3, 6, {CodingKind::Quantized, 8}, Gate{1, 0.5}};
        const auto row = *m_table.rowOf(decision);
        const profile::EnergyModel energy(m_spec, m_table.device().energy);
        const double share = m_table.rows()[row].accuracy.goesOn;
        QVERIFY(share > 0 && share < 1);
        const auto p = m_table.predict(row, 1, {.bytesPerSecond = 1e5});
        const double rest = energy.compute(3, 6) - energy.compute(3, 3);
        QVERIFY(profile::near(p.energyJoules, energy.compute(1, 9) + share * rest + energy.transmission(p.wireBytes, 1e5)));
    }

    void withoutALinkOnlyGatesWhoseRestStaysAreFeasible()
    {
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            const auto& decision = m_table.rows()[row].decision;
            const auto p = m_table.predict(row, 4, {.bytesPerSecond = 0});
            QCOMPARE(p.feasible, decision.coding.kind == CodingKind::LabelOnly);
            QCOMPARE(std::isfinite(p.totalMs), p.feasible);
            QVERIFY(!std::isnan(p.energyJoules));
        }
    }

    void aTableOfBeforeIsPricedLater()
    {
        const auto before = made({});
        QVERIFY(before.lacksGates(m_actions));
        QVERIFY(!before.withActions(m_actions).ok());
        const auto priced = before.withGates(m_actions, m_accuracy);
        QVERIFY2(priced.ok(), priced ? "" : priced.error().message().c_str());
        QVERIFY(!priced->lacksGates(m_actions));
        QCOMPARE(priced->rows().size(), m_table.rows().size());
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            QVERIFY(priced->rows()[row].decision == m_table.rows()[row].decision);
            QVERIFY(priced->rows()[row].accuracy == m_table.rows()[row].accuracy);
            QCOMPARE(priced->predict(row, 8, {.bytesPerSecond = 1e5}).totalMs,
                     m_table.predict(row, 8, {.bytesPerSecond = 1e5}).totalMs);
        }
        auto other = m_accuracy;
        other.modelHash = std::string(64, 'f');
        QCOMPARE(before.withGates(m_actions, other).error().code, base::ErrorCode::Mismatch);
        for (const auto& plain : {*m_table.withActions({}), m_table.withoutGates()}) {
            QCOMPARE(plain.rows().size(), before.rows().size());
            for (std::size_t row = 0; row < plain.rows().size(); ++row)
                QCOMPARE(plain.predict(row, 8, {.bytesPerSecond = 1e5}).totalMs,
                         before.predict(row, 8, {.bytesPerSecond = 1e5}).totalMs);
        }
    }

    void jsonHoldsGatesInVersionTwoAndTheRestInVersionOne()
    {
        const auto versionOf = [](const profile::CostTable& table) {
            return QJsonDocument::fromJson(QByteArray::fromStdString(table.toJson())).object()["version"].toInt();
        };
        QCOMPARE(versionOf(made({})), 1);
        QCOMPARE(versionOf(m_table), 2);
        const auto again = profile::CostTable::parse(m_table.toJson(), "test");
        QVERIFY2(again.ok(), again ? "" : again.error().message().c_str());
        QCOMPARE(again->toJson(), m_table.toJson());
        for (std::size_t row = 0; row < m_table.rows().size(); ++row) {
            QVERIFY(again->rows()[row].decision == m_table.rows()[row].decision);
            QCOMPARE(again->predict(row, 3, {.bytesPerSecond = 2e5}).totalMs,
                     m_table.predict(row, 3, {.bytesPerSecond = 2e5}).totalMs);
        }
    }

    void damagedGatesAreRefused_data()
    {
        QTest::addColumn<QString>("gate");
        QTest::addColumn<double>("goesOn");
        QTest::addColumn<QString>("says");
        QTest::newRow("no gate's text") << "often" << 0.5 << "'gate'";
        QTest::newRow("behind the exit") << "3:0.5" << 0.5 << "before exit";
        QTest::newRow("more than all go on") << "1:0.5" << 1.5 << "'goes_on'";
        QTest::newRow("none go on, but bytes are sent") << "1:0.5" << 0.0 << "'goes_on'";
    }
    void damagedGatesAreRefused()
    {
        QFETCH(QString, gate);
        QFETCH(double, goesOn);
        QFETCH(QString, says);
        auto root = QJsonDocument::fromJson(QByteArray::fromStdString(m_table.toJson())).object();
        auto rows = root["rows"].toArray();
        const auto at = static_cast<qsizetype>(*m_table.rowOf({3, 6, {CodingKind::Quantized, 8}, Gate{1, 0.5}}));
        auto row = rows[at].toObject();
        row["gate"] = gate;
        row["goes_on"] = goesOn;
        rows[at] = row;
        root["rows"] = rows;
        const auto parsed = profile::CostTable::parse(QJsonDocument(root).toJson().toStdString(), "the file");
        QVERIFY(!parsed);
        QVERIFY2(QString::fromStdString(parsed.error().message()).contains(says), parsed.error().message().c_str());
    }
};

QTEST_APPLESS_MAIN(TestGatedCosts)
#include "tst_gated_costs.moc"
