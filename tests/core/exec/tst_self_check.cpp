// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/exec/self_check.h"
#include "core/model/executor.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;

namespace {

using Checks = std::vector<exec::SelfCheck>;

Checks checksOf(void (*check)(const exec::SelfCheckSink&))
{
    Checks found;
    check([&found](const exec::SelfCheck& one) { found.push_back(one); });
    return found;
}

void checkAlexnet3(const exec::SelfCheckSink& found) { exec::checkNetwork("alexnet3", found); }

const exec::SelfCheck* find(const Checks& checks, const std::string& subject)
{
    for (const auto& check : checks)
        if (check.subject == subject)
            return &check;
    return nullptr;
}

/// Resources in which one file is another; those that are not there are the installed ones'.
class ChangedResources {
public:
    explicit ChangedResources(const QString& file, void (*change)(QByteArray&))
    {
        const auto name = QStringLiteral("models/alexnet3/") + file;
        QFile original(QStringLiteral(SPLITSCOPE_SOURCE "/resources/") + name);
        QFile changed(m_folder.filePath(name));
        if (!original.open(QIODevice::ReadOnly) || !QDir(m_folder.path()).mkpath("models/alexnet3")
            || !changed.open(QIODevice::WriteOnly))
            return;
        auto bytes = original.readAll();
        change(bytes);
        m_ready = changed.write(bytes) == bytes.size();
        for (const char* other : {"patterns.weights"})  // what the folder is searched for
            if (file != other)
                m_ready = m_ready
                    && QFile::copy(QStringLiteral(SPLITSCOPE_SOURCE "/resources/models/alexnet3/") + other,
                                   m_folder.filePath(QStringLiteral("models/alexnet3/") + other));
        qputenv("SPLITSCOPE_RESOURCES", m_folder.path().toUtf8());
    }
    ~ChangedResources() { qunsetenv("SPLITSCOPE_RESOURCES"); }
    [[nodiscard]] bool ready() const { return m_ready; }

private:
    QTemporaryDir m_folder;
    bool m_ready = false;
};

}  // namespace

class TestSelfCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesTheProcessor()
    {
        const auto checks = checksOf(exec::checkProcessor);
        QCOMPARE(checks.size(), 1U);
        QVERIFY(checks[0].passed);
        QVERIFY2(!checks[0].subject.empty() && checks[0].found.find("core") != std::string::npos, checks[0].found.c_str());
    }

    void everyBackendOfThisBuildPasses()
    {
        const auto checks = checksOf(exec::checkBackends);
        QCOMPARE(checks.size(), model::availableBackends().size());
        for (const auto backend : model::availableBackends()) {
            const auto* check = find(checks, std::string(model::name(backend)));
            QVERIFY(check);
            QVERIFY2(check->passed, check->found.c_str());
        }
    }

    void everyCoderAndImageCodingPasses()
    {
        const auto checks = checksOf(exec::checkCodecs);
        for (const char* subject : {"none", "huffman", "huffman-adaptive", "context", "zstd", "frames raw", "frames lossless",
                                    "frames context", "frames jpeg"}) {
            const auto* check = find(checks, subject);
            QVERIFY2(check, subject);
            QVERIFY2(check->passed, check->found.c_str());
        }
    }

    void everythingThatShipsIsWhole()
    {
        const auto checks = checksOf(exec::checkModels);
        for (const auto& network : model::shippedNetworks())
            QVERIFY2(find(checks, network + " patterns"), network.c_str());
        for (const auto& check : checks)
            QVERIFY2(check.passed, (check.subject + ": " + check.found).c_str());
        const auto* full = find(checks, "alexnet3 cifar10");
        QVERIFY(full);
        const QDir folder(QString::fromStdString(base::resourcePath("models/alexnet3")->string()));
        const auto policies = folder.entryList({"cifar10.*policy"}).size();
        QVERIFY(policies > 1);
        QCOMPARE(QString::fromStdString(full->found), QString("weights, codebook, accuracies, costs, %1 policies").arg(policies));
    }

    void aDamagedFileFailsItsRow_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"patterns.weights", "patterns.codebook", "patterns.table", "patterns.costs.json.zst"})
            QTest::newRow(file) << file;
    }
    void aDamagedFileFailsItsRow()
    {
        QFETCH(QString, file);
        const ChangedResources damaged(file, [](QByteArray& bytes) { bytes[bytes.size() / 2] = ~bytes[bytes.size() / 2]; });
        QVERIFY(damaged.ready());
        const auto checks = checksOf(checkAlexnet3);
        const auto* check = find(checks, "alexnet3 patterns");
        QVERIFY(check);
        QVERIFY(!check->passed);
        QVERIFY2(check->found.find(file.toStdString()) != std::string::npos, check->found.c_str());
    }

    void tablesOfOtherWeightsFailTheRow()
    {
        const ChangedResources foreign("patterns.table", [](QByteArray& bytes) {
            QFile other(SPLITSCOPE_SOURCE "/resources/models/alexnet5/patterns.table");
            bytes = other.open(QIODevice::ReadOnly) ? other.readAll() : QByteArray();
        });
        QVERIFY(foreign.ready());
        const auto checks = checksOf(checkAlexnet3);
        const auto* check = find(checks, "alexnet3 patterns");
        QVERIFY(check && !check->passed);
        QVERIFY2(check->found.find("other weights") != std::string::npos, check->found.c_str());
    }
};

QTEST_APPLESS_MAIN(TestSelfCheck)
#include "tst_self_check.moc"
