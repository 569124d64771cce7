// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/figure_texts.h"

#include <QCoreApplication>

namespace splitscope::ui {

namespace {

void translate(std::string& text)
{
    if (!text.empty())
        text = QCoreApplication::translate("Figure", text.c_str()).toStdString();
}

void translate(session::FigureAxis& axis) { translate(axis.title); }

template <typename Panel>
void translatePanel(Panel& panel)
{
    translate(panel.title);
    translate(panel.x);
    for (auto& series : panel.series)
        translate(series.name);
}

}  // namespace

session::Figure translated(session::Figure figure)
{
    for (std::string* text : {&figure.title, &figure.subtitle, &figure.xTitle})
        translate(*text);
    translate(figure.y);
    for (auto& series : figure.series)
        translate(series.name);
    for (auto& statement : figure.statements) {
        translate(statement.claim);
        translate(statement.evidence);
    }
    for (auto& note : figure.notes)
        translate(note);
    for (auto& panel : figure.panels) {
        translatePanel(panel);
        translate(panel.y);
    }
    for (auto& panel : figure.plots) {
        translatePanel(panel);
        translate(panel.y);
    }
    for (auto& panel : figure.rowPanels) {
        translatePanel(panel);
        for (auto& mark : panel.marks)
            translate(mark.name);
    }
    return figure;
}

}  // namespace splitscope::ui
