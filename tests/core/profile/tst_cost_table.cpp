// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/codec/wire_size.h"
#include "cost_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

using namespace splitscope;
using codec::CodingKind;
using decision::Decision;

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
const decision::SpaceOptions kActions;
const Decision kCut{2, 3, {CodingKind::Quantized, 8}};
const Decision kRaw{3, 0, {CodingKind::Raw, 0}};

bool near(double actual, double expected) { return std::abs(actual - expected) <= 1e-9 * std::max(1.0, std::abs(expected)); }

/// The table's document with something changed.
std::string changed(const profile::CostTable& table, const std::function<void(QJsonObject&)>& change)
{
    auto root = QJsonDocument::fromJson(QByteArray::fromStdString(table.toJson())).object();
    change(root);
    return QJsonDocument(root).toJson().toStdString();
}

void changeRow(QJsonObject& root, const char* key, const QJsonValue& value)
{
    auto rows = root["rows"].toArray();
    auto row = rows[5].toObject();
    row[key] = value;
    rows[5] = row;
    root["rows"] = rows;
}

using Change = std::function<void(QJsonObject&)>;

}  // namespace
Q_DECLARE_METATYPE(Change)

class TestCostTable : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    const profile::CostTable m_table = profile::sampleTable(m_spec);

    [[nodiscard]] profile::Prediction predict(const Decision& decision, const profile::Conditions& conditions,
                                              int batch = 1) const
    {
        return *m_table.predict(decision, batch, conditions);
    }

private Q_SLOTS:
    void everyDistinctDecisionHasOneRow()
    {
        const decision::DecisionSpace space(m_spec, kActions);
        QCOMPARE(m_table.rows().size(), space.decisions().size());
        for (std::size_t row = 0; row < m_table.rows().size(); ++row)
            QCOMPARE(*m_table.rowOf(m_table.rows()[row].decision), row);
    }

    void equalCutsShareARow()
    {
        int equalCuts = 0;
        for (const auto& name : model::shippedNetworks()) {
            const auto spec = *model::loadNetworkSpec(name);
            const auto table = profile::sampleTable(spec);
            for (int exit = 1; exit <= spec.exitCount(); ++exit) {
                const model::Path path(spec, exit);
                for (int cut = 1; cut < path.length(); ++cut) {
                    equalCuts += path.canonicalCut(cut) != cut ? 1 : 0;
                    QCOMPARE(*table.rowOf({exit, cut, {CodingKind::Quantized, 8}}),
                             *table.rowOf({exit, path.canonicalCut(cut), {CodingKind::Quantized, 8}}));
                }
            }
        }
        QVERIFY(equalCuts > 0);  // dropout
    }

    void decisionsOutsideItAreErrors()
    {
        QCOMPARE(m_table.rowOf({1, 3, {CodingKind::Quantized, 7}}).error().code, base::ErrorCode::NotFound);
        QVERIFY(!m_table.rowOf({9, 3, {CodingKind::Quantized, 8}}));
        QVERIFY(!m_table.predict(kCut, 0, {.bytesPerSecond = 1e6}));
        QVERIFY(!m_table.predict(kCut, profile::CostTable::kMaxBatch + 1, {.bytesPerSecond = 1e6}));
    }

    void stagesAreTheProfilesTimes()
    {
        const auto p = predict(kCut, {.bytesPerSecond = kNoLimit});
        const int length = m_spec.exits[1].layerCount();
        QVERIFY(near(p.captureMs, 0.3));
        QVERIFY(near(p.deviceMs, 4 * 3));
        QVERIFY(near(p.encodeMs, 0.4));
        QVERIFY(near(p.decodeMs, 0.2));
        QVERIFY(near(p.edgeMs, length - 3));
        QVERIFY(near(p.totalMs, p.captureMs + p.deviceMs + p.encodeMs + p.transferMs + p.decodeMs + p.edgeMs));
        QCOMPARE(p.payloadBytes, 8000.0);
    }

    void batchesBetweenMeasuredOnesAreInterpolated()
    {
        const auto p = predict(kCut, {.bytesPerSecond = kNoLimit}, 4);
        QVERIFY(near(p.deviceMs, 4 * 3 * 4));
        QCOMPARE(p.payloadBytes, 32000.0);
    }

    void slowdownTakesComputingAndCodingButNotReading()
    {
        const auto as = predict(kCut, {.bytesPerSecond = 1e6});
        const auto slow = predict(kCut, {.bytesPerSecond = 1e6, .deviceSlowdown = 6, .edgeSlowdown = 2});
        QVERIFY(near(slow.captureMs, as.captureMs));
        QVERIFY(near(slow.deviceMs, 6 * as.deviceMs));
        QVERIFY(near(slow.encodeMs, 6 * as.encodeMs));
        QVERIFY(near(slow.transferMs, as.transferMs));
        QVERIFY(near(slow.decodeMs, 2 * as.decodeMs));
        QVERIFY(near(slow.edgeMs, 2 * as.edgeMs));
    }

    void transferIsWireBytesBeyondTheBurstOverTheRateAndRoundTripAndOverhead()
    {
        const profile::Conditions conditions{.bytesPerSecond = 1e5, .pacedByDevice = false};
        const auto p = predict(kCut, conditions);
        QVERIFY(near(p.transferMs, 1 + 0.5 + (p.wireBytes - 1500) / 1e5 * 1e3));
        auto far = conditions;
        far.rttMs = 40;
        QVERIFY(near(predict(kCut, far).transferMs, p.transferMs + 39));
    }

    void wireBytesAreWhatTheShaperCounts()
    {
        // 8,000 bytes in two pieces of 4,096 at most.
        const auto header = codec::kRequestHeaderBytes + codec::kRowHeaderBytes;
        QCOMPARE(static_cast<std::uint64_t>(predict(kCut, {.bytesPerSecond = 1e6, .pacedByDevice = false}).wireBytes),
                 codec::wireBytesOf(header, 4096) + codec::wireBytesOf(codec::kChunkHeaderBytes, 8000 - 4096));
    }

    void aDeviceThatPacesItselfSendsSmallerChunks()
    {
        const double paced = predict(kCut, {.bytesPerSecond = 5e4}).wireBytes;
        const double whole = predict(kCut, {.bytesPerSecond = 5e4, .pacedByDevice = false}).wireBytes;
        QCOMPARE(static_cast<std::uint64_t>(paced), codec::requestOnWire(1, 8000, 5e4).wireBytes);
        QVERIFY(paced > whole);  // pieces of 1,000 bytes
    }

    void withoutLimitTheChunksOwnTimeIsLeft()
    {
        QVERIFY(near(predict(kCut, {.bytesPerSecond = kNoLimit}).transferMs, 1 + 0.5 + 0.05));
        QVERIFY(near(predict(kCut, {.bytesPerSecond = kNoLimit}, 8).transferMs, 1 + 0.5 + 0.05 * 3));
    }

    void theDevicesOwnAnswerNeedsNoLink()
    {
        const auto local = decision::onDevice(m_spec, 1);
        const auto p = predict(local, {.bytesPerSecond = 0});
        QVERIFY(p.feasible);
        QVERIFY(near(p.totalMs, 0.3 + 4.0 * local.partition));
        QCOMPARE(p.wireBytes, 0.0);
    }

    void withoutALinkTheOthersAreInfeasible()
    {
        for (const double rate : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
            const auto p = predict(kCut, {.bytesPerSecond = rate});
            QVERIFY(!p.feasible);
            QVERIFY(std::isinf(p.totalMs));
            QVERIFY(!std::isnan(p.energyJoules));
        }
    }

    void energyAndAccuracyAreTheModelsAndTheTables()
    {
        const auto p = predict(kCut, {.bytesPerSecond = 1e5});
        const profile::EnergyModel energy(m_spec, m_table.device().energy);
        QVERIFY(near(p.energyJoules, energy.perFrame(kCut, p.wireBytes, 1e5)));
        QCOMPARE(p.accuracy, 0.85);
        QVERIFY(p.accuracyLow < 0.85 && p.accuracyHigh > 0.85);
        const auto batch = predict(kCut, {.bytesPerSecond = 1e5}, 8);
        QVERIFY(near(batch.energyJoules, energy.perFrame(kCut, batch.wireBytes / 8, 1e5)));
    }

    void jsonGivesAnEqualTableBack()
    {
        const auto again = profile::CostTable::parse(m_table.toJson(), "test");
        QVERIFY2(again.ok(), again ? "" : again.error().message().c_str());
        QCOMPARE(again->toJson(), m_table.toJson());
        QVERIFY(again->device() == m_table.device() && again->edge() == m_table.edge() && again->link() == m_table.link());
        QCOMPARE(again->accuracyHash(), base::sha256(serialize(profile::sampleAccuracy(m_spec, kActions))));
        for (std::size_t row = 0; row < m_table.rows().size(); ++row)
            QCOMPARE(again->predict(row, 3, {.bytesPerSecond = 2e5}).totalMs,
                     m_table.predict(row, 3, {.bytesPerSecond = 2e5}).totalMs);
    }

    void filesAreReplacedInOneStep()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("table.json").toStdString();
        QVERIFY(m_table.save(path).ok());
        QCOMPARE(profile::CostTable::load(path)->toJson(), m_table.toJson());
        QVERIFY(!m_table.save(path / "no" / "folder").ok());
        QVERIFY(profile::CostTable::load(path).ok());
        QCOMPARE(profile::CostTable::load(path / "absent").ok(), false);
    }

    void damagedTablesAreRefused_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("says");
        const auto row
            = [](const char* name, const QString& says, const Change& change) { QTest::newRow(name) << change << says; };
        row("another format", "format", [](QJsonObject& root) { root["format"] = "splitscope-profile"; });
        row("a later version", "version", [](QJsonObject& root) { root["version"] = 4; });
        row("no link", "'link'", [](QJsonObject& root) { root.remove("link"); });
        row("a link without round trip", "'rtt_ms'", [](QJsonObject& root) {
            auto link = root["link"].toObject();
            link.remove("rtt_ms");
            root["link"] = link;
        });
        row("no rows", "no decision", [](QJsonObject& root) { root["rows"] = QJsonArray(); });
        row("rows that are none", "'exit'", [](QJsonObject& root) { root["rows"] = QJsonArray{1, 2}; });
        row("an exit that is not there", "row 6", [](QJsonObject& root) { changeRow(root, "exit", 7); });
        row("a huge exit", "row 6", [](QJsonObject& root) { changeRow(root, "exit", 1e300); });
        row("half an exit", "whole", [](QJsonObject& root) { changeRow(root, "exit", 1.5); });
        row("another tensor", "tensor", [](QJsonObject& root) { changeRow(root, "tensor", "conv9"); });
        row("an unknown coding", "coding", [](QJsonObject& root) { changeRow(root, "coding", "gif"); });
        row("more than all right", "'accuracy'", [](QJsonObject& root) { changeRow(root, "accuracy", 1.01); });
        row("negative bytes", "'mean_bytes'", [](QJsonObject& root) { changeRow(root, "mean_bytes", -1); });
        row("another model", "measure it again", [](QJsonObject& root) { root["model_hash"] = "b"; });
        row("a profile that lacks the segments", "device", [](QJsonObject& root) {
            auto device = root["device"].toObject();
            device["segments"] = QJsonArray();
            root["device"] = device;
        });
    }
    void damagedTablesAreRefused()
    {
        QFETCH(Change, change);
        QFETCH(QString, says);
        const auto parsed = profile::CostTable::parse(changed(m_table, change), "the file");
        QVERIFY(!parsed);
        const auto message = QString::fromStdString(parsed.error().message());
        QVERIFY2(message.contains(says) && message.contains("the file"), qPrintable(message));
    }

    void halfAFileIsRefused()
    {
        const auto json = m_table.toJson();
        for (const std::size_t length : {std::size_t{0}, std::size_t{1}, json.size() / 2, json.size() - 1})
            QVERIFY(!profile::CostTable::parse(json.substr(0, length), "half"));
    }

    void tablesAreMadeOfPartsThatBelongTogether()
    {
        auto other = profile::sampleProfile(m_spec, kActions, 1, 1);
        other.modelHash = "other";
        const auto mine = profile::sampleProfile(m_spec, kActions, 1, 1);
        const auto accuracy = profile::sampleAccuracy(m_spec, kActions);
        const auto make = [&](const auto& device, const auto& edge, const auto& table) {
            return profile::CostTable::make(m_spec, kActions, device, edge, profile::kSampleLink, table);
        };
        QVERIFY(make(mine, mine, accuracy).ok());
        QCOMPARE(make(other, mine, accuracy).error().code, base::ErrorCode::Mismatch);
        QCOMPARE(make(mine, other, accuracy).error().code, base::ErrorCode::Mismatch);
        auto lessAccuracy = accuracy;
        lessAccuracy.columns.pop_back();
        QCOMPARE(make(mine, mine, lessAccuracy).error().code, base::ErrorCode::NotFound);
        auto lessProfile = mine;
        lessProfile.codings.clear();
        QVERIFY(!make(mine, lessProfile, accuracy));
    }

    void sizesAloneMakeATableOfTimes()
    {
        std::vector<profile::CodedSize> sizes;
        for (const auto& row : m_table.rows())
            sizes.push_back({row.decision, row.accuracy.meanBytes, row.accuracy.p95Bytes});
        const auto profiles
            = std::pair(profile::sampleProfile(m_spec, kActions, 4, 0.4), profile::sampleProfile(m_spec, kActions, 1, 0.1));
        const auto table
            = profile::CostTable::makeOfSizes(m_spec, kActions, profiles.first, profiles.second, profile::kSampleLink, sizes);
        QVERIFY(table.ok());
        QCOMPARE(table->predict(kCut, 1, {.bytesPerSecond = 1e5})->totalMs, predict(kCut, {.bytesPerSecond = 1e5}).totalMs);
        QCOMPARE(table->rows()[*table->rowOf(kCut)].accuracy.images, std::size_t{0});
        QVERIFY(table->data().empty());
        sizes.pop_back();
        std::erase_if(sizes, [](const auto& size) { return size.decision == kRaw; });
        QVERIFY(!profile::CostTable::makeOfSizes(m_spec, kActions, profiles.first, profiles.second, profile::kSampleLink, sizes));
    }

    void anotherLinkChangesTransfersOnly()
    {
        auto link = profile::kSampleLink;
        link.requestOverheadMs = 7.5;
        const auto other = m_table.withLink(link);
        const profile::Conditions conditions{.bytesPerSecond = 1e5};
        QVERIFY(near(other.predict(kCut, 1, conditions)->totalMs, predict(kCut, conditions).totalMs + 7));
        QVERIFY(near(m_table.link().requestOverheadMs, 0.5));
    }

    void theFastestAreFoundByTryingAll()
    {
        const profile::Conditions conditions{.rttMs = 5};
        const auto ranges = everFastest(m_table, 1, 0.01, conditions, 1e3, 1e8, 200);
        QVERIFY(!ranges.empty());
        QCOMPARE(ranges.front().fromBytesPerSecond, 1e3);
        QVERIFY(near(ranges.back().toBytesPerSecond, 1e8));
        // Within a point of the best there are only exit 3's, and not at 4 bits; a slow link leaves all on the device.
        for (const auto& range : ranges)
            QVERIFY(m_table.rows()[range.row].accuracy.accuracy >= 0.89);
        QVERIFY(m_table.rows()[ranges.front().row].decision == decision::onDevice(m_spec, 3));
        QCOMPARE(m_table.rows()[ranges.back().row].decision.partition, 0);
        for (const auto& range : ranges) {
            auto here = conditions;
            here.bytesPerSecond = range.fromBytesPerSecond;
            const double ms = m_table.predict(range.row, 1, here).totalMs;
            for (std::size_t row = 0; row < m_table.rows().size(); ++row)
                if (m_table.rows()[row].accuracy.accuracy >= 0.89)
                    QVERIFY(m_table.predict(row, 1, here).totalMs >= ms);
        }
        QVERIFY(profile::countDistinct(ranges) <= ranges.size());
    }

    void withMoreLossAllowedEarlierExitsWin()
    {
        const auto ranges = everFastest(m_table, 1, 1, {}, 1e3, 1e4, 10);
        QVERIFY(m_table.rows()[ranges.front().row].decision == decision::onDevice(m_spec, 1));
    }

    void compressedFilesGiveTheSameTable()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        QVERIFY(m_table.save(root / "plain.json").ok());
        QVERIFY(m_table.save(root / "packed.json.zst").ok());
        QVERIFY(std::filesystem::file_size(root / "packed.json.zst") * 4 < std::filesystem::file_size(root / "plain.json"));
        for (const char* name : {"plain.json", "packed.json.zst"}) {
            const auto read = profile::CostTable::load(root / name);
            QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
            QCOMPARE(read->toJson(), m_table.toJson());
        }
        auto bytes = *base::readFile(root / "packed.json.zst", 1 << 20);
        bytes.resize(bytes.size() / 2);
        QVERIFY(base::writeFileAtomically(root / "packed.json.zst", bytes).ok());
        QVERIFY(!profile::CostTable::load(root / "packed.json.zst").ok());
    }

    void theShippedTablesFitTheShippedWeights_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("data");
        for (const auto& network : model::shippedNetworks())
            for (const char* data : {"cifar10", "patterns", "imagenette"})
                if (profile::loadShippedCostTable(network, data).ok() || (network == "alexnet3" && data != QString("imagenette")))
                    QTest::newRow(qPrintable(QString::fromStdString(network) + ", " + data))
                        << QString::fromStdString(network) << QString(data);
    }
    void theShippedTablesFitTheShippedWeights()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto table = profile::loadShippedCostTable(network.toStdString(), data.toStdString());
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().message().c_str());
        const auto accuracy = profile::loadShippedAccuracyTable(network.toStdString(), data.toStdString());
        QVERIFY(accuracy.ok());
        QCOMPARE(table->modelHash(), accuracy->modelHash);
        QCOMPARE(table->data(), data.toStdString());
        const decision::DecisionSpace space(table->spec(), kActions);
        QCOMPARE(table->rows().size(), space.decisions().size());
        QVERIFY(table->link().rttMs > 0);
    }
};

QTEST_APPLESS_MAIN(TestCostTable)
#include "tst_cost_table.moc"
