// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include <QLabel>
#include <QWidget>
#include <QtTest>

#include <memory>

using namespace splitscope::ui;

namespace {

constexpr int kSpacing = 4, kWidth = 60, kHeight = 20;

/// A widget of a preferred size that may shrink.
class Box : public QWidget {
public:
    [[nodiscard]] QSize sizeHint() const override { return {kWidth, kHeight}; }
};

struct Row {
    QWidget parent;
    FlowLayout* layout = new FlowLayout(kSpacing, &parent);
    std::vector<Box*> boxes;

    explicit Row(int count)
    {
        for (int i = 0; i < count; ++i) {
            boxes.push_back(new Box);
            layout->addWidget(boxes.back());
        }
    }
    void resize(int width)
    {
        parent.resize(width, layout->heightForWidth(width));
        parent.show();
        layout->activate();
    }
};

}  // namespace

class TestFlowLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatDoesNotFitGoesOnInTheNextLine_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("lines");
        QTest::newRow("all beside each other") << 5 * kWidth + 4 * kSpacing << 1;
        QTest::newRow("a pixel less") << 5 * kWidth + 4 * kSpacing - 1 << 2;
        QTest::newRow("two a line") << 2 * kWidth + kSpacing << 3;
        QTest::newRow("one a line") << kWidth << 5;
        QTest::newRow("narrower than any: cut") << kWidth / 2 << 5;
    }
    void whatDoesNotFitGoesOnInTheNextLine()
    {
        QFETCH(const int, width);
        QFETCH(const int, lines);
        Row row(5);
        QCOMPARE(row.layout->heightForWidth(width), lines * kHeight + (lines - 1) * kSpacing);
        row.resize(width);
        QCOMPARE(row.boxes.back()->geometry().bottom() + 1, row.layout->heightForWidth(width));
        for (const Box* box : row.boxes)
            QVERIFY2(row.parent.rect().contains(box->geometry()), qPrintable(QString::number(box->geometry().right())));
        for (std::size_t i = 1; i < row.boxes.size(); ++i)
            QVERIFY(!row.boxes[i]->geometry().intersects(row.boxes[i - 1]->geometry()));
    }

    void whatIsHiddenTakesNoPlace()
    {
        Row row(3);
        row.boxes[1]->hide();
        row.resize(2 * kWidth + kSpacing);
        QCOMPARE(row.boxes[2]->geometry().topLeft(), QPoint(kWidth + kSpacing, 0));
    }

    void insertedWidgetsStandWhereTheyWereAsked()
    {
        Row row(2);
        auto* between = new Box;
        row.layout->insertWidget(1, between);
        row.resize(3 * kWidth + 2 * kSpacing);
        QCOMPARE(row.layout->indexOf(between), 1);
        QCOMPARE(between->x(), kWidth + kSpacing);
        QCOMPARE(between->parentWidget(), &row.parent);
    }

    void captionsStayWithTheirFields()
    {
        Row row(1);
        auto* field = new Box;
        row.layout->addCaptioned(QStringLiteral("Updates"), field);
        row.resize(kWidth + kSpacing + kWidth);
        const auto* label = field->parentWidget()->findChild<QLabel*>();
        QCOMPARE(label->text(), QStringLiteral("Updates"));
        QCOMPARE(field->mapTo(&row.parent, QPoint()).y() > kHeight, true);
        QCOMPARE(label->mapTo(&row.parent, QPoint()).y() > kHeight, true);
    }

    void rightToLeftLanguagesBeginAtTheRight()
    {
        Row row(2);
        row.parent.setLayoutDirection(Qt::RightToLeft);
        row.resize(4 * kWidth);
        QCOMPARE(row.boxes[0]->geometry().right() + 1, 4 * kWidth);
    }
};

QTEST_MAIN(TestFlowLayout)
#include "tst_flow_layout.moc"
