// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard in another language: what is shipped, what it is asked for, and what must never be translated.
#include "core/session/run_statistics.h"
#include "tests/gui/window_fixture.h"
#include "ui/charts/live_charts.h"
#include "ui/pages/devices_page.h"
#include "ui/pages/experiment_page.h"
#include "ui/style/language.h"
#include "ui/widgets/device_form.h"

#include <QRegularExpression>
#include <QTranslator>
#include <QXmlStreamReader>
#include <QtTest>

#include <map>
#include <set>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

const QString kQuantities = QStringLiteral("splitscope::session::RunQuantity");

using Text = std::pair<QString, QString>;  ///< context, source

/// Translates nothing, and remembers what it was asked for.
class Recording : public QTranslator {
public:
    [[nodiscard]] QString translate(const char* context, const char* text, const char*, int) const override
    {
        if (QLatin1String(context).startsWith(QLatin1String("splitscope")))
            m_asked.insert({QString::fromUtf8(context), QString::fromUtf8(text)});
        return {};
    }
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] const std::set<Text>& asked() const { return m_asked; }

private:
    mutable std::set<Text> m_asked;
};

/// One, or one for each number.
QStringList formsOf(QXmlStreamReader& xml)
{
    QStringList forms;
    QString only;
    while (!xml.atEnd() && !(xml.readNext() == QXmlStreamReader::EndElement && xml.name() == QLatin1String("translation"))) {
        if (xml.tokenType() == QXmlStreamReader::StartElement)
            forms << xml.readElementText();
        else if (xml.tokenType() == QXmlStreamReader::Characters)
            only += xml.text();
    }
    return forms.isEmpty() ? QStringList{only} : forms;
}

/// What the file of a translation holds; texts that are not translated are empty.
std::map<Text, QStringList> shipped(const QString& language)
{
    QFile file(QStringLiteral(SPLITSCOPE_SOURCE "/ui/translations/splitscope_%1.ts").arg(language));
    std::map<Text, QStringList> all;
    if (!file.open(QIODevice::ReadOnly))
        return all;
    QXmlStreamReader xml(&file);
    Text text;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name"))
            text.first = xml.readElementText();
        else if (xml.name() == QLatin1String("source"))
            text.second = xml.readElementText();
        else if (xml.name() == QLatin1String("translation"))
            all[text] = formsOf(xml);
    }
    return all;
}

QStringList placeholders(const QString& text)
{
    static const QRegularExpression kOne(QStringLiteral("%(L?\\d|n)"));
    QStringList found;
    for (auto match = kOne.globalMatch(text); match.hasNext();)
        found << match.next().captured();
    found.sort();
    return found;
}

}  // namespace

class TestTranslation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOfTest("translation"); }
    void init() { QSettings().clear(); }

    // First: some texts are made once, in the language of then.
    void whatTheWindowAsksForIsWhereItLooks()
    {
        Recording recording;
        QVERIFY(QCoreApplication::installTranslator(&recording));
        {
            WindowFixture f;
            f.window.devicesPage().form()->show();
            QVERIFY(f.window.experimentPage().form().field(QStringLiteral("frames")));
            for (int page = 0; page < f.window.pageCount(); ++page)
                f.window.showPage(page);
        }
        QCoreApplication::removeTranslator(&recording);
        const auto known = shipped(QStringLiteral("de"));
        std::map<QString, std::pair<int, int>> found;  // by context: known, asked for
        for (const Text& text : recording.asked()) {
            auto& [there, asked] = found[text.first];
            ++asked;
            there += known.contains(text) ? 1 : 0;
            if (!known.contains(text))
                qInfo().noquote() << "not translated yet:" << text.first << text.second;
        }
        QVERIFY(found.size() > 30);
        for (const auto& [context, counts] : found)  // new texts may wait for their translation; a wrong context hides them all
            QVERIFY2(2 * counts.first >= counts.second, qPrintable(context));
    }

    void placeholdersAreTheSame()
    {
        const auto known = shipped(QStringLiteral("de"));
        QVERIFY(known.size() > 800);
        for (const auto& [text, forms] : known)
            for (const QString& words : forms)
                if (!words.isEmpty())
                    QVERIFY2(placeholders(words) == placeholders(text.second), qPrintable(text.second));
    }

    void theSettingChoosesAndCsvStaysAsItIs()
    {
        if (languages().size() < 2)
            QSKIP("built without Qt's LinguistTools: the dashboard speaks English alone");
        const auto known = shipped(QStringLiteral("de"));
        chooseLanguage(QStringLiteral("en"));
        QCOMPARE(applyLanguage(), QStringLiteral("en"));
        const SampleStore store;
        TimeView view;
        const QStringList english = makeBandwidthChart(store, view)->values().header();
        QCOMPARE(english.value(1), QStringLiteral("set_MB_per_s"));
        chooseLanguage(QStringLiteral("xx"));  // no such one: the system's
        QVERIFY(languages().contains(applyLanguage()));
        chooseLanguage(QStringLiteral("de"));
        QCOMPARE(applyLanguage(), QStringLiteral("de"));
        QCOMPARE(seriesName(QStringLiteral("set")), QStringLiteral("eingestellt"));
        const auto chart = makeBandwidthChart(store, view);
        QCOMPARE(chart->spec().title, QStringLiteral("Bandbreite"));
        QCOMPARE(chart->values().header(), english);
        QCOMPARE(QLocale().toString(1234.5), QStringLiteral("1,234.5"));  // numbers stay as they are
        for (const auto& info : session::runQuantities())
            QVERIFY2(known.contains({kQuantities, QString::fromUtf8(info.name)}), info.name);
        WindowFixture f;
        QCOMPARE(f.window.startAction()->text(), QStringLiteral("Start"));
        QCOMPARE(f.window.saveAction()->text(), QStringLiteral("Speichern"));
        QCOMPARE(f.window.pageNames().value(1), QStringLiteral("Szenario"));
    }
};

QTEST_MAIN(TestTranslation)
#include "tst_translation.moc"
