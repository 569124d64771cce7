// SPDX-License-Identifier: GPL-3.0-or-later
// Every widget that can be operated says what it is, and everything can be done by keys.
#include "tests/gui/synthetic_run.h"
#include "tests/gui/window_fixture.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/plot_view.h"
#include "ui/charts/time_chart.h"
#include "ui/pages/devices_page.h"
#include "ui/pages/experiment_page.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/device_form.h"
#include "ui/widgets/first_steps.h"
#include "ui/widgets/help_window.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/slider_field.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QGraphicsView>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QToolButton>
#include <QTranslator>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

/// With the whole form, which is else made while nothing else is to be done.
struct Fixture : WindowFixture {
    Fixture() { static_cast<void>(window.experimentPage().form().field(QStringLiteral("frames"))); }
};

bool isOperated(const QWidget* widget)
{
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget)
        || qobject_cast<const QAbstractSpinBox*>(widget) || qobject_cast<const QLineEdit*>(widget)
        || qobject_cast<const QAbstractSlider*>(widget) || qobject_cast<const QAbstractItemView*>(widget)
        || qobject_cast<const QTabBar*>(widget) || qobject_cast<const QPlainTextEdit*>(widget)
        || qobject_cast<const QGraphicsView*>(widget);
}

/// Part of another widget, which is looked at itself.
bool isInside(const QWidget* widget)
{
    if (qobject_cast<const QScrollBar*>(widget) || qobject_cast<const QHeaderView*>(widget)
        || widget->objectName().startsWith(QLatin1String("qt_")))
        return true;
    for (const QWidget* parent = widget->parentWidget(); parent; parent = parent->parentWidget())
        if (qobject_cast<const QComboBox*>(parent) || qobject_cast<const QAbstractSpinBox*>(parent)
            || qobject_cast<const QLineEdit*>(parent) || qobject_cast<const QAbstractItemView*>(parent)
            || qobject_cast<const QTabBar*>(parent))
            return true;
    return false;
}

QString nameOf(QWidget* widget)
{
    auto* accessible = QAccessible::queryAccessibleInterface(widget);
    return accessible ? accessible->text(QAccessible::Name) : QString();
}

QString placeOf(const QWidget* widget)
{
    QStringList chain;
    for (; widget; widget = widget->parentWidget())
        chain.prepend(QLatin1String(widget->metaObject()->className())
                      + (widget->accessibleName().isEmpty() ? QString() : QStringLiteral(" '%1'").arg(widget->accessibleName())));
    return chain.mid(std::max(0, static_cast<int>(chain.size()) - 4)).join(QStringLiteral(" > "));
}

/// Widgets that can be operated and do not say what they are.
QStringList namelessIn(QWidget& root)
{
    QStringList found;
    const auto widgets = root.findChildren<QWidget*>();
    for (QWidget* widget : widgets) {
        if (!isOperated(widget) || isInside(widget))
            continue;
        if (const auto* button = qobject_cast<QAbstractButton*>(widget); button && button->isHidden() && button->text().isEmpty())
            continue;  // an empty chart's offer, where there is none
        // A sign is no name.
        const QString name = nameOf(widget);
        const bool says = std::any_of(name.begin(), name.end(), [](QChar c) { return c.isLetterOrNumber(); });
        if (!says)
            found << placeOf(widget);
    }
    found.removeDuplicates();
    return found;
}

/// Marks every text that went through translation.
class Marking : public QTranslator {
public:
    [[nodiscard]] QString translate(const char* context, const char* text, const char*, int) const override
    {
        return QLatin1String(context).startsWith(QLatin1Char('Q')) ? QString()
                                                                   : QStringLiteral("⟦%1⟧").arg(QString::fromUtf8(text));
    }
    [[nodiscard]] bool isEmpty() const override { return false; }
};

/// What a widget says, but for values and names.
QStringList textsOf(const QWidget* widget)
{
    QStringList texts{widget->toolTip(), widget->accessibleName(), widget->accessibleDescription()};
    if (const auto* label = qobject_cast<const QLabel*>(widget))
        texts << label->text();
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
        texts << button->text();
    if (const auto* box = qobject_cast<const QGroupBox*>(widget))
        texts << box->title();
    if (const auto* edit = qobject_cast<const QLineEdit*>(widget))
        texts << edit->placeholderText();
    if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
        for (int i = 0; i < tabs->count(); ++i)
            texts << tabs->tabText(i) << tabs->tabToolTip(i);
    if (const auto* chart = qobject_cast<const TimeChart*>(widget))
        texts << chart->spec().title << chart->spec().axisTitle << chart->spec().emptyText;
    if (const auto* plot = qobject_cast<const PlotView*>(widget))
        texts << plot->plot().title << plot->plot().emptyText;
    if (const auto* view = qobject_cast<const QAbstractItemView*>(widget); view && view->model() && !isInside(widget))
        for (int column = 0; column < view->model()->columnCount(); ++column)
            texts << view->model()->headerData(column, Qt::Horizontal).toString();
    return texts;
}

/// Names of networks, data, files and strategies are the same in every language.
bool isName(const QString& text)
{
    static const QRegularExpression kWord(QStringLiteral("[A-Za-z]{3,}"));
    static const QRegularExpression kName(
        QStringLiteral("alexnet|patterns|cifar|imagenette|loopback|tcp:|splitscope|/tmp|json|MB/s|Mbit|bits|Ctrl"));
    return !kWord.match(text).hasMatch() || kName.match(text).hasMatch();
}

}  // namespace

class TestAccessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOfTest("access"); }
    void init() { QSettings().clear(); }

    // First: some texts are made once, in the language of then.
    void everyTextCanBeTranslated()
    {
        Marking marking;
        QVERIFY(QCoreApplication::installTranslator(&marking));
        QStringList found;
        {
            Fixture f;
            f.window.devicesPage().form()->show();
            const auto widgets = f.window.findChildren<QWidget*>();
            for (const QWidget* widget : widgets)
                for (const QString& text : isInside(widget) ? QStringList() : textsOf(widget))
                    if (!text.contains(QStringLiteral("⟦")) && !isName(text))
                        found << placeOf(widget) + QStringLiteral(": ") + text;
            // Undo and Redo are Qt's own.
            for (const QAction* action : f.window.actions())
                if (!action->text().contains(QStringLiteral("⟦")) && !action->text().endsWith(QLatin1String("do")))
                    found << action->text();
        }
        QCoreApplication::removeTranslator(&marking);
        found.removeDuplicates();
        for (const QString& text : found)
            qWarning().noquote() << text;
        QVERIFY(found.isEmpty());
    }

    void everyWidgetThatIsOperatedSaysWhatItIs()
    {
        Fixture f;
        f.window.devicesPage().form()->show();
        const QStringList nameless = namelessIn(f.window);
        for (const QString& place : nameless)
            qWarning().noquote() << place;
        QVERIFY(nameless.isEmpty());
        // The walk finds what it is to find.
        QPushButton sign(QStringLiteral("✕"), &f.window);
        QCOMPARE(namelessIn(f.window).size(), 1);
    }

    void everyPageHasAKeyAndAName()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowExposed(&f.window));
        f.window.activateWindow();
        QVERIFY(f.window.pageCount() >= 6);
        for (int page = f.window.pageCount() - 1; page >= 0; --page) {
            f.window.setFocus();
            QTest::keyClick(&f.window, static_cast<Qt::Key>(Qt::Key_1 + page));
            QCOMPARE(f.window.currentPage(), page);
            QVERIFY(!f.window.pageNames()[page].isEmpty());
        }
    }

    void spaceFollowExportAndUndoHaveTheirKeys()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowExposed(&f.window));
        f.window.activateWindow();
        fillStore(f.store, 100);
        f.window.livePage().timeView().zoomTo({1, 2});
        QTest::keyClick(&f.window, Qt::Key_F);
        QVERIFY(f.window.livePage().timeView().following());
        QVERIFY(f.window.pauseAction()->shortcut() == QKeySequence(Qt::Key_Space));
        auto* slider = f.window.controls().reward()->sensitivity();
        const double before = slider->value();
        QTest::keyClick(slider->findChild<QAbstractSlider*>(), Qt::Key_PageDown);
        QVERIFY(slider->value() < before);
        QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(slider->value(), before);
        QTest::keyClick(&f.window, Qt::Key_E, Qt::ControlModifier);
        auto* dialog = f.window.findChild<QDialog*>();
        QVERIFY(dialog);
        QVERIFY(!dialog->isModal());
        delete dialog;
        QVERIFY(f.window.guide().done(FirstSteps::Compare));
    }

    void aSliderMovesByKeys()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowExposed(&f.window));
        f.window.activateWindow();
        auto* field = f.window.controls().reward()->sensitivity();
        auto* bar = field->findChild<QAbstractSlider*>();
        QVERIFY(bar);
        const double before = field->value();
        bar->setFocus();
        QTest::keyClick(bar, Qt::Key_Right);
        QVERIFY(field->value() > before);
    }

    void theGuideTicksOffWhatWasDoneAndStaysAwayOnceDismissed()
    {
        {
            Fixture f;
            QVERIFY(f.window.guide().isVisible());
            QVERIFY(!f.window.guide().done(FirstSteps::Slider));
            f.window.guide().button(FirstSteps::Slider)->click();
            QVERIFY(f.window.controls().reward()->sensitivity()->isVisible());
            QTest::keyClick(f.window.controls().reward()->sensitivity()->findChild<QAbstractSlider*>(), Qt::Key_PageUp);
            QVERIFY(f.window.guide().done(FirstSteps::Slider));
            f.window.guide().button(FirstSteps::Compare)->click();
            QVERIFY(f.window.guide().done(FirstSteps::Compare));
            QVERIFY(f.window.guide().text().contains(QStringLiteral("✓")));
            QVERIFY(!f.window.guide().done(FirstSteps::Run));
            f.window.guide().button(FirstSteps::Run)->click();
            QTRY_VERIFY_WITH_TIMEOUT(f.window.guide().done(FirstSteps::Run), 60'000);
            QVERIFY(!f.window.isModal());
            f.window.guide().closeButton()->click();
            QVERIFY(f.window.guide().isHidden());
        }
        Fixture again;
        QVERIFY(again.window.guide().isHidden());
        QVERIFY(QTest::qWaitForWindowExposed(&again.window));
        again.window.activateWindow();
        QTest::keyClick(&again.window, Qt::Key_F1);  // Help shows it again
        auto* menu = again.window.findChild<QMenu*>(QStringLiteral("help"));
        QVERIFY(menu);
        menu->actions().constFirst()->trigger();
        QVERIFY(again.window.guide().isVisible());
        QVERIFY(!again.window.guide().done(FirstSteps::Run));
    }

    void figuresAreTranslatedWhereTheyAreShown()
    {
        session::Figure figure;
        figure.key = "3";
        figure.title = "Latency by layer";
        figure.y = {"latency (ms)", "latency_ms", "ms"};
        figure.series.push_back({"device", "device", {}, {}, {}});
        figure.categories.push_back({"conv1", "conv", "trunk"});
        Marking marking;
        QVERIFY(QCoreApplication::installTranslator(&marking));
        FigureChart chart;
        chart.setFigure(figure);
        QCoreApplication::removeTranslator(&marking);
        QCOMPARE(chart.figure()->title, std::string("⟦Latency by layer⟧"));
        QCOMPARE(chart.figure()->y.title, std::string("⟦latency (ms)⟧"));
        QCOMPARE(chart.figure()->series[0].name, std::string("⟦device⟧"));
        QCOMPARE(chart.figure()->series[0].key, std::string("device"));  // files keep their columns
        QCOMPARE(chart.figure()->y.key, std::string("latency_ms"));
        QCOMPARE(chart.figure()->categories[0].name, std::string("conv1"));
        FigureChart untranslated;
        untranslated.setFigure(figure);
        QCOMPARE(untranslated.figure()->title, figure.title);
    }

    void helpExplainsKeysAndTerms()
    {
        const HelpWindow keys(HelpTopic::Keys, {QStringLiteral("Live"), QStringLiteral("Log")});
        QVERIFY(keys.text().contains(QStringLiteral("page Log")));
        QVERIFY(keys.text().contains(QStringLiteral("Ctrl+E")));
        const HelpWindow terms(HelpTopic::Terms, {});
        for (const auto* term :
             {"exit point", "partition point", "bits", "regret", "sensitivity s", "weight n", "energy limit ê"}) {
            QVERIFY2(terms.text().contains(QString::fromUtf8(term)), term);
            QVERIFY(!explanationOf(QString::fromUtf8(term)).isEmpty());
        }
        QVERIFY(explanationOf(QStringLiteral("nonsense")).isEmpty());
        QVERIFY(!terms.isModal());
    }
};

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
