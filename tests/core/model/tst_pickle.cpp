// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles as torch.save writes them, and those that no torch.save writes: a program from a stranger is read, never run.
#include "core/model/pickle.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;
using Kind = PickleNode::Kind;

namespace {

base::Result<Pickle> parse(const QByteArray& program)
{
    return Pickle::parse({reinterpret_cast<const std::uint8_t*>(program.data()), static_cast<std::size_t>(program.size())},
                         "x.pt");
}

}  // namespace

class TestPickle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersAreThoseOfPython_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<qint64>("number");
        QTest::newRow("False") << QByteArray("\x89.") << qint64{0};
        QTest::newRow("True") << QByteArray("\x88.") << qint64{1};
        QTest::newRow("1 byte") << QByteArray("K\xff.") << qint64{255};
        QTest::newRow("2 bytes") << QByteArray("M\x01\x02.") << qint64{513};
        QTest::newRow("4 bytes") << QByteArray("J\xfe\xff\xff\xff.") << qint64{-2};
        QTest::newRow("long 0") << QByteArray("\x8a\x00.", 3) << qint64{0};
        QTest::newRow("long 3,000,000,000") << QByteArray("\x8a\x05\x00\x5e\xd0\xb2\x00.", 8) << qint64{3'000'000'000};
        QTest::newRow("long -3") << QByteArray("\x8a\x01\xfd.") << qint64{-3};
        QTest::newRow("the least long") << QByteArray("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80.", 11)
                                        << std::numeric_limits<qint64>::min();
    }
    void numbersAreThoseOfPython()
    {
        QFETCH(QByteArray, program);
        QFETCH(qint64, number);
        const auto pickle = parse(program);
        QVERIFY2(pickle.ok(), pickle.ok() ? "" : pickle.error().text.c_str());
        QCOMPARE(pickle->root().kind, Kind::Number);
        QCOMPARE(qint64{pickle->root().number}, number);
    }

    void realsAreBigEndianAndNoneIsNothing()
    {
        const auto real = parse(QByteArray("G\xc0\x04\x00\x00\x00\x00\x00\x00.", 10));
        QVERIFY(real.ok());
        QCOMPARE(real->root().kind, Kind::Real);
        QCOMPARE(real->root().real, -2.5);
        QCOMPARE(parse("N.")->root().kind, Kind::None);
    }

    /// (1, 2, 3), [1, 2, 3] by both instructions, {1: 2} by both, and the same object twice.
    void containersHoldWhatIsPutIntoThem_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<QList<int>>("numbers");
        QTest::newRow("tuple of 1") << QByteArray("K\x01\x85.") << QList<int>{1};
        QTest::newRow("tuple of 3") << QByteArray("K\x01K\x02K\x03\x87.") << QList<int>{1, 2, 3};
        QTest::newRow("list, one by one") << QByteArray("]K\x01"
                                                        "aK\x02"
                                                        "a.")
                                          << QList<int>{1, 2};
        QTest::newRow("list at once") << QByteArray("](K\x01K\x02"
                                                    "e.")
                                      << QList<int>{1, 2};
        QTest::newRow("dictionary") << QByteArray("}(K\x01K\x02u.") << QList<int>{1, 2};
        QTest::newRow("remembered") << QByteArray("]K\x07q\x03"
                                                  "ah\x03"
                                                  "a.")
                                    << QList<int>{7, 7};
        QTest::newRow("remembered, long") << QByteArray("]K\x07r\x01\x00\x01\x00"
                                                        "aj\x01\x00\x01\x00"
                                                        "a.",
                                                        17)
                                          << QList<int>{7, 7};
    }
    void containersHoldWhatIsPutIntoThem()
    {
        QFETCH(QByteArray, program);
        QFETCH(QList<int>, numbers);
        const auto pickle = parse(program);
        QVERIFY2(pickle.ok(), pickle.ok() ? "" : pickle.error().text.c_str());
        QList<int> found;
        for (const auto* item : pickle->root().items)
            found << static_cast<int>(item->number);
        QCOMPARE(found, numbers);
    }

    void programsThatMakeNoSenseAreErrors_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << QByteArray() << "ends too early";
        QTest::newRow("no end") << QByteArray("K\x01") << "ends too early";
        QTest::newRow("half a number") << QByteArray("J\x01\x02") << "ends too early";
        QTest::newRow("half a text") << QByteArray("X\x05\x00\x00\x00"
                                                   "abc",
                                                   8)
                                     << "ends too early";
        QTest::newRow("half a name") << QByteArray("ctorch\nFloat") << "ends too early";
        QTest::newRow("nothing is left") << QByteArray(".") << "leaves no single object";
        QTest::newRow("two are left") << QByteArray("NN.") << "leaves no single object";
        QTest::newRow("a mark is left") << QByteArray("(.") << "leaves no single object";
        QTest::newRow("a longer number") << QByteArray("\x8a\x09"
                                                       "123456789.")
                                         << "holds a number that is too large";
        QTest::newRow("more than there is") << QByteArray("K\x01\x86.") << "takes more objects than it made";
        QTest::newRow("no mark") << QByteArray("K\x01t.") << "up to a mark that it did not make";
        QTest::newRow("fills nothing") << QByteArray("(u.") << "fills an object that it did not make";
        QTest::newRow("fills a number") << QByteArray("K\x01K\x02"
                                                      "a.")
                                        << "cannot be filled so";
        QTest::newRow("a key without a value") << QByteArray("}(K\x01u.") << "cannot be filled so";
        QTest::newRow("calls a number") << QByteArray("K\x01)R.") << "calls what is no name";
        QTest::newRow("remembers nothing") << QByteArray("q\x01N.") << "remembers nothing";
        QTest::newRow("recalls another") << QByteArray("Nq\x01h\x02.") << "recalls what it did not remember";
        QTest::newRow("builds an instance") << QByteArray("(cos\nsystem\nX\x02\x00\x00\x00lso.", 21)
                                            << "an instruction that no state_dict needs";
    }
    void programsThatMakeNoSenseAreErrors()
    {
        QFETCH(QByteArray, program);
        QFETCH(QString, said);
        const auto pickle = parse(program);
        QVERIFY(!pickle.ok());
        QVERIFY2(pickle.error().text.find(said.toStdString()) != std::string::npos, pickle.error().text.c_str());
        QCOMPARE(pickle.error().where, std::string("x.pt"));
    }

    /// What would run os.system("ls") in Python is a name and a text here.
    void callsStayNames()
    {
        const auto pickle = parse(QByteArray("cos\nsystem\nX\x02\x00\x00\x00ls\x85R.", 21));
        QVERIFY(pickle.ok());
        QCOMPARE(pickle->root().kind, Kind::Call);
        QCOMPARE(pickle->root().items[0]->text, std::string("os system"));
        QCOMPARE(pickle->root().items[1]->text, std::string("ls"));
    }
};

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"
