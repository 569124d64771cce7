// SPDX-License-Identifier: GPL-3.0-or-later
// What the documents tell to type works: blocks of `sh` are executed in a folder of their own, with few frames; those that say
// `slow`, `root` or `hardware` are parsed, and each option held against the program's --help. Links lead somewhere, and files and
// tests that are named exist.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <map>

namespace {

constexpr int kBlockMs = 300'000;
const QString kSource = QStringLiteral(SPLITSCOPE_SOURCE "/");

struct Block {
    int line = 0;
    QString info;  ///< "sh", "sh slow", "cpp"
    QString text;
};

QString readText(const QString& file)
{
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()) : QString();
}

QStringList documents()
{
    QStringList all{"README.md", "ARCHITECTURE.md", "HACKING.md", "CONTRIBUTING.md", "SECURITY.md"};
    for (const auto& chapter : QDir(kSource + "docs/guide").entryList({"*.md"}, QDir::Files, QDir::Name))
        all << "docs/guide/" + chapter;
    return all;
}

std::vector<Block> blocksOf(const QString& text)
{
    std::vector<Block> blocks;
    const auto lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const auto indent = lines[i].indexOf("```");
        if (indent < 0 || !lines[i].first(indent).trimmed().isEmpty())
            continue;
        Block block{static_cast<int>(i) + 1, lines[i].mid(indent + 3).trimmed(), {}};
        for (++i; i < lines.size() && lines[i].trimmed() != "```"; ++i)
            block.text += lines[i].mid(std::min(indent, lines[i].size())) + '\n';
        blocks.push_back(block);
    }
    return blocks;
}

/// The same with few frames, so that it takes seconds.
QString shortened(QString text)
{
    static const QRegularExpression frames("--frames \\d+"), repeat("--repeat \\d+");
    return text.replace(frames, "--frames 20").replace(repeat, "--repeat 2");
}

/// A block's commands, word by word; without comments, variables set for them, and what a here-document holds.
std::vector<QStringList> commandsOf(QString text)
{
    static const QRegularExpression continued("\\\\\n\\s*"), comment("(^|\\s)#.*$"), between("&&|\\|\\||;|\\|"),
        variable("^[A-Z0-9_]+=\\S*$");
    std::vector<QStringList> commands;
    for (auto line : text.replace(continued, " ").split('\n')) {
        line.remove(comment);
        for (const auto& part : line.split(between)) {
            auto words = part.split(' ', Qt::SkipEmptyParts);
            while (!words.isEmpty() && variable.match(words.first()).hasMatch())
                words.removeFirst();
            if (!words.isEmpty())
                commands.push_back(words);
        }
    }
    return commands;
}

/// Debian's PyTorch is its own Python's, which another one may hide.
const QString kPythonFirst = QFile::exists("/usr/lib/python3/dist-packages/torch") ? "/usr/bin:" : "";

struct Ran {
    int exitCode = -1;
    QString out;
};

Ran runIn(const QString& folder, const QString& program, const QStringList& arguments)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PATH", QStringLiteral(SPLITSCOPE_BIN) + ':' + kPythonFirst + environment.value("PATH"));
    environment.insert("HOME", folder);
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
        environment.remove(name);
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    Ran ran;
    if (process.waitForFinished(kBlockMs) && process.exitStatus() == QProcess::NormalExit)
        ran.exitCode = process.exitCode();
    ran.out = QString::fromUtf8(process.readAll());
    return ran;
}

bool isProgram(const QString& word, const char* name) { return word == name || word.endsWith(QStringLiteral("/") + name); }

bool hasDashboard() { return QFile::exists(SPLITSCOPE_BIN "/splitscope"); }

bool hasPyTorch()
{
    static const bool has = runIn(".", "bash", {"-c", "python3 -c 'import torch'"}).exitCode == 0;
    return has;
}

/// Blocks that call the dashboard's program, or have it draw, need a build that has it; our Python scripts need PyTorch.
bool canRun(const Block& block)
{
    if (block.text.contains("python3 ") && !hasPyTorch())
        return false;
    for (const auto& command : commandsOf(block.text))
        if ((isProgram(command.first(), "splitscope") || command.contains("--plot") || command.contains("figures"))
            && !hasDashboard())
            return false;
    return true;
}

}  // namespace

class TestDocuments : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::map<QString, QString> m_help;

    QString helpOf(const QString& program, const QStringList& verbs)
    {
        auto& help = m_help[program + ' ' + verbs.join(' ')];
        if (help.isEmpty())
            help = runIn(m_folder.path(), QStringLiteral(SPLITSCOPE_BIN "/") + program, verbs + QStringList{"--help"}).out;
        return help;
    }

    /// The verbs that a command begins with, as far as the program knows them.
    QStringList verbsOf(const QStringList& command)
    {
        QStringList verbs;
        for (const auto& word : command.mid(1)) {
            static const QRegularExpression verb("^[a-z]+$");
            if (!verb.match(word).hasMatch() || !helpOf("splitscope-cli", verbs).contains("\n  " + word + ' '))
                break;
            verbs << word;
        }
        return verbs;
    }

    /// What is wrong with one of our programs' options, or empty.
    QString wrongOption(const QString& program, const QStringList& command)
    {
        const auto verbs = program == "splitscope-cli" ? verbsOf(command) : QStringList();
        if (program == "splitscope-cli" && verbs.isEmpty() && !command.value(1).startsWith('-'))
            return "no verb of splitscope-cli";
        const auto help = helpOf(program, verbs);
        for (const auto& word : command.mid(1)) {
            const auto option = word.section('=', 0, 0);
            const QRegularExpression known(QRegularExpression::escape(option) + "[\\s,]");
            if (option.startsWith("--") && option != "--version" && option != "--self-test" && !known.match(help).hasMatch())
                return option;
        }
        return {};
    }

    /// A script of the source tree exists, is well formed, and knows the options.
    static QString wrongScript(const QStringList& command)
    {
        const auto text = readText(kSource + command.first());
        if (text.isEmpty())
            return "there is no " + command.first();
        for (const auto& word : command.mid(1))
            if (word.startsWith("--") && !text.contains(word))
                return word;
        return {};
    }

    QString wrongCommand(const QStringList& command)
    {
        static const QStringList others{"apt",    "systemctl", "journalctl", "install", "echo", "cmake", "ctest",
                                        "export", "npm",       "man",        "git",     "cp",   "mkdir"};
        const auto& program = command.first();
        if (others.contains(program))
            return {};
        for (const char* own : {"splitscope", "splitscope-cli", "splitscoped"})
            if (isProgram(program, own))
                return std::string_view(own) == "splitscope" && !hasDashboard() ? QString() : wrongOption(own, command);
        if (program.startsWith("packaging/") || program.startsWith("tests/"))
            return wrongScript(command);
        if (program == "nice")
            return wrongCommand(command.mid(1));
        if (program == "python3")
            return wrongScript(command.mid(1));
        return "unexpected program";
    }

private Q_SLOTS:
    void everyCommandIsMarked_data() { rows(); }
    /// No command hides in a block that this test does not see.
    void everyCommandIsMarked()
    {
        QFETCH(QString, document);
        static const QRegularExpression hidden("^(    )+(nice |build/release/bin/|splitscope|packaging/)",
                                               QRegularExpression::MultilineOption);
        auto text = readText(kSource + document);
        QVERIFY2(!text.isEmpty(), qPrintable(document));
        static const QStringList known{"sh", "sh slow", "sh root", "sh hardware", "cpp", "json", "text"};
        for (const auto& block : blocksOf(text)) {
            QVERIFY2(known.contains(block.info), qPrintable(document + ':' + QString::number(block.line) + ": " + block.info));
            text.remove(block.text);
        }
        const auto found = hidden.match(text);
        QVERIFY2(!found.hasMatch(), qPrintable(document + ": " + text.mid(found.capturedStart(), 100)));
    }

    void everyCommandWorks_data() { rows(); }
    void everyCommandWorks()
    {
        QFETCH(QString, document);
        // A document's blocks follow each other, as its readers type them.
        const auto folder = m_folder.filePath(QString(document).replace('/', '-'));
        QVERIFY(QDir().mkpath(folder + "/build/release"));
        QFile::link(SPLITSCOPE_BIN, folder + "/build/release/bin");
        QFile::link(kSource + "resources", folder + "/resources");
        for (const auto& block : blocksOf(readText(kSource + document))) {
            const auto where = document + ':' + QString::number(block.line) + ": ";
            if (!block.info.startsWith("sh"))
                continue;
            const auto parsed = runIn(folder, "bash", {"-n", "-c", block.text});
            QVERIFY2(parsed.exitCode == 0, qPrintable(where + parsed.out));
            if (block.info == "sh" && canRun(block)) {
                const auto ran = runIn(folder, "bash", {"-euo", "pipefail", "-c", shortened(block.text)});
                QVERIFY2(ran.exitCode == 0, qPrintable(where + "exit status " + QString::number(ran.exitCode) + ": " + ran.out));
                continue;
            }
            for (const auto& command : commandsOf(block.text)) {
                const auto wrong = wrongCommand(command);
                QVERIFY2(wrong.isEmpty(), qPrintable(where + command.join(' ') + ": " + wrong));
            }
        }
    }

    void everyLinkLeadsSomewhere_data() { rows(); }
    void everyLinkLeadsSomewhere()
    {
        QFETCH(QString, document);
        static const QRegularExpression link("\\]\\(([^)#]+)(#[^)]*)?\\)");
        const auto folder = QFileInfo(kSource + document).dir();
        auto text = readText(kSource + document);
        for (const auto& block : blocksOf(text))
            text.remove(block.text);
        for (auto it = link.globalMatch(text); it.hasNext();) {
            const auto target = it.next().captured(1);
            if (!target.contains("://"))
                QVERIFY2(QFileInfo::exists(folder.filePath(target)), qPrintable(document + ": " + target));
        }
    }

    void whatIsNamedExists_data() { rows(); }
    /// `core/link/edge_loop.h`, with or without what it ends in, and `tst_link`.
    void whatIsNamedExists()
    {
        QFETCH(QString, document);
        static const QRegularExpression file("`((?:app|core|device_daemon|docs|packaging|resources|tests|ui)/[A-Za-z0-9_./-]+)`"),
            test("`(tst_[a-z0-9_]+)`");
        const auto text = readText(kSource + document);
        for (auto it = file.globalMatch(text); it.hasNext();) {
            const auto name = it.next().captured(1);
            QVERIFY2(QFileInfo::exists(kSource + name) || QFileInfo::exists(kSource + name + ".h")
                         || QFileInfo::exists(kSource + name + ".cpp"),
                     qPrintable(document + ": " + name));
        }
        for (auto it = test.globalMatch(text); it.hasNext();) {
            const auto name = it.next().captured(1) + ".cpp";
            QVERIFY2(QDirIterator(kSource + "tests", {name}, QDir::Files, QDirIterator::Subdirectories).hasNext(),
                     qPrintable(document + ": " + name));
        }
    }

    void aWrongOptionIsSeen()
    {
        QCOMPARE(wrongCommand({"splitscope-cli", "run", "--frames", "5"}), QString());
        QCOMPARE(wrongCommand({"splitscope-cli", "run", "--framez", "5"}), QString("--framez"));
        QCOMPARE(wrongCommand({"splitscope-cli", "jump"}), QString("no verb of splitscope-cli"));
        QCOMPARE(wrongCommand({"splitscoped", "--bind", "0.0.0.0"}), QString());
        QCOMPARE(wrongCommand({"splitscoped", "--bin", "0.0.0.0"}), QString("--bin"));
        QCOMPARE(wrongCommand({"packaging/test.sh", "--full"}), QString());
        QCOMPARE(wrongCommand({"packaging/test.sh", "--fast"}), QString("--fast"));
        QCOMPARE(wrongCommand({"curl", "x"}), QString("unexpected program"));
    }

private:
    static void rows()
    {
        QTest::addColumn<QString>("document");
        for (const auto& document : documents())
            QTest::newRow(qPrintable(document)) << document;
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
