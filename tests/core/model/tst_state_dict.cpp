// SPDX-License-Identifier: GPL-3.0-or-later
// state_dicts of PyTorch, made here instruction by instruction: what is read of them, and what is said of those that no layer
// has.
#include "core/model/state_dict.h"

#include "tests/core/data/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace splitscope;
using namespace splitscope::model;

namespace {

QByteArray number(int value) { return "J" + QByteArray(reinterpret_cast<const char*>(&value), sizeof value); }

QByteArray text(const QByteArray& value)
{
    const auto size = static_cast<int>(value.size());
    return "X" + QByteArray(reinterpret_cast<const char*>(&size), sizeof size) + value;
}

QByteArray tuple(const QList<int>& values)
{
    QByteArray program = "(";
    for (const int value : values)
        program += number(value);
    return program + "t";
}

/// One tensor and its storage; what is not said is a whole vector of two floats.
struct Tensor {
    QByteArray key = "conv1.weight", storage = "FloatStorage", rebuild = "_rebuild_tensor_v2";
    int offset = 0;
    QList<int> sizes{2}, strides{1};
    QByteArray values = QByteArray::fromHex("0000803f 000000c0");  // 1, -2
    bool isParameter = false;
    QByteArray record = "m/data/0";

    [[nodiscard]] QByteArray program() const
    {
        const auto identifier = "(" + text("storage") + "ctorch\n" + storage + "\n" + text("0") + text("cpu") + number(2) + "tQ";
        QByteArray made
            = "ctorch._utils\n" + rebuild + "\n(" + identifier + number(offset) + tuple(sizes) + tuple(strides) + "\x89}tR";
        if (isParameter)
            made = "ctorch._utils\n_rebuild_parameter\n(" + made + "\x88}tR";
        return "\x80\x02"
               "ccollections\nOrderedDict\n)R"
            + text(key) + made + "s.";
    }
};

base::Bytes bytesOf(const QByteArray& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

Q_DECLARE_METATYPE(Tensor)

class TestStateDict : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] base::Result<Weights> loadFiles(const data::testing::Files& records) const
    {
        const auto path = m_folder.filePath("x.pt").toStdString();
        data::testing::writeZip(path, records, false);
        return loadStateDict(path);
    }
    [[nodiscard]] base::Result<Weights> load(const Tensor& tensor) const
    {
        return loadFiles({{"m/data.pkl", bytesOf(tensor.program())}, {tensor.record.toStdString(), bytesOf(tensor.values)}});
    }

private Q_SLOTS:
    void everyPrecisionBecomesFloat_data()
    {
        QTest::addColumn<Tensor>("tensor");
        QTest::newRow("float") << Tensor{};
        QTest::newRow("a parameter, not its tensor alone") << Tensor{.isParameter = true};
        QTest::newRow("half") << Tensor{.storage = "HalfStorage", .values = QByteArray::fromHex("003c 00c0")};
        QTest::newRow("bfloat16") << Tensor{.storage = "BFloat16Storage", .values = QByteArray::fromHex("803f 00c0")};
        QTest::newRow("double") << Tensor{.storage = "DoubleStorage",
                                          .values = QByteArray::fromHex("000000000000f03f 00000000000000c0")};
        QTest::newRow("a view of every other one from the second on")
            << Tensor{.offset = 1, .strides = {2}, .values = QByteArray::fromHex("00000000 0000803f 00000000 000000c0")};
    }
    void everyPrecisionBecomesFloat()
    {
        QFETCH(Tensor, tensor);
        const auto weights = load(tensor);
        QVERIFY2(weights.ok(), weights.ok() ? "" : weights.error().text.c_str());
        const auto& parameter = weights->parameters.at("conv1.weight");
        QCOMPARE(parameter.shape, base::Shape{2});
        QCOMPARE(parameter.values, (std::vector<float>{1, -2}));
    }

    void transposedViewsAreReadInTheOrderOfTheirOwn()
    {
        const auto weights = load(Tensor{.key = "exit1.fc.weight",
                                         .sizes = {2, 2},
                                         .strides = {1, 2},
                                         .values = QByteArray::fromHex("0000803f 00000040 00004040 00008040")});
        QVERIFY(weights.ok());
        QCOMPARE(weights->parameters.at("exit1/fc.weight").values, (std::vector<float>{1, 3, 2, 4}));
    }

    void whatNoLayerHasIsRefusedByName_data()
    {
        QTest::addColumn<Tensor>("tensor");
        QTest::addColumn<QString>("said");
        const QString notDense("'conv1.weight' is no dense tensor of floating-point numbers");
        QTest::newRow("whole numbers") << Tensor{.storage = "LongStorage"} << notDense;
        QTest::newRow("a sparse tensor") << Tensor{.rebuild = "_rebuild_sparse_tensor"} << notDense;
        QTest::newRow("sizes and strides that differ") << Tensor{.strides = {1, 1}} << notDense;
        QTest::newRow("a negative stride") << Tensor{.strides = {-1}} << notDense;
        QTest::newRow("a negative offset") << Tensor{.offset = -1} << notDense;
        QTest::newRow("no name") << Tensor{.key = ""} << "'' is no dense tensor";
        QTest::newRow("empty") << Tensor{.sizes = {0}} << "is empty, or too large for any layer";
        QTest::newRow("too large") << Tensor{.sizes = {1 << 20, 1 << 20}, .strides = {0, 0}} << "too large for any layer";
        QTest::newRow("one number") << Tensor{.sizes = {}, .strides = {}} << "is no parameter of a layer";
        QTest::newRow("five dimensions") << Tensor{.sizes = {1, 1, 1, 1, 2}, .strides = {1, 1, 1, 1, 1}}
                                         << "no parameter of a layer";
        QTest::newRow("beyond its storage") << Tensor{.offset = 1} << "'conv1.weight' reaches beyond its storage";
        QTest::newRow("not a number") << Tensor{.values = QByteArray::fromHex("0000803f 0000c07f")} << "no finite number";
        QTest::newRow("half, infinite") << Tensor{.storage = "HalfStorage", .values = QByteArray::fromHex("003c 007c")}
                                        << "no finite number";
        QTest::newRow("half, not a number") << Tensor{.storage = "HalfStorage", .values = QByteArray::fromHex("003c 017c")}
                                            << "no finite number";
        QTest::newRow("without its storage") << Tensor{.record = "m/data/1"} << "has no record 'data/0'";
    }
    void whatNoLayerHasIsRefusedByName()
    {
        QFETCH(Tensor, tensor);
        QFETCH(QString, said);
        const auto weights = load(tensor);
        QVERIFY(!weights.ok());
        QVERIFY2(weights.error().text.find(said.toStdString()) != std::string::npos, weights.error().text.c_str());
        QCOMPARE(weights.error().where, m_folder.filePath("x.pt").toStdString());
    }

    void otherArchivesAreNoStateDicts()
    {
        QVERIFY(loadFiles({{"m/other", {1}}}).error().text.find("has no record 'data.pkl'") != std::string::npos);
        QVERIFY(loadFiles({{"m/data.pkl", bytesOf("K\x01.")}}).error().text.find("holds no state_dict") != std::string::npos);
        QVERIFY(loadFiles({{"m/data.pkl", bytesOf("K")}}).error().text.find("its pickle ends too early") != std::string::npos);
        const base::Bytes large((4 << 20) + 1, 'N');
        QVERIFY(loadFiles({{"m/data.pkl", large}}).error().text.find("larger than any state_dict's") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestStateDict)
#include "tst_state_dict.moc"
