// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/language.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

#ifdef SPLITSCOPE_TRANSLATIONS
static void registerTranslations() { Q_INIT_RESOURCE(splitscope_translations); }
#else
static void registerTranslations() {}
#endif

namespace splitscope::ui {

namespace {

constexpr QLatin1String kKey("language");
constexpr QLatin1String kEnglish("en");
constexpr QLatin1String kPrefix("splitscope_");

/// "de" of "de-AT".
QString bare(const QString& language) { return language.section(QLatin1Char('-'), 0, 0).section(QLatin1Char('_'), 0, 0); }

QString wanted(const QStringList& there)
{
    if (const QString chosen = chosenLanguage(); there.contains(chosen))
        return chosen;
    for (const QString& language : QLocale::system().uiLanguages())
        if (there.contains(bare(language)))
            return bare(language);
    return kEnglish;
}

/// The program's, or Qt's own for the words on its buttons and dialogs.
void install(const QString& name, const QString& folder)
{
    auto* translator = new QTranslator(QCoreApplication::instance());
    if (translator->load(name, folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

}  // namespace

QStringList languages()
{
    registerTranslations();
    QStringList all{kEnglish};
    for (const QString& file : QDir(QStringLiteral(":/translations")).entryList({kPrefix + QStringLiteral("*.qm")}))
        all << file.mid(kPrefix.size()).chopped(3);
    return all;
}

QString languageName(const QString& language) { return QLocale(language).nativeLanguageName(); }

QString chosenLanguage() { return QSettings().value(kKey).toString(); }

void chooseLanguage(const QString& language) { QSettings().setValue(kKey, language); }

QString applyLanguage()
{
    QLocale::setDefault(QLocale(QLocale::English));  // numbers are as in files and on the command line, whatever the words are
    const QString language = wanted(languages());
    if (language == kEnglish)
        return language;
    install(QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(kPrefix + language, QStringLiteral(":/translations"));
    return language;
}

}  // namespace splitscope::ui
