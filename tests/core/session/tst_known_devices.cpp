// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/known_devices.h"
#include "core/session/model_package.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

class TestKnownDevices : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    const std::string m_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

private Q_SLOTS:
    void devicesSurviveTheFile()
    {
        const auto path = m_folder.filePath("devices.json").toStdString();
        QVERIFY(session::loadKnownDevices(path)->empty());
        const std::vector<session::KnownDevice> devices{{"pi", "10.0.0.7", 47610, m_key}, {"other", "pi4.local", 1, m_key}};
        QVERIFY(session::saveKnownDevices(devices, path).ok());
        QVERIFY(*session::loadKnownDevices(path) == devices);
    }

    void devicesAreRememberedAndForgotten()
    {
        const auto path = m_folder.filePath("remembered.json").toStdString();
        session::KnownDevice pi{"pi", "10.0.0.7", 47610, m_key, session::SshPlace{"me@pi", {"-p", "2222"}}};
        QVERIFY(session::rememberDevice(pi, path).ok());
        QVERIFY(session::rememberDevice({"other", "10.0.0.8", 47610, m_key}, path).ok());
        pi.name = "kitchen";  // the same address: it takes the earlier one's place
        QVERIFY(session::rememberDevice(pi, path).ok());
        const auto known = session::loadKnownDevices(path);
        QVERIFY(known.ok());
        QVERIFY((*known == std::vector<session::KnownDevice>{{"other", "10.0.0.8", 47610, m_key}, pi}));
        QVERIFY(session::forgetDevice("other", path).ok());
        QCOMPARE(session::forgetDevice("other", path).error().code, base::ErrorCode::NotFound);
    }

    void wrongEntriesAreNamed_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("says");
        const auto key = QString::fromStdString(m_key);
        const auto entry = [](const QString& fields) { return "{\"devices\": [{" + fields + "}]}"; };
        QTest::newRow("no json") << "{"
                                 << "'devices'";
        QTest::newRow("no name") << entry("\"host\": \"h\", \"port\": 1, \"key\": \"" + key + "\"") << "device 1: 'name'";
        QTest::newRow("port") << entry("\"name\": \"n\", \"host\": \"h\", \"port\": 65535, \"key\": \"" + key + "\"") << "'port'";
        QTest::newRow("key") << entry("\"name\": \"n\", \"host\": \"h\", \"port\": 1, \"key\": \"k\"") << "'key'";
    }
    void wrongEntriesAreNamed()
    {
        QFETCH(QString, json);
        QFETCH(QString, says);
        const auto path = m_folder.filePath("wrong.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(json.toUtf8());
        file.close();
        const auto loaded = session::loadKnownDevices(path.toStdString());
        QVERIFY(!loaded.ok());
        QVERIFY2(loaded.error().message().find(says.toStdString()) != std::string::npos, loaded.error().message().c_str());
    }

    void weightsAreLookedForUnderTheNamesOfTheData()
    {
        using Names = std::vector<std::string>;
        QVERIFY(session::weightsNames("patterns") == Names{"patterns"});
        QVERIFY(session::weightsNames("/d/cifar-10-batches-bin/") == (Names{"cifar10", "d"}));
        QVERIFY(session::weightsNames("/d/imagenette-160/val.zip") == (Names{"val", "imagenette", "d"}));
    }
};

QTEST_APPLESS_MAIN(TestKnownDevices)
#include "tst_known_devices.moc"
