// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace splitscope::base;
namespace fs = std::filesystem;

class TestFiles : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    [[nodiscard]] fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void writingReplacesInOneStepWithTheModeAsked()
    {
        QVERIFY(writeFileAtomically(path("a/key"), asBytes("one"), 0600).ok());
        QVERIFY(writeFileAtomically(path("a/key"), asBytes("two"), 0600).ok());
        QCOMPARE(std::string(asText(*readFile(path("a/key")))), std::string("two"));
        QCOMPARE(static_cast<int>(fs::status(path("a/key")).permissions()), 0600);
        QCOMPARE(std::distance(fs::directory_iterator(path("a")), fs::directory_iterator()), 1);
    }

    /// Keys that an administrator adds are the service's to read.
    void whatRootWritesBelongsToTheOwnerOfTheFileOrItsFolder()
    {
        constexpr uid_t kService = 61234, kOther = 61235;
        const auto ownerOf = [this](const char* name) {
            struct stat found {};
            return ::stat(path(name).c_str(), &found) == 0 ? found.st_uid : 0;
        };
        fs::create_directory(path("state"));
        if (::geteuid() != 0 || ::chown(path("state").c_str(), kService, kService) != 0)
            QSKIP("only root can write for others");
        QVERIFY(writeFileAtomically(path("state/keys"), asBytes("one"), 0600).ok());
        QCOMPARE(ownerOf("state/keys"), kService);
        QCOMPARE(::chown(path("state/keys").c_str(), kOther, kOther), 0);
        QVERIFY(writeFileAtomically(path("state/keys"), asBytes("two"), 0600).ok());
        QCOMPARE(ownerOf("state/keys"), kOther);
    }

    void aFailedWriteLeavesTheEarlierFile()
    {
        QVERIFY(writeFileAtomically(path("kept"), asBytes("earlier")).ok());
        // A file size limit fails like a full disk does, for root too.
        signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{1000, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        const auto status = writeFileAtomically(path("kept"), Bytes(100'000, 7));
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::Io);
        QCOMPARE(status.error().where, path("kept").string());
        QCOMPARE(std::string(asText(*readFile(path("kept")))), std::string("earlier"));
    }

    void readingSaysWhatIsWrong()
    {
        QCOMPARE(readFile(path("absent")).error().code, ErrorCode::NotFound);
        QVERIFY(writeFileAtomically(path("big"), Bytes(2000, 1)).ok());
        QCOMPARE(readFile(path("big"), 1999).error().code, ErrorCode::TooLarge);
        QCOMPARE(readFile(path("big"), 2000)->size(), 2000u);
    }

    void resourcesAreFoundWhereTheVariableSays()
    {
        QVERIFY(resourcePath("models/alexnet3/model.json").ok());
        QVERIFY(!resourcePath("models/none.json").ok());
        QVERIFY(writeFileAtomically(path("res/models/none.json"), asBytes("{}")).ok());
        qputenv("SPLITSCOPE_RESOURCES", path("res").c_str());
        QCOMPARE(resourcePath("models/none.json")->string(), path("res/models/none.json").string());
        qunsetenv("SPLITSCOPE_RESOURCES");
    }

    void dataLieWhereTheVariableSaysAndNowhereElse()
    {
        const auto before = qgetenv("SPLITSCOPE_DATA");
        qunsetenv("SPLITSCOPE_DATA");
        QVERIFY(dataFolder().error().text.find("set SPLITSCOPE_DATA") != std::string::npos);
        qputenv("SPLITSCOPE_DATA", path("no-such-folder").c_str());
        QCOMPARE(dataFolder().error().where, path("no-such-folder").string());
        fs::create_directory(path("data"));
        qputenv("SPLITSCOPE_DATA", path("data").c_str());
        QCOMPARE(dataFolder()->string(), path("data").string());
        qputenv("SPLITSCOPE_DATA", before);
    }

    void whatCannotBeWrittenIsNamed()
    {
        QVERIFY(writeFileAtomically(path("file"), asBytes("a file")).ok());
        const auto status = writeFileAtomically(path("file/below"), asBytes("x"));
        QVERIFY(!status.ok());
        QCOMPARE(status.error().where, path("file/below").string());
        QVERIFY(status.error().text.find("is the folder writable?") != std::string::npos);
        QCOMPARE(readFile(path("file").parent_path()).error().where, path("file").parent_path().string());
    }

    void digestsAreTheStandardOnes()
    {
        QCOMPARE(sha256(asBytes("abc")), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(md5(asBytes("abc")), std::string("900150983cd24fb0d6963f7d28e17f72"));
    }
};

QTEST_APPLESS_MAIN(TestFiles)
#include "tst_files.moc"
