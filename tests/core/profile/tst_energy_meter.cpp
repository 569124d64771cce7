// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/profile/energy_meter.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

using namespace splitscope;

namespace {

bool near(double actual, double expected) { return std::abs(actual - expected) <= 1e-9 + 1e-9 * std::abs(expected); }

/// A sysfs of one's own.
class FakeSystem {
public:
    void put(const QString& file, const QByteArray& text)
    {
        const QString path = m_folder.filePath("sys/class/" + file);
        QDir().mkpath(QFileInfo(path).path());
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(text + "\n") < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    void remove(const QString& file) { QFile::remove(m_folder.filePath("sys/class/" + file)); }
    void forbid(const QString& file) { QFile::setPermissions(m_folder.filePath("sys/class/" + file), {}); }
    void putPackage(int number, const QByteArray& microjoules, const QByteArray& range = "262143328850")
    {
        const QString zone = QString("powercap/intel-rapl:%1/").arg(number);
        put(zone + "name", "package-" + QByteArray::number(number));
        put(zone + "energy_uj", microjoules);
        put(zone + "max_energy_range_uj", range);
    }
    /// Whether somebody opens the file and closes it again, twice: the first may have been before the last change.
    bool isReadWithin(const QString& file, int ms)
    {
        const auto path = m_folder.filePath("sys/class/" + file).toStdString();
        const int watch = ::inotify_init1(IN_CLOEXEC);
        bool read = watch >= 0 && ::inotify_add_watch(watch, path.c_str(), IN_CLOSE_NOWRITE) >= 0;
        for (int i = 0; i < 2 && read; ++i) {
            pollfd entry{watch, POLLIN, 0};
            inotify_event event{};
            read = ::poll(&entry, 1, ms) == 1 && ::read(watch, &event, sizeof event) > 0;
        }
        ::close(watch);
        return read;
    }
    std::unique_ptr<profile::EnergyMeter> find(std::string* whyNot = nullptr)
    {
        return profile::findEnergyMeter(m_folder.path().toStdString(), whyNot);
    }

private:
    QTemporaryDir m_folder;
};

}  // namespace

class TestEnergyMeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPackageCountsFromWhenTheMeterWasMade()
    {
        FakeSystem system;
        system.putPackage(0, "5000000");
        const auto meter = system.find();
        QVERIFY(meter);
        QCOMPARE(meter->name(), std::string("powercap package-0"));
        QCOMPARE(*meter->joules(), 0.0);
        system.putPackage(0, "7500000");
        QVERIFY(near(*meter->joules(), 2.5));
        QVERIFY(near(*meter->joules(), 2.5));
    }

    void aCounterThatWrapsIsUnwrapped()
    {
        FakeSystem system;
        system.putPackage(0, "9000000", "10000000");
        const auto meter = system.find();
        QVERIFY(meter);
        system.putPackage(0, "1000000", "10000000");
        QVERIFY(near(*meter->joules(), 2));
        system.putPackage(0, "500000", "10000000");
        QVERIFY(near(*meter->joules(), 11.5));
    }

    void packagesAreAddedUpWithoutTheirParts()
    {
        FakeSystem system;
        system.putPackage(0, "0");
        system.putPackage(1, "0");
        system.put("powercap/intel-rapl:0:0/name", "core");
        system.put("powercap/intel-rapl:0:0/energy_uj", "0");
        system.put("powercap/intel-rapl:2/name", "psys");
        system.put("powercap/intel-rapl:2/energy_uj", "0");
        const auto meter = system.find();
        QVERIFY(meter);
        QCOMPARE(meter->name(), std::string("powercap package-0 + package-1"));
        for (const char* zone : {"0", "1", "0:0", "2"})
            system.put(QString("powercap/intel-rapl:%1/energy_uj").arg(zone), "3000000");
        QVERIFY(near(*meter->joules(), 6));
    }

    void powerIsIntegratedOverTime_data()
    {
        QTest::addColumn<QString>("chip");
        QTest::addColumn<bool>("power");
        QTest::addColumn<QString>("name");
        QTest::newRow("a power sensor") << "ina226" << true << "hwmon ina226 power1";
        QTest::newRow("volts and amperes") << "ina3221" << false << "hwmon ina3221 in1 times curr1";
    }
    void powerIsIntegratedOverTime()
    {
        QFETCH(QString, chip);
        QFETCH(bool, power);
        QFETCH(QString, name);
        FakeSystem system;
        system.put("hwmon/hwmon0/name", chip.toUtf8());
        if (power)
            system.put("hwmon/hwmon0/power1_input", "2000000");
        system.put("hwmon/hwmon0/in1_input", "5000");
        system.put("hwmon/hwmon0/curr1_input", "400");
        const auto outerStart = base::nowNs();
        const auto meter = system.find();
        const auto innerStart = base::nowNs();
        QVERIFY(meter);
        QCOMPARE(meter->name(), name.toStdString());
        double last = 0;
        for (int i = 0; i < 100; ++i) {  // 2 W all the time: bounded by the clock before and after
            const double least = 2 * 1e-9 * static_cast<double>(base::nowNs() - innerStart);
            const auto joules = meter->joules();
            const double most = 2 * 1e-9 * static_cast<double>(base::nowNs() - outerStart);
            QVERIFY(joules.ok());
            QVERIFY2(*joules >= least * (1 - 1e-9) && *joules <= most * (1 + 1e-9), std::to_string(*joules).c_str());
            QVERIFY(*joules >= last);
            last = *joules;
        }
        QVERIFY(last > 0);
    }

    void powerIsSampledWithoutBeingAsked()
    {
        FakeSystem system;
        system.put("hwmon/hwmon0/name", "ina219");
        system.put("hwmon/hwmon0/power1_input", "0");
        const auto meter = system.find();
        QVERIFY(meter);
        system.put("hwmon/hwmon0/power1_input", "8000000");
        QVERIFY(system.isReadWithin("hwmon/hwmon0/power1_input", 5000));
        system.put("hwmon/hwmon0/power1_input", "0");
        QVERIFY(*meter->joules() > 0);  // nobody asked while there was power
    }

    void theBoardsSensorIsPreferred()
    {
        FakeSystem system;
        system.put("hwmon/hwmon0/name", "acpi_power_meter");
        system.put("hwmon/hwmon0/power1_average", "90000000");
        system.put("hwmon/hwmon1/name", "amdgpu");
        system.put("hwmon/hwmon1/power1_average", "30000000");
        system.put("hwmon/hwmon10/name", "ina226");
        system.put("hwmon/hwmon10/power1_input", "3000000");
        QCOMPARE(system.find()->name(), std::string("hwmon ina226 power1"));
        system.remove("hwmon/hwmon10/power1_input");
        QCOMPARE(system.find()->name(), std::string("hwmon acpi_power_meter power1"));
        system.remove("hwmon/hwmon0/power1_average");
        QVERIFY(!system.find());  // a graphics card is not the machine
    }

    void powercapIsPreferredToHwmon()
    {
        FakeSystem system;
        system.putPackage(0, "1");
        system.put("hwmon/hwmon0/name", "ina226");
        system.put("hwmon/hwmon0/power1_input", "3000000");
        QVERIFY(system.find()->name().starts_with("powercap"));
    }

    void aMachineWithoutMetersSaysWhereItLooked()
    {
        FakeSystem system;
        std::string whyNot;
        QVERIFY(!system.find(&whyNot));
        QVERIFY(whyNot.find("sys/class/powercap") != std::string::npos);
        QVERIFY(whyNot.find("sys/class/hwmon") != std::string::npos);
        QVERIFY(whyNot.find("modelled") != std::string::npos);
    }

    void aForbiddenCounterIsNamed()
    {
        if (::geteuid() == 0)
            QSKIP("root may read every file");
        FakeSystem system;
        system.putPackage(0, "1");
        system.forbid("powercap/intel-rapl:0/energy_uj");
        std::string whyNot;
        QVERIFY(!system.find(&whyNot));
        QVERIFY(whyNot.find("energy_uj: cannot be read") != std::string::npos);
        QVERIFY(whyNot.find("root") != std::string::npos);
    }

    void aMissingOrDamagedCounterIsNamed_data()
    {
        QTest::addColumn<QByteArray>("energy");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("12x");
    }
    void aMissingOrDamagedCounterIsNamed()
    {
        QFETCH(QByteArray, energy);
        FakeSystem system;
        system.putPackage(0, energy);
        std::string whyNot;
        QVERIFY(!system.find(&whyNot));
        QVERIFY2(whyNot.find("intel-rapl:0/energy_uj") != std::string::npos, whyNot.c_str());
    }

    void aCounterThatGoesAwayIsAnError()
    {
        FakeSystem system;
        system.putPackage(0, "1000000");
        const auto meter = system.find();
        QVERIFY(meter);
        system.remove("powercap/intel-rapl:0/energy_uj");
        const auto joules = meter->joules();
        QVERIFY(!joules.ok());
        QVERIFY(joules.error().where.find("energy_uj") != std::string::npos);
        system.putPackage(0, "3000000");
        QVERIFY(near(*meter->joules(), 2));  // and is back
    }
};

QTEST_GUILESS_MAIN(TestEnergyMeter)
#include "tst_energy_meter.moc"
