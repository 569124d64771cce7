// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QTextBrowser;

namespace splitscope::ui {

enum class HelpTopic { Keys, Terms };

/// A page of help beside the window: the keys, or what the terms mean. Never modal.
class HelpWindow : public QDialog {
    Q_OBJECT

public:
    /// `pages`: of the window, in the order of their keys.
    HelpWindow(HelpTopic topic, const QStringList& pages, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;

private:
    QTextBrowser* m_text;
};

/// What a term means, in a sentence, for tooltips and for the page of terms: "exit point", "partition point", "bits", "regret", …
/// Empty for a term that is not among them.
QString explanationOf(const QString& term);
QStringList explainedTerms();

}  // namespace splitscope::ui
