// SPDX-License-Identifier: GPL-3.0-or-later
// Man pages and completions, as packages get them, know what the programs' --help tells: every verb and every option.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

QString outputOf(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(kWaitMs) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

QStringList allOf(const QRegularExpression& expression, const QString& text)
{
    QStringList found;
    for (auto it = expression.globalMatch(text); it.hasNext();)
        found << it.next().captured(1);
    return found;
}

QStringList verbsOf(const QString& help)
{
    static const QRegularExpression verb("^  ([a-z]+)(?= )", QRegularExpression::MultilineOption);
    return help.contains("VERB [options]") ? allOf(verb, help) : QStringList();
}

}  // namespace

class TestReference : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static QString helpOf(const QString& program, const QStringList& verbs)
    {
        return outputOf(QStringLiteral(SPLITSCOPE_BIN "/") + program, verbs + QStringList{"--help"});
    }

    /// As text, without what roff puts before hyphens.
    QString manPageOf(const QString& program)
    {
        return outputOf("gzip", {"-dc", m_folder.filePath(program + "/man/man1/" + program + ".1.gz")}).remove('\\');
    }

    /// What bash offers for a line; its last word is being typed.
    QStringList offered(const QString& line)
    {
        const auto program = line.section(' ', 0, 0);
        const auto script
            = QString("source '%1/%2/bash-completion/completions/%2'; COMP_WORDS=(%3); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                      "_%4; printf '%s\\n' \"${COMPREPLY[@]}\"")
                  .arg(m_folder.path(), program, line, QString(program).replace('-', '_'));
        return outputOf("bash", {"-c", script}).split('\n', Qt::SkipEmptyParts);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable("python3").isEmpty())
            QSKIP("packaging/reference.py needs python3");
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(
            "python3",
            {SPLITSCOPE_SOURCE "/packaging/reference.py", SPLITSCOPE_BIN, m_folder.path(), "splitscope-cli", "splitscoped"});
        QVERIFY(process.waitForFinished(kWaitMs));
        QCOMPARE(process.exitCode(), 0);
    }

    void theManPageHasEveryVerb()
    {
        const auto page = manPageOf("splitscope-cli");
        const auto verbs = verbsOf(helpOf("splitscope-cli", {}));
        QVERIFY(verbs.size() > 10);
        for (const auto& verb : verbs)
            QVERIFY2(page.contains(".SS splitscope-cli " + verb), qPrintable(verb));
        const auto all = offered("splitscope-cli ''");
        for (const auto& verb : verbs)
            QVERIFY2(all.contains(verb), qPrintable(verb));
    }

    void theManPageHasEveryOption_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QStringList>("verbs");
        QTest::newRow("run") << "splitscope-cli" << QStringList{"run"};
        QTest::newRow("policy train") << "splitscope-cli" << QStringList{"policy", "train"};
        QTest::newRow("daemon") << "splitscoped" << QStringList{};
    }
    void theManPageHasEveryOption()
    {
        QFETCH(QString, program);
        QFETCH(QStringList, verbs);
        const auto page = manPageOf(program);
        const auto name = (QStringList{program} + verbs).join(' ');
        const auto begin = verbs.isEmpty() ? 0 : page.indexOf(".SS " + name + '\n');
        QVERIFY(begin >= 0);
        const auto section = verbs.isEmpty() ? page : page.mid(begin).section("\n.S", 0, 0);
        static const QRegularExpression option("^  (--[a-z0-9-]+)", QRegularExpression::MultilineOption);
        const auto options = allOf(option, helpOf(program, verbs));
        QVERIFY(options.size() > 10);
        for (const auto& known : options)
            QVERIFY2(known == "--help" || section.contains(".B " + known), qPrintable(name + ' ' + known));
    }

    void bashCompletes_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("verb") << "splitscope-cli swe" << QStringList{"sweep"};
        QTest::newRow("verb below a verb") << "splitscope-cli policy tr" << QStringList{"train"};
        QTest::newRow("option") << "splitscope-cli run --fram" << QStringList{"--frames"};
        QTest::newRow("option below two verbs") << "splitscope-cli policy train --algo" << QStringList{"--algorithm"};
        QTest::newRow("daemon") << "splitscoped --self" << QStringList{"--self-test"};
        QTest::newRow("nothing like it") << "splitscope-cli run --algo" << QStringList{};
    }
    void bashCompletes()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, words);
        QCOMPARE(offered(line), words);
    }
};

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
