// SPDX-License-Identifier: GPL-3.0-or-later
// Pairing on the Devices page, in the real window, with real `splitscoped --pair` processes that somebody types at.
#include "tests/gui/window_fixture.h"
#include "tests/integration/daemon_process.h"
#include "tests/integration/typed_program.h"
#include "ui/pages/devices_page.h"
#include "ui/widgets/pairing_panel.h"
#include "ui/widgets/trouble_strip.h"

#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 60'000;

/// A board: the daemon that serves, and the one that pairs, with the same keys and allow-list.
class Board {
public:
    explicit Board(const QString& name = QStringLiteral("kitchen")) : m_name(name), m_port(DaemonProcess::freePortPair())
    {
        QDir().mkpath(m_folder.path() + "/splitscope");
        // Somebody is listed already: a daemon that nobody may use does not begin.
        m_ready = link::addToAllowList(link::newKeyPair().publicKey, "another edge", allowFile()).ok();
    }
    bool serve()
    {
        m_serving = std::make_unique<TypedProgram>("splitscoped", arguments(), m_folder.path());
        return m_ready && QTest::qWaitFor([this] { return m_serving->said().contains("listening on"); }, kPatienceMs);
    }
    bool openWindow()
    {
        m_pairing = std::make_unique<TypedProgram>("splitscoped", QStringList{"--pair"} + arguments(), m_folder.path());
        return m_ready && QTest::qWaitFor([this] { return m_pairing->said().contains("an edge may pair"); }, kPatienceMs);
    }
    TypedProgram& pairing() { return *m_pairing; }
    [[nodiscard]] QString address() const { return QStringLiteral("tcp://127.0.0.1:%1").arg(m_port); }
    [[nodiscard]] bool lists(const std::string& key) const
    {
        const auto allowed = link::loadAllowList(allowFile());
        return allowed && std::find(allowed->begin(), allowed->end(), key) != allowed->end();
    }

private:
    [[nodiscard]] std::string allowFile() const { return m_folder.path().toStdString() + "/splitscope/allowed-edges"; }
    [[nodiscard]] QStringList arguments() const
    {
        const auto folder = m_folder.path() + "/splitscope";
        return {"--port",  QString::number(m_port),   "--keys", folder + "/daemon-keys.json",
                "--allow", folder + "/allowed-edges", "--name", m_name};
    }

    const QString m_name;
    QTemporaryDir m_folder;
    const int m_port;
    bool m_ready = false;
    std::unique_ptr<TypedProgram> m_serving, m_pairing;
};

enum class Ending { SaidNoThere, SaidNoHere, Cancelled, Escaped, EndedThere, KilledThere, AnotherForm };

}  // namespace

Q_DECLARE_METATYPE(Ending)

class TestPairingPanel : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_edge;
    std::unique_ptr<WindowFixture> m_fixture;

    DevicesPage& page() { return m_fixture->window.devicesPage(); }
    PairingPanel& panel() { return *page().pairing(); }
    QString told() { return panel().told()->text(); }
    static std::string edgeKey() { return link::edgeKeys()->publicKey; }

    void ask(const Board& board)
    {
        panel().address()->setText(board.address());
        panel().pairButton()->click();
    }
    bool digitsCome()
    {
        return QTest::qWaitFor([this] { return panel().digits()->isVisible(); }, kPatienceMs);
    }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsOfTest("pairing");
        qputenv("XDG_CONFIG_HOME", m_edge.path().toUtf8());
    }
    void init()
    {
        QSettings().clear();
        m_fixture = std::make_unique<WindowFixture>();
        for (int i = 0; i < m_fixture->window.pageCount(); ++i)
            if (m_fixture->window.pageName(i) == QLatin1String("devices"))
                m_fixture->window.showPage(i);
        m_fixture->window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_fixture->window));
        page().pairingButton()->click();
        QVERIFY(panel().isVisible());
    }
    void cleanup()
    {
        m_fixture.reset();
        QFile::remove(QString::fromStdString(session::knownDevicesPath().string()));
    }

    /// By keys alone: from the address to a device that is connected and a key that the device lists.
    void aDeviceIsPairedByKeysAlone()
    {
        Board board;
        QVERIFY(board.serve());
        QVERIFY(board.openWindow());
        QVERIFY(panel().address()->hasFocus());
        QTest::keyClicks(panel().address(), board.address());
        QTest::keyClick(panel().address(), Qt::Key_Return);
        QVERIFY(panel().busy());
        QVERIFY(!panel().pairButton()->isEnabled());
        QVERIFY(panel().timeLeft()->isVisible());
        QVERIFY2(panel().timeLeft()->text().startsWith("2:00") || panel().timeLeft()->text().startsWith("1:"),
                 qPrintable(panel().timeLeft()->text()));
        QVERIFY(digitsCome());
        QTRY_COMPARE_WITH_TIMEOUT(board.pairing().digits(), panel().digits()->text().toUtf8(), kPatienceMs);
        QVERIFY(panel().digits()->accessibleName().count(QChar(' ')) > 5);  // read one by one
        QVERIFY(panel().digits()->font().pointSizeF() > 2 * panel().font().pointSizeF());
        QVERIFY(!QApplication::activeModalWidget());

        QVERIFY(panel().digits()->hasFocus());  // Enter confirms nothing
        QTest::keyClick(panel().digits(), Qt::Key_Return);
        QVERIFY(panel().sameButton()->isEnabled());
        QTest::keyClick(panel().digits(), Qt::Key_Tab);
        QVERIFY(panel().sameButton()->hasFocus());
        QTest::keyClick(panel().sameButton(), Qt::Key_Space);
        QVERIFY2(told().contains("Waits for the device's side"), qPrintable(told()));
        QVERIFY(!board.lists(edgeKey()));
        QCOMPARE(page().model().rowCount(), 1);
        board.pairing().type("y");
        QTRY_VERIFY_WITH_TIMEOUT(!panel().busy(), kPatienceMs);
        QVERIFY2(told().contains("Paired: kitchen"), qPrintable(told()));
        QCOMPARE(board.pairing().exitCode(), 0);
        QVERIFY(board.lists(edgeKey()));

        QCOMPARE(page().model().rowCount(), 2);
        QCOMPARE(page().model().entry(1).name, std::string("kitchen"));
        QCOMPARE(page().table()->currentIndex().row(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(conditionOf(page().model().entry(1)) == DeviceCondition::Connected, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(session::loadKnownDevices(session::knownDevicesPath())->size(), 1U, kPatienceMs);
        QTest::keyClick(&panel(), Qt::Key_Escape);
        QVERIFY(panel().isHidden());
        QVERIFY(page().pairingButton()->hasFocus());
    }

    void whateverEndsItChangesNothingAndIsSaid_data()
    {
        QTest::addColumn<Ending>("ending");
        QTest::addColumn<QString>("says");
        QTest::newRow("they say no there") << Ending::SaidNoThere << "did not confirm, or ended";
        QTest::newRow("they differ here") << Ending::SaidNoHere << "You said that the digits differ";
        QTest::newRow("cancelled") << Ending::Cancelled << "Cancelled";
        QTest::newRow("Escape") << Ending::Escaped << "Cancelled";
        QTest::newRow("ended there") << Ending::EndedThere << "did not confirm, or ended";
        QTest::newRow("killed there") << Ending::KilledThere << "did not confirm, or ended";
        QTest::newRow("another form is opened") << Ending::AnotherForm << "Cancelled";
    }
    void whateverEndsItChangesNothingAndIsSaid()
    {
        QFETCH(Ending, ending);
        QFETCH(QString, says);
        Board board;
        QVERIFY(board.openWindow());
        ask(board);
        QVERIFY(digitsCome());
        QTRY_VERIFY_WITH_TIMEOUT(!board.pairing().digits().isEmpty(), kPatienceMs);
        switch (ending) {
        case Ending::SaidNoThere: board.pairing().type("n"); break;
        case Ending::SaidNoHere: panel().differButton()->click(); break;
        case Ending::Cancelled: panel().cancelButton()->click(); break;
        case Ending::Escaped: QTest::keyClick(panel().digits(), Qt::Key_Escape); break;
        case Ending::EndedThere: board.pairing().terminate(); break;
        case Ending::KilledThere: board.pairing().kill(); break;
        case Ending::AnotherForm: page().addButton()->click(); break;
        }
        QTRY_VERIFY_WITH_TIMEOUT(!panel().busy(), kPatienceMs);
        QVERIFY2(told().contains(says), qPrintable(told()));
        QVERIFY(!panel().digits()->isVisible() && panel().pairButton()->isEnabled());
        QVERIFY(board.pairing().exitCode() != 0);  // and the device's side does not wait on
        QVERIFY(!board.lists(edgeKey()));
        QCOMPARE(page().model().rowCount(), 1);
        QVERIFY(m_fixture->window.troubles().isHidden());  // told where it belongs, not twice
    }

    void aDeviceThatPairsLaterIsWaitedFor()
    {
        Board board;
        ask(board);
        QTRY_VERIFY2_WITH_TIMEOUT(told().contains("No daemon pairs at 127.0.0.1"), qPrintable(told()), kPatienceMs);
        QVERIFY(board.openWindow());
        QVERIFY(digitsCome());
        panel().sameButton()->click();
        board.pairing().type("y");
        QTRY_VERIFY2_WITH_TIMEOUT(told().contains("Paired"), qPrintable(told()), kPatienceMs);
    }

    void whenTheTimeIsOverItIsSaidWhy()
    {
        Board board;
        panel().setWindow(1'000);
        ask(board);
        QTRY_VERIFY_WITH_TIMEOUT(!panel().busy(), kPatienceMs);
        QVERIFY2(told().contains("splitscoped --pair there"), qPrintable(told()));
        QVERIFY(board.openWindow());
        constexpr double kLongEnoughForDigitsMs = 15'000;
        panel().setWindow(kLongEnoughForDigitsMs);
        ask(board);
        QVERIFY(digitsCome());
        QTRY_VERIFY_WITH_TIMEOUT(!panel().busy(), kPatienceMs);
        QVERIFY2(told().contains("time is over"), qPrintable(told()));
        QCOMPARE(board.pairing().exitCode(), 1);
    }

    void whatIsNoAddressIsSaid()
    {
        panel().address()->setText("no address");
        panel().pairButton()->click();
        QVERIFY(!panel().busy());
        QVERIFY2(told().contains("'no address' is no address"), qPrintable(told()));
    }

    /// Its key may have changed; but nobody replaces one by mistake.
    void aKnownDeviceIsPairedAnewOnlyWhereSomebodyAsksTwice()
    {
        Board board;
        const session::KnownDevice known{"cellar", "127.0.0.1", board.address().section(':', 2).toInt(), edgeKey(),
                                         session::SshPlace{"me@pi", {}}};
        QVERIFY(page().watch().add(known).ok());
        ask(board);
        QVERIFY(!panel().busy());
        QVERIFY2(told().contains("known already, as cellar"), qPrintable(told()));
        QCOMPARE(panel().pairButton()->text(), QString("Pair anew"));
        QVERIFY(board.openWindow());
        panel().pairButton()->click();
        QVERIFY(digitsCome());
        panel().sameButton()->click();
        board.pairing().type("y");
        QTRY_VERIFY2_WITH_TIMEOUT(told().contains("Paired"), qPrintable(told()), kPatienceMs);
        QCOMPARE(page().model().rowCount(), 2);
        const auto anew = page().watch().known(1);
        QCOMPARE(anew->name, std::string("cellar"));
        QVERIFY(anew->key != known.key);
        QVERIFY(anew->ssh == known.ssh);
        QCOMPARE(panel().pairButton()->text(), QString("Pair"));
    }

    /// The dashboard is closed while both sides compare digits: the device's side ends, too, and lists nobody.
    void aWindowThatClosesEndsPairing()
    {
        Board board;
        QVERIFY(board.openWindow());
        ask(board);
        QVERIFY(digitsCome());
        QTRY_VERIFY_WITH_TIMEOUT(!board.pairing().digits().isEmpty(), kPatienceMs);
        m_fixture.reset();
        QCOMPARE(board.pairing().exitCode(), 1);
        QVERIFY2(board.pairing().said().contains("did not confirm"), board.pairing().said().constData());
        QVERIFY(!board.lists(edgeKey()));
        QVERIFY(!QFile::exists(QString::fromStdString(session::knownDevicesPath().string())));
    }
};

QTEST_MAIN(TestPairingPanel)
#include "tst_pairing_panel.moc"
