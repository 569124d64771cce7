// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/machine.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope::profile;

namespace {

/// A file tree as a system shows it below its root.
class Tree {
public:
    void add(const char* path, const QByteArray& content)
    {
        const QString file = m_folder.filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(content), content.size());
    }
    [[nodiscard]] std::filesystem::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

void addPi(Tree& tree, const char* clock, const char* throttled)
{
    tree.add("proc/cpuinfo",
             "processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\n"
             "processor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\n"
             "Revision\t: c03114\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n");
    tree.add("proc/device-tree/model", QByteArray("Raspberry Pi 4 Model B Rev 1.4\0", 31));
    tree.add("proc/meminfo", "MemTotal:        3884360 kB\nMemFree:         1000 kB\n");
    tree.add("proc/sys/kernel/arch", "aarch64\n");
    tree.add("proc/sys/kernel/osrelease", "6.1.21-v8+\n");
    tree.add("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
    for (const char* cpu : {"cpu0", "cpu1"}) {
        const auto folder = "sys/devices/system/cpu/" + std::string(cpu) + "/cpufreq/";
        tree.add((folder + "scaling_governor").c_str(), "performance\n");
        tree.add((folder + "scaling_cur_freq").c_str(), cpu[3] == '0' ? QByteArray("600000\n") : QByteArray(clock));
        tree.add((folder + "cpuinfo_max_freq").c_str(), "1500000\n");
    }
    tree.add("sys/class/thermal/thermal_zone0/temp", "61835\n");
    tree.add("sys/devices/platform/soc/soc:firmware/get_throttled", throttled);
}

}  // namespace

class TestMachine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPiTellsItsModelAndState()
    {
        Tree tree;
        addPi(tree, "1500000\n", "0\n");
        const auto machine = describeMachine(tree.root());
        QCOMPARE(machine.name, std::string("Raspberry Pi 4 Model B Rev 1.4"));
        QCOMPARE(machine.processor, std::string("Cortex-A72"));
        QCOMPARE(machine.architecture, std::string("aarch64"));
        QCOMPARE(machine.system, std::string("Debian GNU/Linux 12 (bookworm), Linux 6.1.21-v8+"));
        QCOMPARE(machine.cores, 2);
        QCOMPARE(machine.memoryBytes, 3884360.0 * 1024);
        QVERIFY(machine.program.starts_with("splitscope "));
        const auto state = readMachineState(tree.root());
        QCOMPARE(state.governor, std::optional<std::string>("performance"));
        QCOMPARE(state.clockHz, std::optional(1.5e9));
        QCOMPARE(state.temperatureC, std::optional(61.835));
        QCOMPARE(state.throttled, std::optional(false));
        QCOMPARE(toString(state), std::string("governor performance, 1500 MHz, 62 °C, not slowed"));
    }

    void theFirmwaresFlagsOfNowCount_data()
    {
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<bool>("slowed");
        QTest::newRow("nothing") << QByteArray("0\n") << false;
        QTest::newRow("all of it, but earlier") << QByteArray("f0000\n") << false;
        QTest::newRow("under-voltage") << QByteArray("1\n") << true;
        QTest::newRow("clock capped") << QByteArray("2\n") << true;
        QTest::newRow("throttled") << QByteArray("50004\n") << true;
        QTest::newRow("soft limit, with its prefix") << QByteArray("0x80008\n") << true;
    }
    void theFirmwaresFlagsOfNowCount()
    {
        QFETCH(QByteArray, flags);
        Tree tree;
        addPi(tree, "1500000\n", flags.constData());
        const auto throttled = readMachineState(tree.root()).throttled;
        QVERIFY(throttled.has_value());
        QTEST(*throttled, "slowed");
    }

    void rubbishFromTheFirmwareSaysNothing()
    {
        Tree tree;
        tree.add("sys/devices/platform/soc/soc:firmware/get_throttled", "no idea\n");
        QCOMPARE(readMachineState(tree.root()).throttled, std::nullopt);
    }

    void aClockHeldDownIsSlowed_data()
    {
        QTest::addColumn<QByteArray>("governor");
        QTest::addColumn<QByteArray>("clock");
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<int>("slowed");  // −1: not told
        QTest::newRow("at its most") << QByteArray("performance") << QByteArray("4700000") << QByteArray() << 0;
        QTest::newRow("held down") << QByteArray("performance") << QByteArray("1200000") << QByteArray("2800000") << 1;
        QTest::newRow("boost not reached") << QByteArray("performance") << QByteArray("2800000") << QByteArray("2800000") << 0;
        QTest::newRow("no base told") << QByteArray("performance") << QByteArray("2800000") << QByteArray() << 1;
        QTest::newRow("follows the load") << QByteArray("powersave") << QByteArray("1200000") << QByteArray("2800000") << -1;
    }
    void aClockHeldDownIsSlowed()
    {
        QFETCH(QByteArray, governor);
        QFETCH(QByteArray, clock);
        QFETCH(QByteArray, base);
        Tree tree;
        tree.add("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor);
        tree.add("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", clock);
        tree.add("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "4700000");
        if (!base.isEmpty())
            tree.add("sys/devices/system/cpu/cpu0/cpufreq/base_frequency", base);
        const auto state = readMachineState(tree.root());
        QTEST(state.throttled ? static_cast<int>(*state.throttled) : -1, "slowed");
    }

    void aLaptopTellsItsProcessorAndWarmestZone()
    {
        Tree tree;
        tree.add("proc/cpuinfo",
                 "processor\t: 0\nmodel name\t: Some(R) Core(TM) i7-1185G7 @ 3.00GHz\ncpu MHz\t\t: 1800.250\n"
                 "processor\t: 1\nmodel name\t: Some(R) Core(TM) i7-1185G7 @ 3.00GHz\ncpu MHz\t\t: 2900.000\n"
                 "processor\t: 2\n");
        tree.add("proc/self/status", "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n");
        tree.add("sys/class/thermal/thermal_zone0/temp", "45000\n");
        tree.add("sys/class/thermal/thermal_zone1/temp", "71000\n");
        tree.add("sys/class/thermal/thermal_zone2/temp", "-274000\n");  // a sensor that is not connected
        tree.add("sys/class/thermal/cooling_device0/temp", "99000\n");
        const auto machine = describeMachine(tree.root());
        QCOMPARE(machine.name, std::string("Some(R) Core(TM) i7-1185G7 @ 3.00GHz"));
        QCOMPARE(machine.cores, 2);  // those that this program may use
        const auto state = readMachineState(tree.root());
        QCOMPARE(state.temperatureC, std::optional(71.0));
        QCOMPARE(state.clockHz, std::optional(2.9e9));
        QCOMPARE(state.governor, std::nullopt);
        QCOMPARE(state.throttled, std::nullopt);
    }

    void aContainerHasItsOwnMemory()
    {
        Tree tree;
        tree.add("proc/meminfo", "MemTotal:       16000000 kB\n");
        tree.add("sys/fs/cgroup/memory.max", "2147483648\n");
        QCOMPARE(describeMachine(tree.root()).memoryBytes, 2147483648.0);
        tree.add("sys/fs/cgroup/memory.max", "max\n");
        QCOMPARE(describeMachine(tree.root()).memoryBytes, 16000000.0 * 1024);
    }

    void whatIsNotToldIsNotThere()
    {
        const Tree tree;
        QVERIFY(readMachineState(tree.root()) == MachineState());
        QCOMPARE(describeMachine(tree.root()).name, std::string("unknown"));
        QVERIFY(toString(MachineState()).find("does not tell") != std::string::npos);
    }

    void thisMachineIsDescribed()
    {
        const auto machine = describeMachine();
        QVERIFY(!machine.processor.empty() || !machine.name.empty());
        QVERIFY(machine.cores >= 1);
        QVERIFY(machine.memoryBytes > 1e6);
        QVERIFY(!machine.architecture.empty());
    }
};

QTEST_APPLESS_MAIN(TestMachine)
#include "tst_machine.moc"
