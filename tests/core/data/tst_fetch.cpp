// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/data/cifar10.h"
#include "core/data/fetch.h"

#include "picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace splitscope;
using namespace splitscope::data;
using namespace splitscope::data::testing;

namespace fs = std::filesystem;

namespace {

/// A listening port of this machine that accepts and never answers, or (closed) one that refuses.
class SilentServer {
public:
    SilentServer() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_socket, 4) != 0
            || ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            qFatal("no port on this machine");
        m_url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/cifar.tar.gz";
    }
    ~SilentServer() { close(); }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    void close()
    {
        if (m_socket >= 0)
            ::close(m_socket);
        m_socket = -1;
    }
    [[nodiscard]] std::string url() const { return m_url; }

private:
    int m_socket;
    std::string m_url;
};

Files batches()
{
    Files files;
    for (const auto& name : cifar10FileNames())
        files["cifar-10-batches-bin/" + name] = base::Bytes(kCifarRecordBytes * kCifarRecordsPerFile);
    files["cifar-10-batches-bin/batches.meta.txt"] = {'a', '\n'};
    return files;
}

CifarArchive archiveAt(const fs::path& file)
{
    return {"file://" + file.string(), base::md5(*base::readFile(file)), fs::file_size(file)};
}

}  // namespace

class TestFetch : public QObject {
    Q_OBJECT

    QTemporaryDir m_source;  // an archive made once
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] fs::path folder() const { return m_folder->path().toStdString(); }
    [[nodiscard]] fs::path goodArchive() const { return fs::path(m_source.path().toStdString()) / "good.tar.gz"; }
    [[nodiscard]] fs::path placed() const { return folder() / kCifarArchiveName; }

    /// What is in the folder, hidden files too: a failure must leave nothing behind.
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder()))
            found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto files = batches();
        files["../outside.txt"] = {'x'};
        files["cifar-10-batches-bin/extra.sh"] = {'x'};
        writeTarGz(goodArchive(), files);
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aPlacedArchiveIsUnpackedAndKept()
    {
        fs::copy_file(goodArchive(), placed());
        std::vector<FetchProgress::Step> steps;
        auto archive = archiveAt(placed());
        archive.url = "http://127.0.0.1:1/not-asked";
        const auto status = fetchCifar10(
            folder(), {},
            [&](const FetchProgress& progress) {
                if (steps.empty() || steps.back() != progress.step)
                    steps.push_back(progress.step);
            },
            archive);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str());
        QCOMPARE(names(), (std::vector<std::string>{kCifar10Folder, kCifarArchiveName}));
        QVERIFY(openCifar10(folder() / kCifar10Folder, {3, 32, 32}, Split::Table).ok());
        QVERIFY(!fs::exists(folder() / kCifar10Folder / "extra.sh"));
        using Step = FetchProgress::Step;
        QVERIFY((steps == std::vector{Step::Checking, Step::Unpacking, Step::Done}));
    }

    void aDownloadIsUnpackedAndRemoved()
    {
        fs::create_directories(folder() / kCifar10Folder);  // an incomplete set gives way
        const auto status = fetchCifar10(folder(), {}, {}, archiveAt(goodArchive()));
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str());
        QCOMPARE(names(), (std::vector<std::string>{kCifar10Folder}));
        QVERIFY(checkCifar10Files(folder() / kCifar10Folder).ok());
        // Now that it is there, nothing is asked of anybody.
        QVERIFY(fetchCifar10(folder(), {}, {}, {"http://127.0.0.1:1/", "", 0}).ok());
    }

    void aWrongChecksumIsShownAndNothingUnpacked()
    {
        fs::copy_file(goodArchive(), placed());
        const auto status = fetchCifar10(folder(), {});
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, base::ErrorCode::Mismatch);
        QVERIFY(status.error().text.find("c32a1d4ab5d03f1284b67883e8d87530") != std::string::npos);
        QVERIFY(status.error().text.find(archiveAt(placed()).md5) != std::string::npos);
        QCOMPARE(names(), (std::vector<std::string>{kCifarArchiveName}));
    }

    void unusableArchivesLeaveNothing_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"cut off", "a file missing", "a file short", "not an archive"})
            QTest::newRow(kind) << kind;
    }
    void unusableArchivesLeaveNothing()
    {
        QFETCH(QString, kind);
        auto files = batches();
        if (kind == "a file missing")
            files.erase("cifar-10-batches-bin/data_batch_4.bin");
        if (kind == "a file short")
            files["cifar-10-batches-bin/test_batch.bin"].resize(100);
        writeTarGz(placed(), files);
        if (kind == "cut off")
            fs::resize_file(placed(), fs::file_size(placed()) / 2);
        if (kind == "not an archive")
            QVERIFY(base::writeFileAtomically(placed(), base::asBytes("<html>404</html>")).ok());
        const auto status = fetchCifar10(folder(), {}, {}, archiveAt(placed()));
        QVERIFY(!status.ok());
        QCOMPARE(names(), (std::vector<std::string>{kCifarArchiveName}));
    }

    void withoutNetworkTheWayByHandIsTold()
    {
        SilentServer server;
        server.close();
        const auto status = fetchCifar10(folder(), {}, {}, {server.url(), "", 0});
        QVERIFY(!status.ok());
        const auto message = QString::fromStdString(status.error().message());
        if (message.contains("not installed"))
            QSKIP("curl is not installed");
        QCOMPARE(status.error().code, base::ErrorCode::Unreachable);
        QVERIFY2(message.contains("is there a network?") && message.contains("curl: ("), qPrintable(message));
        QVERIFY2(message.contains(QString::fromStdString(placed().string())), qPrintable(message));
        QVERIFY(names().empty());
    }

    void aStopEndsTheDownload()
    {
        const SilentServer server;
        std::stop_source source;
        // The first report comes while curl waits for the answer that never comes.
        const auto status = fetchCifar10(folder(), source.get_token(), [&](const FetchProgress&) { source.request_stop(); },
                                         {server.url(), "", 0});
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, base::ErrorCode::Cancelled);
        QVERIFY(names().empty());
    }

    void aStopEndsTheUnpacking()
    {
        fs::copy_file(goodArchive(), placed());
        std::stop_source source;
        const auto stopEarly = [&](const FetchProgress& progress) {
            if (progress.step == FetchProgress::Step::Unpacking)
                source.request_stop();
        };
        const auto status = fetchCifar10(folder(), source.get_token(), stopEarly, archiveAt(placed()));
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(names(), (std::vector<std::string>{kCifarArchiveName}));
    }
};

QTEST_APPLESS_MAIN(TestFetch)
#include "tst_fetch.moc"
