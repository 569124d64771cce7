// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <span>

class QTextBrowser;

namespace splitscope::ui {

enum class HelpTopic { Keys, Terms };

/// A term and its meaning, both still to be translated.
struct HelpTerm {
    const char* name;
    const char* meaning;
};

/// A page of help beside the window: the keys, or what the terms mean. Never modal.
class HelpWindow : public QDialog {
    Q_OBJECT

public:
    /// `pages`: of the window, in the order of their keys.
    HelpWindow(HelpTopic topic, const QStringList& pages, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    /// Those explained; here so that lupdate knows their context.
    [[nodiscard]] static std::span<const HelpTerm> terms();

private:
    QTextBrowser* m_text;
};

/// What a term means, in a sentence, for tooltips and for the page of terms: "exit point", "partition point", "bits", "regret", …
/// Empty for a term that is not among them.
QString explanationOf(const QString& term);
QStringList explainedTerms();

}  // namespace splitscope::ui
