// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/files.h"
#include "core/link/keys.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::link;
namespace fs = std::filesystem;

class TestKeys : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path file(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    static void write(const fs::path& path, const std::string& text, unsigned mode = 0600)
    {
        QVERIFY(base::writeFileAtomically(path, base::asBytes(text), mode).ok());
    }

private Q_SLOTS:
    void newPairsAreKeysAndDiffer()
    {
        const auto first = newKeyPair();
        const auto second = newKeyPair();
        QVERIFY(isKey(first.publicKey) && isKey(first.secretKey));
        QVERIFY(first.publicKey != second.publicKey);
        QVERIFY(first.publicKey != first.secretKey);
    }

    void whatIsNoKeyIsSeen_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("short") << QString(39, 'a');
        QTest::newRow("long") << QString(41, 'a');
        QTest::newRow("blank inside") << QString(20, 'a') + " " + QString(19, 'a');
        QTest::newRow("no Z85 letter") << QString(39, 'a') + "~";
    }
    void whatIsNoKeyIsSeen()
    {
        QFETCH(QString, text);
        QVERIFY(!isKey(text.toStdString()));
    }

    void aSecretIsKeptPrivate()
    {
        const auto path = file("private.key");
        const auto keys = loadOrCreateKeyPair(path);
        QVERIFY(keys.ok());
        QVERIFY(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        const auto again = loadOrCreateKeyPair(path);
        QVERIFY(again.ok());
        QCOMPARE(again->publicKey, keys->publicKey);
        QCOMPARE(again->secretKey, keys->secretKey);
    }

    void aSecretThatOthersReadIsRefused_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("group reads") << 0640;
        QTest::newRow("world reads") << 0604;
        QTest::newRow("group writes") << 0620;
    }
    void aSecretThatOthersReadIsRefused()
    {
        QFETCH(int, mode);
        const auto path = file("permissive.key");
        QVERIFY(saveKeyPair(newKeyPair(), path).ok());
        fs::permissions(path, static_cast<fs::perms>(mode));
        const auto keys = loadKeyPair(path);
        QVERIFY(!keys.ok());
        QVERIFY(keys.error().code == base::ErrorCode::Refused);
        QVERIFY(keys.error().text.find("chmod 600") != std::string::npos);
        QVERIFY(!loadOrCreateKeyPair(path).ok());  // never replaced silently
    }

    void brokenKeyFilesAreErrors_data()
    {
        QTest::addColumn<QString>("text");
        const auto one = newKeyPair();
        const auto other = newKeyPair();
        QTest::newRow("empty") << "";
        QTest::newRow("no JSON") << "keys";
        QTest::newRow("no secret") << QString::fromStdString(R"({"public": ")" + one.publicKey + R"("})");
        QTest::newRow("keys of two pairs") << QString::fromStdString(R"({"public": ")" + one.publicKey + R"(", "secret": ")"
                                                                     + other.secretKey + R"("})");
    }
    void brokenKeyFilesAreErrors()
    {
        QFETCH(QString, text);
        const auto path = file("broken.key");
        write(path, text.toStdString());
        const auto keys = loadKeyPair(path);
        QVERIFY(!keys.ok());
        QCOMPARE(keys.error().where, path.string());
    }

    void allowListsGrow()
    {
        const auto path = file("allowed");
        QVERIFY(!loadAllowList(path).ok());
        const auto laptop = newKeyPair().publicKey;
        const auto desktop = newKeyPair().publicKey;
        QVERIFY(addToAllowList(laptop, "my laptop", path).ok());
        QVERIFY(addToAllowList(desktop, "", path).ok());
        QVERIFY(addToAllowList(laptop, "again", path).ok());
        const auto keys = loadAllowList(path);
        QVERIFY(keys.ok());
        QCOMPARE(*keys, (std::vector<std::string>{laptop, desktop}));
    }

    void allowListsAreReadForgivingly()
    {
        const auto key = newKeyPair().publicKey;
        write(file("commented"), "# who may connect\n\n  " + key + "  lab laptop # bench 3\r\n" + key + "\n");
        const auto keys = loadAllowList(file("commented"));
        QVERIFY(keys.ok());
        QCOMPARE(*keys, std::vector<std::string>{key});
    }

    void aWrongLineIsNamed()
    {
        write(file("wrong"), "# one\nnonsense\n");
        const auto keys = loadAllowList(file("wrong"));
        QVERIFY(!keys.ok());
        QVERIFY(keys.error().where.ends_with("wrong:2"));
        QVERIFY(!addToAllowList("nonsense", "", file("new")).ok());
        QVERIFY(!addToAllowList(newKeyPair().publicKey, "two\nlines", file("new")).ok());
    }

    void anAllowListBeyondItsLimitIsRefused()
    {
        constexpr int kMost = 4096;  // SECURITY.md
        std::string list;
        for (int i = 0; i < kMost; ++i)
            list += newKeyPair().publicKey + "\n";
        write(file("long"), list);
        const auto keys = loadAllowList(file("long"));
        QVERIFY(keys.ok());
        QCOMPARE(keys->size(), static_cast<std::size_t>(kMost));
        write(file("longer"), list + newKeyPair().publicKey + "\n");
        const auto tooMany = loadAllowList(file("longer"));
        QVERIFY(!tooMany.ok());
        QVERIFY(tooMany.error().code == base::ErrorCode::TooLarge);
        write(file("twice"), list + keys->front() + " the same edge again\n");
        QVERIFY(loadAllowList(file("twice")).ok());
        QVERIFY(addToAllowList(keys->back(), "known", file("long")).ok());
        const auto added = addToAllowList(newKeyPair().publicKey, "one too many", file("long"));
        QVERIFY(added.error().code == base::ErrorCode::TooLarge);
        QCOMPARE(loadAllowList(file("long"))->size(), static_cast<std::size_t>(kMost));  // the others can still connect
    }

    void anAllowListThatAnybodyWritesIsRefused()
    {
        write(file("open"), newKeyPair().publicKey + "\n");
        fs::permissions(file("open"), fs::perms(0646));
        const auto keys = loadAllowList(file("open"));
        QVERIFY(!keys.ok());
        QVERIFY(keys.error().code == base::ErrorCode::Refused);
    }

    void identitiesBelongToOneKey()
    {
        const auto mine = newKeyPair().publicKey;
        const auto others = newKeyPair().publicKey;
        QCOMPARE(identityOf(mine).size(), std::size_t{16});
        QVERIFY(isIdentityOf(mine, identityOf(mine)));
        QVERIFY(isIdentityOf(mine, identityOf(mine, "cli")));
        QVERIFY(!isIdentityOf(mine, identityOf(others)));
        QVERIFY(!isIdentityOf(mine, identityOf(mine) + "x"));
        QVERIFY(!isIdentityOf(mine, ""));
        QVERIFY(!isIdentityOf(mine, identityOf(mine) + "." + std::string(100, 'x')));
        QVERIFY(isIdentityOf(mine, identityOf(mine, std::string(100, 'x'))));
    }
};

QTEST_APPLESS_MAIN(TestKeys)
#include "tst_keys.moc"
