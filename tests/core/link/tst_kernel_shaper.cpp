// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/kernel_shaper.h"

#include "core/base/process.h"
#include "core/link/host_pair.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <arpa/inet.h>
#include <limits>
#include <sys/socket.h>
#include <unistd.h>

using namespace splitscope;
using link::KernelShaper;

namespace {

/// `tc -s -j` about the uplink, run on the device.
QJsonObject tcSays(const link::HostPair& hosts)
{
    auto command = hosts.deviceCommandPrefix();
    command.insert(command.end(), {"tc", "-s", "-j", "qdisc", "show", "dev", "uplink0"});
    const auto said = base::runProcessOrFail(command);
    return said ? QJsonDocument::fromJson(QByteArray::fromStdString(said->output)).array().at(0).toObject() : QJsonObject();
}

QJsonObject optionsOf(const QJsonObject& qdisc) { return qdisc["options"].toObject(); }

/// Nobody listens; what is counted is what left.
void sendDatagrams(const std::string& address)
{
    const int sender = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    for (int i = 0; i < 5; ++i)
        ::sendto(sender, "0123456789", 10, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    ::close(sender);
}

}  // namespace

class TestKernelShaper : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<link::HostPair> m_hosts;

private Q_SLOTS:
    void init()
    {
        auto hosts = link::HostPair::create();
        if (!hosts)
            QSKIP(hosts.error().message().c_str());
        m_hosts = *std::move(hosts);
    }
    void cleanup() { m_hosts.reset(); }

    void ratesAreSetInBytesPerSecond_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("told");
        QTest::newRow("an outage is the least rate") << 0.0 << 1.0;
        QTest::newRow("slow") << 1e4 << 1e4;
        QTest::newRow("4G") << 731'250.0 << 731'250.0;
        QTest::newRow("fast") << 1e8 << 1e8;
        QTest::newRow("over 32 bits") << 2.5e9 << 2.5e9;
    }
    void ratesAreSetInBytesPerSecond()
    {
        QFETCH(double, rate);
        QFETCH(double, told);
        QVERIFY(m_hosts->shape(rate).ok());
        const auto said = tcSays(*m_hosts);
        QCOMPARE(said["kind"].toString(), QString("tbf"));
        QCOMPARE(optionsOf(said)["rate"].toDouble(), told);
    }

    void burstsCoverOnePacketAtLeast()
    {
        const auto entry = m_hosts->enterDevice();
        QVERIFY(entry.ok());
        QVERIFY(m_hosts->shape(1e6, 10).ok());
        const double least = optionsOf(tcSays(*m_hosts))["burst"].toDouble();
        QVERIFY2(least >= 1513 && least <= 1600, qPrintable(QString::number(least)));  // tc rounds to its clock's ticks
        QVERIFY(m_hosts->shape(1e6, 64'000).ok());
        QVERIFY(optionsOf(tcSays(*m_hosts))["burst"].toDouble() >= 63'990);
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("burst");
        QTest::newRow("negative rate") << -1.0 << 1514.0;
        QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << 1514.0;
        QTest::newRow("burst that is no number") << 1e6 << std::numeric_limits<double>::quiet_NaN();
    }
    void nonsenseIsRefused()
    {
        QFETCH(double, rate);
        QFETCH(double, burst);
        QVERIFY(!m_hosts->shape(rate, burst).ok());
    }

    void unknownInterfacesAreRefused()
    {
        const auto shaper = KernelShaper::open("no-such-if0");
        QVERIFY(!shaper.ok());
        QCOMPARE(shaper.error().where, std::string("no-such-if0"));
    }

    void somebodysOwnQueueIsLeftAlone()
    {
        const auto entry = m_hosts->enterEdge();
        QVERIFY(entry.ok());
        QVERIFY(base::runProcessOrFail({"tc", "qdisc", "replace", "dev", "uplink0", "root", "sfq"}).ok()
                || base::runProcessOrFail({"tc", "qdisc", "replace", "dev", "uplink0", "root", "pfifo"}).ok());
        const auto shaper = KernelShaper::open("uplink0");
        QVERIFY(!shaper.ok());
        QCOMPARE(shaper.error().code, base::ErrorCode::Busy);
    }

    void theShapingEndsWithItsOwner()
    {
        const auto entry = m_hosts->enterEdge();
        QVERIFY(entry.ok());
        auto shaper = KernelShaper::open("uplink0");
        QVERIFY2(shaper.ok(), shaper.ok() ? "" : shaper.error().message().c_str());
        QVERIFY((*shaper)->setRate(1e6).ok());
        QCOMPARE((*shaper)->stats()->kind, std::string("tbf"));
        const auto stats = link::QdiscStats::open("uplink0");
        QVERIFY(stats.ok());
        shaper->reset();
        QVERIFY((*stats)->read()->kind != "tbf");
        QVERIFY(!(*stats)->read()->chosen);
    }

    void aTokenBucketLeftBehindIsTakenOver()
    {
        const auto entry = m_hosts->enterEdge();
        QVERIFY(entry.ok());
        QVERIFY(base::runProcessOrFail({"tc", "qdisc", "replace", "dev", "uplink0", "root", "tbf", "rate", "1mbit", "burst",
                                        "1600", "limit", "10000"})
                    .ok());
        const auto shaper = KernelShaper::open("uplink0");
        QVERIFY(shaper.ok());
        QVERIFY((*shaper)->setRate(3e6).ok());
    }

    void countersAreThoseThatTcTells()
    {
        QVERIFY(m_hosts->shape(1e6).ok());
        const auto entry = m_hosts->enterDevice();
        QVERIFY(entry.ok());
        sendDatagrams(m_hosts->edgeAddress());
        const auto stats = m_hosts->uplink();
        QVERIFY(stats.ok());
        const auto said = tcSays(*m_hosts);
        QCOMPARE(stats->sentBytes, std::uint64_t(5 * (14 + 20 + 8 + 10)));
        QCOMPARE(static_cast<double>(stats->sentBytes), said["bytes"].toDouble());
        QCOMPARE(static_cast<double>(stats->sentPackets), said["packets"].toDouble());
        QCOMPARE(static_cast<double>(stats->droppedPackets), said["drops"].toDouble());
    }
};

QTEST_GUILESS_MAIN(TestKernelShaper)
#include "tst_kernel_shaper.moc"
