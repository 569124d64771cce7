// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/device_health.h"

#include "core/base/clock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

namespace {

/// A system as /proc and /sys of a board tell of it.
class System {
public:
    void write(const QString& path, const QByteArray& text)
    {
        const QString full = m_folder.filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(full).path()));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    [[nodiscard]] std::filesystem::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

}  // namespace

class TestDeviceHealth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheSystemDoesNotTellIsNotThere()
    {
        const System nothing;
        exec::DeviceHealth device(nothing.root());
        QVERIFY(device.read() == wire::Health{});
        QVERIFY(device.read() == wire::Health{});
    }

    void aBoardsTemperatureLoadMemoryAndClockAreRead()
    {
        System board;
        board.write("proc/loadavg", "1.25 0.80 0.40 2/345 6789\n");
        board.write("proc/stat", "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 100 0 50 800 50 0 0 0 0 0\n");
        board.write("proc/meminfo", "MemTotal:        3884360 kB\nMemFree:          200000 kB\nMemAvailable:    2884360 kB\n");
        board.write("proc/self/statm", "50000 20000 3000 1 0 9000 0\n");
        board.write("sys/class/thermal/thermal_zone0/temp", "61500\n");
        board.write("sys/class/thermal/cooling_device0/type", "cpufreq-cpu0\n");
        board.write("sys/class/thermal/cooling_device0/cur_state", "0\n");
        board.write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "600000\n");
        board.write("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "1500000\n");
        exec::DeviceHealth device(board.root());
        const auto first = device.read();
        QCOMPARE(first.load.value_or(-1), 1.25);
        QVERIFY(!first.busy);  // a share needs two looks
        QCOMPARE(first.memoryBytes.value_or(0), 3884360ULL * 1024);
        QCOMPARE(first.memoryUsedBytes.value_or(0), 1000000ULL * 1024);
        QVERIFY(first.daemonMemoryBytes.value_or(0) >= 20000ULL * 4096);
        QCOMPARE(first.temperatureC.value_or(-1), 61.5);
        QCOMPARE(first.clockHz.value_or(-1), 6e8);
        QCOMPARE(first.fullClockHz.value_or(-1), 1.5e9);
        QVERIFY(first.throttled && !*first.throttled);
        QVERIFY(!first.underVoltage);

        board.write("proc/stat", "cpu  150 0 75 900 75 0 0 0 0 0\n");  // 75 of 200 ticks were work
        board.write("sys/class/thermal/cooling_device0/cur_state", "3\n");
        const auto second = device.read();
        QCOMPARE(second.busy.value_or(-1), 0.375);
        QVERIFY(second.throttled.value_or(false));
    }

    void aMetersPowerIsTheMeanSinceTheLastReport()
    {
        System board;
        board.write("sys/class/powercap/intel-rapl:0/name", "package-0\n");
        board.write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "1000000000000\n");
        board.write("sys/class/powercap/intel-rapl:0/energy_uj", "5000000\n");
        exec::DeviceHealth device(board.root());
        QCOMPARE(device.meterName(), std::string("powercap package-0"));
        const auto beganNs = base::nowNs();
        QVERIFY(!device.read().powerWatts);  // a mean needs two looks
        QTest::qWait(50);
        board.write("sys/class/powercap/intel-rapl:0/energy_uj", "7000000\n");
        const auto watts = device.read().powerWatts;
        const double seconds = base::toMs(base::nowNs() - beganNs) * 1e-3;
        QVERIFY(watts);
        QVERIFY2(*watts >= 2 / seconds && *watts <= 2 / 0.04,
                 qPrintable(QString::number(*watts)));  // 2 J, in 50 ms or somewhat more
        QCOMPARE(exec::DeviceHealth(System().root()).meterName(), std::string());
    }

    void theFirmwareTellsOfAWeakSupply_data()
    {
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<bool>("weak");
        QTest::addColumn<bool>("slowed");
        QTest::newRow("nothing") << QByteArray("0x0\n") << false << false;
        QTest::newRow("under-voltage now") << QByteArray("0x50005\n") << true << true;
        QTest::newRow("it was so, once") << QByteArray("50000\n") << false << false;
        QTest::newRow("hot now") << QByteArray("8\n") << false << true;
    }
    void theFirmwareTellsOfAWeakSupply()
    {
        QFETCH(QByteArray, flags);
        System board;
        board.write("sys/devices/platform/soc/soc:firmware/get_throttled", flags);
        const auto health = exec::DeviceHealth(board.root()).read();
        QVERIFY(health.underVoltage && health.throttled);
        QTEST(*health.underVoltage, "weak");
        QTEST(*health.throttled, "slowed");
    }

    void nonsenseIsNotTakenForAValue()
    {
        System board;
        for (const char* path : {"proc/loadavg", "proc/stat", "proc/meminfo", "proc/self/statm", "sys/fs/cgroup/memory.max",
                                 "sys/fs/cgroup/memory.current", "sys/class/thermal/thermal_zone0/temp",
                                 "sys/devices/platform/soc/soc:firmware/get_throttled"})
            board.write(path, "cpu nonsense -1 \xff\n");
        exec::DeviceHealth device(board.root());
        device.read();
        QVERIFY(device.read() == wire::Health{});
    }

    void aContainersLimitCounts()
    {
        System container;
        container.write("proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n");
        container.write("sys/fs/cgroup/memory.max", "1000000000\n");
        container.write("sys/fs/cgroup/memory.current", "250000000\n");
        const auto health = exec::DeviceHealth(container.root()).read();
        QCOMPARE(health.memoryBytes.value_or(0), 1'000'000'000ULL);
        QCOMPARE(health.memoryUsedBytes.value_or(0), 250'000'000ULL);
        container.write("sys/fs/cgroup/memory.max", "max\n");
        QCOMPARE(exec::DeviceHealth(container.root()).read().memoryBytes.value_or(0), 8'192'000'000ULL);
    }
};

QTEST_GUILESS_MAIN(TestDeviceHealth)
#include "tst_device_health.moc"
