// SPDX-License-Identifier: GPL-3.0-or-later
// The Devices page over real daemons: one of this machine, one that was added.
#include "tests/integration/daemon_process.h"
#include "ui/charts/plot_view.h"
#include "ui/pages/devices_page.h"
#include "ui/widgets/device_details.h"
#include "ui/widgets/device_form.h"
#include "ui/widgets/elided_label.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;

struct Fixture {
    QTemporaryDir folder;
    DevicesPage page;
    QSignalSpy troubles{&page, &DevicesPage::troubleArose};

    Fixture()
    {
        page.setDaemonProgram(SPLITSCOPE_BIN "/splitscoped");
        page.load(file());
        page.resize(1100, 640);
        page.show();
    }
    [[nodiscard]] std::filesystem::path file() const { return folder.filePath("devices.json").toStdString(); }
    [[nodiscard]] QString cell(int row, DeviceModel::ColumnIndex column)
    {
        return page.model().index(row, column).data().toString();
    }
    [[nodiscard]] DeviceCondition condition(int row) { return conditionOf(page.model().entry(row)); }
    void add(const DaemonProcess& daemon)
    {
        page.addButton()->click();
        page.form()->name()->setText("bench");
        page.form()->host()->setText("127.0.0.1");
        page.form()->port()->setValue(daemon.port());
        page.form()->key()->setText(QString::fromStdString(daemon.key()));
        page.form()->addButton()->click();
    }
};

session::ExperimentStatus statusWith(double temperature, std::uint64_t reports)
{
    session::ExperimentStatus status;
    status.link = link::LinkState::Connected;
    status.rttMs = 3.5;
    status.welcome.program = "splitscoped 9.9";
    status.welcome.board = "Test Board";
    status.welcome.cores = 4;
    status.health.emplace();
    status.health->temperatureC = temperature;
    status.health->load = 2;
    status.healthReports = reports;
    return status;
}

}  // namespace

class TestDevicesPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-devices"));
    }
    void init() { QSettings().clear(); }

    void theModelKeepsItsContract()
    {
        DeviceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries({{"this machine", "loopback", {}}});
        model.append({"pi", "tcp://pi:1", "key"});
        model.append({"other", "tcp://other:1", "key"});
        model.setWatched(1, true);
        session::DeviceView view;
        view.link = link::LinkState::Connected;
        view.welcome.emplace();
        view.welcome->machine = "aarch64, 4 cores";
        model.setView(1, view);
        model.setChosen("tcp://pi:1");
        model.setInExperiment(1, true);
        QCOMPARE(model.index(1, DeviceModel::BoardColumn).data().toString(),
                 QString("aarch64, 4 cores"));  // an earlier release's
        QCOMPARE(model.index(1, DeviceModel::CoresColumn).data().toString(), QString());
        QVERIFY(model.index(1, 0).data(Qt::FontRole).value<QFont>().bold());
        model.remove(1);
        QCOMPARE(model.rowOf("tcp://pi:1"), -1);
        QCOMPARE(model.rowOf("tcp://other:1"), 1);
        model.setEntries({});
        QCOMPARE(model.rowCount(), 0);
    }

    void anEmptyListSaysWhatToDo()
    {
        Fixture fixture;
        QCOMPARE(fixture.page.model().rowCount(), 1);
        QVERIFY(fixture.page.hint()->text().contains("Add"));
        QVERIFY(fixture.page.profileText().contains("Measure"));
        QVERIFY(fixture.page.details()->load()->plot().empty());
        QVERIFY(fixture.page.details()->load()->plot().emptyText.contains("Connect"));
        QVERIFY(!fixture.page.removeButton()->isEnabled());
        QVERIFY(fixture.condition(0) == DeviceCondition::Off);
    }

    void thisMachineConnectsTellsItsHealthAndDisconnects()
    {
        Fixture fixture;
        QTest::keyClick(fixture.page.table(), Qt::Key_Return);  // as Connect
        QVERIFY(fixture.condition(0) == DeviceCondition::Connecting);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.condition(0) == DeviceCondition::Connected, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.page.details()->load()->plot().empty(), kPatienceMs);
        QVERIFY(fixture.page.details()->fact("memory").contains("GB"));
        QVERIFY(!fixture.page.details()->roundTrip()->plot().empty());
        QVERIFY(fixture.cell(0, DeviceModel::VersionColumn).contains("protocol 1"));
        QVERIFY(fixture.cell(0, DeviceModel::CoresColumn).toInt() > 0);
        QVERIFY(fixture.cell(0, DeviceModel::RttColumn).endsWith("ms"));
        // What the system does not tell is said, and is no zero.
        if (!fixture.page.model().entry(0).view.health->temperatureC) {
            QCOMPARE(fixture.page.details()->fact("temperature"), QString("its system does not tell"));
            QVERIFY(fixture.page.details()->temperature()->plot().empty());
        }
        QCOMPARE(fixture.page.connectButton()->text(), QString("Disconnect"));
        fixture.page.connectButton()->click();
        QVERIFY(fixture.condition(0) == DeviceCondition::Off);
        QVERIFY(!fixture.page.model().entry(0).view.health);
        QVERIFY(fixture.troubles.isEmpty());
    }

    void anAddedDeviceIsKeptFoundAgainAndRemoved()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        std::filesystem::path file;
        QTemporaryDir kept;
        {
            Fixture fixture;
            fixture.add(daemon);
            QVERIFY(fixture.page.form()->isHidden());
            QCOMPARE(fixture.page.model().rowCount(), 2);
            QTRY_VERIFY_WITH_TIMEOUT(fixture.condition(1) == DeviceCondition::Connected, kPatienceMs);
            daemon.signal(SIGSTOP);
            QTRY_VERIFY_WITH_TIMEOUT(fixture.condition(1) == DeviceCondition::Silent, kPatienceMs);
            QVERIFY(fixture.page.details()->problem()->isVisible());
            QVERIFY(fixture.page.details()->problem()->text().contains("is it switched on"));
            daemon.signal(SIGCONT);
            QTRY_VERIFY_WITH_TIMEOUT(fixture.condition(1) == DeviceCondition::Connected, kPatienceMs);
            QTRY_VERIFY_WITH_TIMEOUT(session::loadKnownDevices(fixture.file())->size() == 1, kPatienceMs);
            file = kept.filePath("devices.json").toStdString();
            std::filesystem::copy_file(fixture.file(), file);
        }
        DevicesPage again;
        again.load(file);
        QCOMPARE(again.model().rowCount(), 2);
        QVERIFY(again.model().entry(1).view.seenMs > 0);  // when it was heard last is remembered
        QVERIFY(again.model().entry(1).watched);  // it was connected, so it is again
        QTRY_VERIFY_WITH_TIMEOUT(conditionOf(again.model().entry(1)) == DeviceCondition::Connected, kPatienceMs);
        again.selectRow(1);
        again.removeButton()->click();
        QCOMPARE(again.model().rowCount(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(session::loadKnownDevices(file)->empty(), kPatienceMs);
    }

    void wrongFieldsAreToldInTheForm()
    {
        Fixture fixture;
        fixture.page.addButton()->click();
        auto* form = fixture.page.form();
        QVERIFY(form->isVisible());
        form->addButton()->click();
        QVERIFY(form->problem()->isVisible());
        QVERIFY(form->problem()->text().contains("name"));
        form->name()->setText("x");
        form->addButton()->click();
        QVERIFY(form->problem()->text().contains("host"));
        form->host()->setText("pi.local");
        form->key()->setText("short");
        form->addButton()->click();
        QVERIFY(form->problem()->text().contains("40 characters"));
        QCOMPARE(fixture.page.model().rowCount(), 1);
        QTest::keyClick(form->key(), Qt::Key_Escape);
        QVERIFY(form->isHidden());
    }

    void aBrokenFileIsToldAndThisMachineStays()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("devices.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"devices\": [{\"name\": \"x\"}]}");
        file.close();
        DevicesPage page;
        QSignalSpy troubles(&page, &DevicesPage::troubleArose);
        page.load(file.fileName().toStdString());
        QCOMPARE(troubles.size(), 1);
        QCOMPARE(page.model().rowCount(), 1);
    }

    void anExperimentTellsOfItsDevice()
    {
        Fixture fixture;
        for (std::uint64_t report = 1; report <= 3; ++report)
            fixture.page.followExperiment("loopback", statusWith(50.0 + static_cast<double>(report), report));
        QVERIFY(fixture.condition(0) == DeviceCondition::Connected);
        QVERIFY(fixture.cell(0, DeviceModel::StateColumn).contains("experiment"));
        QVERIFY(!fixture.page.connectButton()->isEnabled());
        QCOMPARE(fixture.page.details()->fact("temperature"), QString::fromUtf8("53.0 °C"));
        const auto& plot = fixture.page.details()->temperature()->plot();
        QCOMPARE(plot.lines.size(), 1U);
        QCOMPARE(plot.lines[0].points.size(), 3U);
        QCOMPARE(plot.lines[0].points.back().y(), 53.0);
        QCOMPARE(fixture.page.details()->load()->plot().lines[0].points.back().y(), 50.0);  // 2 of 4 cores
        fixture.page.followExperiment({}, {});
        QVERIFY(fixture.condition(0) == DeviceCondition::Off);
        QVERIFY(fixture.page.connectButton()->isEnabled());
    }

    void onlyADeviceWithAMeterShowsItsPower()
    {
        Fixture fixture;
        auto status = statusWith(50, 1);
        fixture.page.followExperiment("loopback", status);
        QCOMPARE(fixture.page.details()->fact("power"), QString("no meter"));
        QVERIFY(fixture.page.details()->power()->isHidden());
        status.welcome.meter = "hwmon ina226 power1";
        for (std::uint64_t report = 2; report <= 4; ++report) {
            status.healthReports = report;
            status.health->powerWatts = 3.5;
            fixture.page.followExperiment("loopback", status);
        }
        QCOMPARE(fixture.page.details()->fact("power"), QString("3.50 W (hwmon ina226 power1)"));
        QVERIFY(!fixture.page.details()->power()->isHidden());
        QCOMPARE(fixture.page.details()->power()->plot().lines[0].points.back().y(), 3.5);
    }

    void aDeviceIsChosenForTheNextExperiment()
    {
        Fixture fixture;
        QSignalSpy chosen(&fixture.page, &DevicesPage::deviceChosen);
        fixture.page.chooseButton()->click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), QString("loopback"));
        fixture.page.setChosen("loopback");
        fixture.page.followExperiment({}, {});
        QVERIFY(fixture.page.model().isChosen(0));
    }

    void measuringIsCancelledAndFillsTheProfile()
    {
        Fixture fixture;
        fixture.page.network()->setCurrentText("alexnet3");
        fixture.page.budget()->setValue(60);
        fixture.page.measureButton()->click();
        QVERIFY(fixture.page.cancelButton()->isEnabled());
        QVERIFY(!fixture.page.measureButton()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(fixture.page.profileText().contains("left"), kPatienceMs);
        fixture.page.cancelButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.page.measureButton()->isEnabled(), kPatienceMs);
        QVERIFY(!fixture.page.showButton()->isEnabled());
        QVERIFY(fixture.troubles.isEmpty());  // cancelling is no trouble

        fixture.page.budget()->setValue(1);
        fixture.page.measureButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.page.showButton()->isEnabled(), kPatienceMs);
        QVERIFY2(fixture.page.profileText().startsWith("measured"), qPrintable(fixture.page.profileText()));
        QVERIFY(fixture.page.profileText().contains("emulated pi3"));
        QSignalSpy shown(&fixture.page, &DevicesPage::profileShown);
        fixture.page.showButton()->click();
        QCOMPARE(shown.size(), 1);
        const auto profile = profile::loadComputeProfile(shown[0][0].toString().toStdString());
        QVERIFY(profile.ok());
        QCOMPARE(profile->network, std::string("alexnet3"));
        // A file that cannot be read is told, and does no harm.
        QTemporaryDir broken;
        QVERIFY(QDir(broken.path()).mkdir("profiles"));
        QFile file(broken.filePath("profiles/loopback-alexnet3.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"format\": \"splitscope-profile\", \"version\": 99}");
        file.close();
        DevicesPage other;
        other.load(broken.filePath("devices.json").toStdString());
        other.network()->setCurrentText("alexnet3");
        QTRY_VERIFY_WITH_TIMEOUT(other.profileText().contains("Measure makes it anew"), kPatienceMs);
        QVERIFY(!other.showButton()->isEnabled());
        // It is kept for the next start.
        DevicesPage again;
        again.load(fixture.file());
        again.network()->setCurrentText("alexnet3");
        QTRY_VERIFY_WITH_TIMEOUT(again.profileText().startsWith("measured"), kPatienceMs);
    }
};

QTEST_MAIN(TestDevicesPage)
#include "tst_devices_page.moc"
