// SPDX-License-Identifier: GPL-3.0-or-later
// Archives as people have them that cannot be read: what is wrong is said, and what to do.
#include "core/base/files.h"
#include "core/data/file_tree.h"

#include "picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>
#include <sys/stat.h>

using namespace splitscope;
using namespace splitscope::data;
using namespace splitscope::data::testing;

namespace {

const std::string kLocal = "PK\x03\x04", kEntry = "PK\x01\x02", kEnd = "PK\x05\x06";

/// The record that begins so, for its fields to be changed: offsets are those of PKWARE's description of the format.
std::uint8_t* record(base::Bytes& zip, const std::string& signature)
{
    const auto at = std::search(zip.begin(), zip.end(), signature.begin(), signature.end());
    return at == zip.end() ? nullptr : &*at;
}

using Damage = std::function<void(base::Bytes&)>;

Damage set(const std::string& signature, int offset, base::Bytes value)
{
    return [=](base::Bytes& zip) { std::copy(value.begin(), value.end(), record(zip, signature) + offset); };
}

}  // namespace

Q_DECLARE_METATYPE(Damage)

class TestZipTree : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    [[nodiscard]] std::filesystem::path path() const { return m_folder.filePath("a.zip").toStdString(); }

    base::Bytes archiveOfOneFile() const
    {
        writeZip(path(), {{"cat/1.png", base::Bytes(100, 7)}}, false);
        return *base::readFile(path());
    }

private Q_SLOTS:
    void whatTheArchiveCannotBeReadForIsSaid_data()
    {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("said");
        QTest::newRow("too short") << Damage([](auto& zip) { zip.resize(10); }) << "it has only 10 bytes";
        QTest::newRow("cut off") << Damage([](auto& zip) { zip.resize(zip.size() - 4); }) << "its end is missing";
        QTest::newRow("one of several parts") << set(kEnd, 4, {1}) << "one part of a zip archive in several";
        QTest::newRow("zip64, by its entries") << set(kEnd, 10, {0xff, 0xff}) << "over 65,534 entries";
        QTest::newRow("zip64, by its offset") << set(kEnd, 16, {0xff, 0xff, 0xff, 0xff}) << "4 GB; unpack it into a folder";
        QTest::newRow("table beyond the end") << set(kEnd, 16, {0xff, 0xff}) << "its table of contents lies outside it";
        QTest::newRow("fewer entries than told") << set(kEnd, 10, {2}) << "damaged at entry 1";
        QTest::newRow("a name beyond the table") << set(kEntry, 28, {0xff}) << "damaged at entry 0";
        QTest::newRow("encrypted") << set(kEntry, 8, {1}) << "encrypted; make an archive without a password";
        QTest::newRow("another method") << set(kEntry, 10, {14}) << "uses zip method 14; only stored and deflated";
        QTest::newRow("stored, of two sizes") << set(kEntry, 24, {99}) << "is stored, but its two sizes differ";
        QTest::newRow("an entry beyond the end") << set(kEntry, 42, {0xff, 0xff}) << "lies outside the archive";
    }
    void whatTheArchiveCannotBeReadForIsSaid()
    {
        QFETCH(Damage, damage);
        QFETCH(QString, said);
        auto zip = archiveOfOneFile();
        QVERIFY(openZipTree(path()).ok());
        damage(zip);
        QVERIFY(base::writeFileAtomically(path(), zip).ok());
        const auto tree = openZipTree(path());
        QVERIFY(!tree.ok());
        QVERIFY2(tree.error().text.find(said.toStdString()) != std::string::npos, tree.error().text.c_str());
        QVERIFY(tree.error().where.starts_with(path().string()));
    }

    void whatAnEntryCannotBeReadForIsSaid_data()
    {
        QTest::addColumn<Damage>("damage");
        QTest::addColumn<QString>("said");
        QTest::newRow("no header there") << set(kLocal, 0, {0}) << "is not where the table of contents says";
        QTest::newRow("other content") << set(kEntry, 16, {0, 0, 0, 0}) << "is damaged in the archive";
        // 200 bytes by the table, of a deflated entry of 100
        QTest::newRow("another size") << Damage([this](base::Bytes& zip) {
            writeZip(path(), {{"cat/1.png", base::Bytes(100, 7)}}, true);
            zip = *base::readFile(path());
            record(zip, kEntry)[24] = 200;
        }) << "is damaged in the archive";
    }
    void whatAnEntryCannotBeReadForIsSaid()
    {
        QFETCH(Damage, damage);
        QFETCH(QString, said);
        auto zip = archiveOfOneFile();
        damage(zip);
        QVERIFY(base::writeFileAtomically(path(), zip).ok());
        const auto tree = openZipTree(path());
        QVERIFY(tree.ok());
        const auto file = (*tree)->read(0);
        QVERIFY(!file.ok());
        QVERIFY2(file.error().text.find(said.toStdString()) != std::string::npos, file.error().text.c_str());
        QCOMPARE(file.error().where, path().string() + ", entry cat/1.png");
    }

    /// A comment behind the end, and folders among the entries, are usual.
    void aCommentAndFoldersAreNoTrouble()
    {
        writeZip(path(), {{"cat/", {}}, {"cat/1.png", base::Bytes(100, 7)}}, false);
        auto zip = *base::readFile(path());
        record(zip, kEnd)[20] = 5;
        for (const char c : {'h', 'e', 'l', 'l', 'o'})
            zip.push_back(static_cast<std::uint8_t>(c));
        QVERIFY(base::writeFileAtomically(path(), zip).ok());
        const auto tree = openZipTree(path());
        QVERIFY(tree.ok());
        QCOMPARE((*tree)->paths(), std::vector<std::string>{"cat/1.png"});
        QCOMPARE((*tree)->read(0)->size(), std::size_t{100});
    }

    void anArchiveThatShrinksMeanwhileIsAnErrorAndAPipeIsRefused()
    {
        archiveOfOneFile();
        const auto tree = openZipTree(path());
        QVERIFY(tree.ok());
        std::filesystem::resize_file(path(), 20);
        const auto file = (*tree)->read(0);
        QVERIFY(!file.ok());
        QVERIFY(file.error().text.find("sooner than it should") != std::string::npos);

        const auto pipe = m_folder.filePath("pipe.zip").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        const auto refused = openZipTree(pipe);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().text.find("is not a regular file") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestZipTree)
#include "tst_zip_tree.moc"
