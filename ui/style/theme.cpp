// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

#include <QApplication>
#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QStyle>
#include <QStyleFactory>
#include <QSvgRenderer>

// A static library's resources are registered by hand, and the macro must stand outside of every namespace.
static void registerResources()
{
    static const bool once = [] {
        Q_INIT_RESOURCE(splitscope_ui);
        return true;
    }();
    static_cast<void>(once);
}

namespace splitscope::ui {

namespace {

bool isDark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

QString styleSheet(const Theme& theme)
{
    return QStringLiteral(R"(
QToolTip { background: %1; color: %2; border: 1px solid %3; padding: 3px; }
QToolButton { border: none; border-radius: 3px; padding: 4px 8px; }
QToolButton:hover { background: %3; }
QToolButton:checked { background: %3; }
QToolButton:focus { outline: none; border: 1px solid %4; padding: 3px 7px; }
QToolButton:disabled { color: %5; }
QGroupBox { border: none; border-top: 1px solid %3; margin-top: 22px; padding-top: 4px; font-weight: bold; }
QGroupBox::title { subcontrol-origin: margin; left: 2px; top: 4px; }
QTabBar::tab { background: transparent; color: %5; padding: 5px 10px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: %2; }
QTabBar::tab:selected { color: %2; border-bottom: 2px solid %4; }
QScrollArea { border: none; background: transparent; }
QTableView { border: none; gridline-color: %3; }
QHeaderView::section { border: none; border-bottom: 1px solid %3; padding: 3px 6px; background: %1; color: %5; }
)")
        .arg(theme.panel.name(), theme.text.name(), theme.hairline.name(), theme.colour(Quantity::Bandwidth).name(),
             theme.muted.name());
}

}  // namespace

Theme Theme::of(const QPalette& palette)
{
    if (isDark(palette))
        return {true, QColor(0x16181b), QColor(0x1d2023), QColor(0xe4e7ea), QColor(0xa2aab2), QColor(0x32373d)};
    return {false, QColor(0xf3f4f6), QColor(0xffffff), QColor(0x1f2328), QColor(0x5a626b), QColor(0xe1e4e8)};
}

QColor Theme::colour(Quantity quantity) const
{
    switch (quantity) {
    case Quantity::Bandwidth: return dark ? QColor(0x2f93d0) : QColor(0x0072b2);
    case Quantity::Device: return QColor(0xe69f00);
    case Quantity::Transfer: return QColor(0x56b4e9);
    case Quantity::Edge: return QColor(0x009e73);
    case Quantity::Accuracy: return QColor(0xcc79a7);
    case Quantity::Energy: return QColor(0xd55e00);
    case Quantity::Queue: return QColor(0xf0e442);
    case Quantity::Fallback: return dark ? QColor(0xd0d4d8) : QColor(0x3a3f45);
    case Quantity::Regret: return dark ? QColor(0x9299a1) : QColor(0x7b838b);
    case Quantity::Decision: return text;
    }
    return text;
}

QPalette themePalette(bool dark)
{
    QPalette seed(dark ? QColor(0x202327) : QColor(0xf0f0f0));
    seed.setColor(QPalette::Window, dark ? QColor(0x16181b) : QColor(0xf3f4f6));
    const Theme theme = Theme::of(seed);
    QPalette palette = seed;
    const QColor button = dark ? QColor(0x272b2f) : QColor(0xfafbfc);
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.panel);
    palette.setColor(QPalette::AlternateBase, theme.window);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::ToolTipBase, theme.panel);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Mid, theme.hairline);
    palette.setColor(QPalette::Highlight, QColor(0x0072b2));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, theme.colour(Quantity::Bandwidth));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, dark ? QColor(0x7d858d) : QColor(0x8a929a));
    return palette;
}

bool systemIsDark() { return isDark(QGuiApplication::palette()); }

void applyTheme(QApplication& application, bool dark)
{
    registerResources();
    if (application.style()->name().compare(QLatin1String("fusion"), Qt::CaseInsensitive) != 0)
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const QPalette palette = themePalette(dark);
    QApplication::setPalette(palette);
    application.setStyleSheet(styleSheet(Theme::of(palette)));
}

QIcon themedIcon(const QString& name, const QPalette& palette)
{
    registerResources();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray drawing = file.readAll();
    QIcon icon;
    for (const auto mode : {QIcon::Normal, QIcon::Disabled}) {
        const auto group = mode == QIcon::Normal ? QPalette::Active : QPalette::Disabled;
        QByteArray tinted = drawing;
        tinted.replace("currentColor", palette.color(group, QPalette::ButtonText).name().toLatin1());
        QSvgRenderer renderer(tinted);
        for (const int size : {18, 36}) {
            QPixmap pixmap(size, size);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            renderer.render(&painter);
            painter.end();
            icon.addPixmap(pixmap, mode);
        }
    }
    return icon;
}

QIcon programIcon()
{
    registerResources();
    return QIcon(QStringLiteral(":/icons/splitscope.svg"));
}

QFont smallFont()
{
    QFont font = QGuiApplication::font();
    font.setPixelSize(11);
    return font;
}

QFont boldFont()
{
    QFont font = smallFont();
    font.setPixelSize(12);
    font.setBold(true);
    return font;
}

}  // namespace splitscope::ui
