// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/daemon_file.h"
#include "core/remote/ssh.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using Words = std::vector<std::string>;

namespace {

const remote::DeviceSystem kPi{"aarch64", "Linux", "Raspberry Pi OS"};

/// The first bytes of a program for this machine (62: x86-64, 183: 64-bit ARM).
void writeProgram(const QString& path, char machine)
{
    QByteArray head(64, '\0');
    head.replace(0, 4,
                 "\x7f"
                 "ELF");
    head[18] = machine;
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(head);
}

void writePackage(const QString& path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("!<arch>\ndebian-binary   ");
}

}  // namespace

class TestSsh : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void destinationsAndOptionsAreChecked_data()
    {
        QTest::addColumn<QString>("destination");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("good");
        QTest::newRow("account") << "pi@kitchen" << QStringList{} << true;
        QTest::newRow("name of the configuration") << "kitchen" << QStringList{"-p", "2222", "-o", "ConnectTimeout=30"} << true;
        QTest::newRow("glued") << "pi@kitchen" << QStringList{"-p2222", "-4"} << true;
        QTest::newRow("nothing") << "" << QStringList{} << false;
        QTest::newRow("an option as destination") << "-oProxyCommand=x" << QStringList{} << false;
        QTest::newRow("two words") << "pi@kitchen reboot" << QStringList{} << false;
        QTest::newRow("forwarding") << "pi@kitchen" << QStringList{"-L", "1:h:1"} << false;
        QTest::newRow("a command") << "pi@kitchen" << QStringList{"reboot"} << false;
        QTest::newRow("without its value") << "pi@kitchen" << QStringList{"-p"} << false;
    }
    void destinationsAndOptionsAreChecked()
    {
        QFETCH(QString, destination);
        QFETCH(QStringList, options);
        QFETCH(bool, good);
        Words words;
        for (const auto& option : options)
            words.push_back(option.toStdString());
        QCOMPARE(remote::parsePlace(destination.toStdString(), words).ok(), good);
    }

    void typedOptionsBecomeWords()
    {
        QVERIFY((*remote::splitOptions("-p 2222  -i '/my keys/board' -o \"User=a b\"")
                 == Words{"-p", "2222", "-i", "/my keys/board", "-o", "User=a b"}));
        QVERIFY(remote::splitOptions("  ")->empty());
        QVERIFY(!remote::splitOptions("-i 'open").ok());
    }

    void aShellReadsQuotedWordsAsTheyWere()
    {
        for (const std::string word : {"plain", "", "two words", "it's", "$HOME `id` \"x\" \\ *", "-n"}) {
            const auto said = base::runProcess({"sh", "-c", "printf %s " + remote::shellQuote("x" + word)});
            QVERIFY(said.ok());
            QCOMPARE(said->output, "x" + word);
        }
    }

    void whatToTryByHandCanBePasted()
    {
        const remote::Ssh ssh(session::SshPlace{"pi@kitchen", {"-p", "2222", "-i", "/my keys/board"}});
        QCOMPARE(ssh.byHand("uname -m"), std::string("ssh -p 2222 -i '/my keys/board' pi@kitchen 'uname -m'"));
    }

    void theDaemonFitsTheDevice()
    {
        QTemporaryDir folder;
        const auto path = folder.path().toStdString();
        writeProgram(folder.filePath("splitscoped"), 62);
        const auto wrong = remote::chooseDaemonFile({}, kPi, {path});
        QVERIFY(!wrong.ok());
        QVERIFY2(wrong.error().message().find("x86_64") != std::string::npos, wrong.error().message().c_str());
        writeProgram(folder.filePath("splitscoped-arm64"), static_cast<char>(183));
        auto found = remote::chooseDaemonFile({}, kPi, {path});
        QVERIFY(found.ok());
        QCOMPARE(found->path.filename().string(), std::string("splitscoped-arm64"));
        // A package comes first: it brings its libraries.
        writePackage(folder.filePath("splitscoped_0.1.0-1_arm64.deb"));
        writePackage(folder.filePath("splitscoped_0.1.0-1_amd64.deb"));
        found = remote::chooseDaemonFile({}, kPi, {path});
        QVERIFY(found.ok() && found->isPackage);
        QCOMPARE(found->path.filename().string(), std::string("splitscoped_0.1.0-1_arm64.deb"));
        QCOMPARE(found->machine, std::string("aarch64"));
        // What is named counts, unless it cannot run there.
        QVERIFY(!remote::chooseDaemonFile(path + "/splitscoped", kPi, {path}).ok());
        QVERIFY(remote::chooseDaemonFile(path + "/splitscoped-arm64", kPi, {}).ok());
        QVERIFY(!remote::chooseDaemonFile({}, {"armv7l", "Linux", "Raspberry Pi OS"}, {path}).ok());
        QVERIFY(!remote::chooseDaemonFile({}, {"arm64", "Darwin", "Darwin"}, {path}).ok());
        QVERIFY(!remote::readDaemonFile("/etc/hostname").ok());
    }

    void missingLibrariesBecomePackages()
    {
        QVERIFY((remote::packagesOf({"libtorch.so.1.13", "libc10.so.1.13", "libzmq.so.5", "libnobody.so.1"})
                 == Words{"libtorch1.13", "libzmq5"}));
    }
};

QTEST_APPLESS_MAIN(TestSsh)
#include "tst_ssh.moc"
