// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>
#include <optional>

class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;
class QUndoStack;

namespace splitscope::ui {

/// How a slider's position (0 … 1) stands for a value, and the value for a text.
struct ValueScale {
    std::function<double(double share)> value;
    std::function<double(double value)> share;
    std::function<QString(double value)> format;
    std::function<std::optional<double>(const QString& text)> parse;
};

/// 10 KB/s to 100 MB/s in equal ratios; the right end is unlimited (0).
ValueScale bandwidthScale();
/// 0 to 1,000 ms, finer at the low end.
ValueScale delayScale();
/// 1 to 32 in equal ratios.
ValueScale slowdownScale();

/// A quantity that is dragged or typed.
class SliderField : public QWidget {
    Q_OBJECT

public:
    SliderField(const QString& label, ValueScale scale, QWidget* parent = nullptr);

    [[nodiscard]] double value() const { return m_value; }
    /// Shows a value without valueChanged().
    void setValue(double value);
    /// As if typed: valueChanged() follows.
    void changeValue(double value);
    void recordIn(QUndoStack* stack) { m_undo = stack; }
    /// The value stays, wherever it then lies.
    void setScale(ValueScale scale);
    /// Offers a button that goes back to this value.
    void setDefault(double value);
    void reset();

    [[nodiscard]] QSlider* slider() const { return m_slider; }
    [[nodiscard]] QLineEdit* edit() const { return m_edit; }
    [[nodiscard]] QToolButton* resetButton() const { return m_reset; }

Q_SIGNALS:
    void valueChanged(double value);

private:
    void slide(int position);
    void type();
    void remember(double before);
    void show(double value);

    ValueScale m_scale;
    QLabel* m_label;
    QLineEdit* m_edit;
    QSlider* m_slider;
    QToolButton* m_reset;
    QUndoStack* m_undo = nullptr;
    double m_value = 0;
    std::optional<double> m_beforeDrag;
    std::optional<double> m_default;
};

}  // namespace splitscope::ui
