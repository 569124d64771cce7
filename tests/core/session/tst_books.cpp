// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/books.h"

#include <QTest>

using splitscope::session::FrameBooks;

class TestBooks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachFrameGetsOneOutcome()
    {
        FrameBooks books;
        QVERIFY(books.add(4, 4));
        QVERIFY(!books.add(4, 4));
        QVERIFY(!books.add(7, 2));
        QVERIFY(!books.add(2, 3));
        QVERIFY(!books.add(0, 100));
        QVERIFY(books.add(8, 1));
        QVERIFY(books.contains(4) && books.contains(8) && !books.contains(9) && !books.contains(3));
        QCOMPARE(books.highest(), 9U);
    }

    void gapsAreFoundAndClosed()
    {
        FrameBooks books;
        books.add(2, 2);
        books.add(6, 1);
        const std::vector<FrameBooks::Range> expected{{0, 2}, {4, 6}, {7, 9}};
        QVERIFY(books.missing(9) == expected);
        QVERIFY(books.missing(5) == (std::vector<FrameBooks::Range>{{0, 2}, {4, 5}}));
        books.add(4, 2);
        books.add(0, 2);
        QVERIFY(books.complete(7));
        QVERIFY(!books.complete(8));
        QVERIFY(books.missing(0).empty());
    }

    void anyOrderOfArrivalGivesTheSameBooks()
    {
        FrameBooks books;
        for (std::uint64_t i = 0; i < 1000; ++i)
            QVERIFY(books.add(i * 617 % 1000, 1));  // 617 and 1000 share no factor
        QVERIFY(books.complete(1000));
        QCOMPARE(books.highest(), 1000U);
    }
};

QTEST_APPLESS_MAIN(TestBooks)
#include "tst_books.moc"
