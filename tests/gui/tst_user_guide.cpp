// SPDX-License-Identifier: GPL-3.0-or-later
// Help opens the user guide that ships with the program, and whoever reads it there gets everywhere by its links.
#include "core/base/files.h"
#include "tests/gui/window_fixture.h"

#include <QAction>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMenu>
#include <QRegularExpression>
#include <QUrl>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

QString readText(const QString& file)
{
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()) : QString();
}

}  // namespace

class TestUserGuide : public QObject {
    Q_OBJECT

    QString m_first;  ///< the guide's first page
    QList<QUrl> m_opened;

public Q_SLOTS:
    /// In the browser's place.
    void take(const QUrl& url) { m_opened << url; }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsOfTest("user_guide");
        const auto page = base::resourcePath("guide/index.html");
        if (!page)
            QSKIP("this build has no user guide: cmark-gfm was not there when it was configured");
        m_first = QString::fromStdString(page->string());
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "take");
    }
    void cleanupTestCase() { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }

    void helpOpensIt()
    {
        WindowFixture f;
        QVERIFY(QTest::qWaitForWindowExposed(&f.window));
        f.window.activateWindow();
        QTest::keyClick(&f.window, Qt::Key_F1);
        auto* menu = f.window.findChild<QMenu*>(QStringLiteral("help"));
        QVERIFY(menu);
        for (QAction* action : menu->actions())
            if (action->text() == QStringLiteral("User guide"))
                action->trigger();
        QCOMPARE(m_opened, QList<QUrl>{QUrl::fromLocalFile(m_first)});
        QVERIFY(readText(m_first).contains(QStringLiteral("First run")));
    }

    /// To other chapters, places in them, and pictures.
    void itsLinksLeadSomewhere()
    {
        static const QRegularExpression link(QStringLiteral("(?:href|src)=\"([^\"#]*)(?:#([^\"]*))?\""));
        const QDir folder = QFileInfo(m_first).dir();
        const auto chapters = folder.entryList({QStringLiteral("*.html")}, QDir::Files);
        QVERIFY(chapters.size() > 5);
        for (const QString& chapter : chapters) {
            const QString text = readText(folder.filePath(chapter));
            for (auto it = link.globalMatch(text); it.hasNext();) {
                const auto found = it.next();
                const QString where = chapter + QStringLiteral(": ") + found.captured();
                if (found.captured(1).contains(QStringLiteral("://")))
                    continue;
                const QString file = found.captured(1).isEmpty() ? chapter : found.captured(1);
                QVERIFY2(folder.exists(file), qPrintable(where));
                const QString place = QStringLiteral("id=\"") + found.captured(2) + u'"';
                QVERIFY2(found.captured(2).isEmpty() || readText(folder.filePath(file)).contains(place), qPrintable(where));
            }
        }
    }
};

QTEST_MAIN(TestUserGuide)
#include "tst_user_guide.moc"
