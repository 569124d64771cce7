// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/network_spec.h"
#include "core/model/path.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

namespace {

/// A small valid spec, of which each test breaks one thing.
const QString kValid = R"({
    "name": "tiny", "input": [3, 8, 8], "classes": 4, "mean": [0.5, 0.5, 0.5], "deviation": [0.25, 0.25, 0.25],
    "trunk": [
        {"type": "conv", "name": "conv1", "outputs": 6, "kernel": 3, "padding": 1},
        {"type": "relu", "name": "relu1"},
        {"type": "maxpool", "name": "pool1", "kernel": 2, "stride": 2},
        {"type": "lrn", "name": "norm1", "size": 3, "alpha": 0.0001, "beta": 0.75, "k": 2},
        {"type": "dropout", "name": "drop1", "probability": 0.5},
        {"type": "fc", "name": "fc1", "outputs": 4}
    ],
    "exits": [
        {"name": "exit1", "after": 1, "head": [{"type": "fc", "name": "fc1", "outputs": 4}]},
        {"name": "exit2", "after": 6}
    ]
})";

/// A valid one of today's kinds: a depthwise convolution, blocks, global pooling.
const QString kModern = R"({
    "name": "modern", "input": [3, 8, 8], "classes": 4, "mean": [0.5, 0.5, 0.5], "deviation": [0.25, 0.25, 0.25],
    "trunk": [
        {"type": "conv", "name": "conv1", "outputs": 6, "kernel": 3, "padding": 1},
        {"type": "relu6", "name": "act1"},
        {"type": "residual", "name": "block1", "body": [
            {"type": "conv", "name": "conv1", "outputs": 12, "kernel": 3, "stride": 2, "padding": 1, "groups": 6},
            {"type": "hardswish", "name": "act1"},
            {"type": "conv", "name": "conv2", "outputs": 8, "kernel": 1}
        ], "shortcut": [{"type": "conv", "name": "match", "outputs": 8, "kernel": 1, "stride": 2}]},
        {"type": "residual", "name": "block2", "body": [{"type": "conv", "name": "conv1", "outputs": 8, "kernel": 1}]},
        {"type": "globalavgpool", "name": "mean1"},
        {"type": "fc", "name": "fc1", "outputs": 4}
    ],
    "exits": [{"name": "exit1", "after": 2, "head": [
                  {"type": "residual", "name": "block", "body": [{"type": "conv", "name": "c", "outputs": 6, "kernel": 1}]},
                  {"type": "fc", "name": "fc1", "outputs": 4}]},
              {"name": "exit2", "after": 6}]
})";

base::Result<NetworkSpec> parse(const QString& json) { return parseNetworkSpec(json.toStdString(), "test.json"); }

QString broken(const char* before, const char* after)
{
    QString json = kValid;
    return json.replace(QLatin1String(before), QString::fromUtf8(after));
}

}  // namespace

class TestNetworkSpec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shippedNetworksHaveTheirExitsAndSizes_data()
    {
        QTest::addColumn<QList<int>>("layers");
        QTest::addColumn<double>("leastMegaflops");
        QTest::addColumn<double>("mostMegaflops");
        QTest::addColumn<double>("mostParameters");
        QTest::newRow("alexnet3") << QList<int>{9, 12, 20} << 80.0 << 90.0 << 2e6;
        QTest::newRow("alexnet3-128") << QList<int>{9, 12, 20} << 150.0 << 400.0 << 2.5e6;
        QTest::newRow("alexnet3-128b") << QList<int>{9, 14, 23} << 80.0 << 120.0 << 2.5e6;
        QTest::newRow("alexnet5") << QList<int>{12, 16, 19, 20, 22} << 40.0 << 80.0 << 2e6;
    }
    void shippedNetworksHaveTheirExitsAndSizes()
    {
        QFETCH(QList<int>, layers);
        QFETCH(double, leastMegaflops);
        QFETCH(double, mostMegaflops);
        QFETCH(double, mostParameters);
        const auto spec = loadNetworkSpec(QTest::currentDataTag());
        QVERIFY2(spec.ok(), spec.ok() ? "" : spec.error().message().c_str());
        QCOMPARE(spec->name, std::string(QTest::currentDataTag()));
        QCOMPARE(spec->exitCount(), static_cast<int>(layers.size()));
        for (int exit = 1; exit <= spec->exitCount(); ++exit) {
            QCOMPARE(Path(*spec, exit).length(), layers[exit - 1]);
            QCOMPARE(Path(*spec, exit).cutShape(layers[exit - 1]), base::Shape{10});
        }
        double flops = 0;
        double parameters = 0;
        const Path deepest(*spec, spec->exitCount());
        for (const auto& layer : deepest.layers()) {
            flops += layer.flops;
            parameters += layer.parameters;
        }
        for (int exit = 1; exit < spec->exitCount(); ++exit)
            for (int i = spec->exits[static_cast<std::size_t>(exit - 1)].after + 1; i <= layers[exit - 1]; ++i)
                parameters += Path(*spec, exit).layer(i).parameters;
        QVERIFY2(flops * 1e-6 >= leastMegaflops && flops * 1e-6 <= mostMegaflops, qPrintable(QString::number(flops)));
        QVERIFY2(parameters < mostParameters, qPrintable(QString::number(parameters)));
        QVERIFY(parameters * sizeof(float) <= 10e6);
    }

    void everyShippedNetworkIsListed()
    {
        QCOMPARE(shippedNetworks(), (std::vector<std::string>{"alexnet3", "alexnet3-128", "alexnet3-128b", "alexnet5"}));
    }

    void shapesFollowTorchsRounding_data()
    {
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("stride");
        QTest::addColumn<int>("padding");
        QTest::addColumn<bool>("ceilMode");
        QTest::addColumn<int>("expected");
        QTest::newRow("floor") << 32 << 3 << 2 << 0 << false << 15;
        QTest::newRow("ceil") << 32 << 3 << 2 << 0 << true << 16;
        QTest::newRow("ceil, exact fit") << 31 << 3 << 2 << 0 << true << 15;
        QTest::newRow("ceil, no window starts in the padding") << 4 << 2 << 4 << 1 << true << 2;
        QTest::newRow("ceil, last window dropped") << 3 << 2 << 4 << 1 << true << 1;
        QTest::newRow("padded") << 8 << 3 << 1 << 1 << false << 8;
    }
    void shapesFollowTorchsRounding()
    {
        QFETCH(int, side);
        QFETCH(int, kernel);
        QFETCH(int, stride);
        QFETCH(int, padding);
        QFETCH(bool, ceilMode);
        QFETCH(int, expected);
        LayerSpec pool;
        pool.type = LayerType::MaxPool;
        pool.kernel = kernel;
        pool.stride = stride;
        pool.padding = padding;
        pool.ceilMode = ceilMode;
        const auto shape = outputShape(pool, {5, side, side});
        QVERIFY(shape.ok());
        QCOMPARE(*shape, (base::Shape{5, expected, expected}));
    }

    void writtenSpecsReadBackTheSame_data()
    {
        QTest::addColumn<QString>("source");
        QTest::newRow("modern") << kModern;
        for (const auto& name : shippedNetworks())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void writtenSpecsReadBackTheSame()
    {
        QFETCH(QString, source);
        const auto spec = source == kModern ? parse(kModern) : loadNetworkSpec(source.toStdString());
        QVERIFY2(spec.ok(), spec.ok() ? "" : spec.error().message().c_str());
        const auto again = parseNetworkSpec(toJson(*spec), "written");
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
        QVERIFY(*again == *spec);
        QCOMPARE(toJson(*again), toJson(*spec));
    }

    void layersOfHeadsCarryTheirExitsName()
    {
        const auto spec = parse(kValid);
        QVERIFY2(spec.ok(), spec.ok() ? "" : spec.error().message().c_str());
        QCOMPARE(spec->exits[0].head[0].name, std::string("exit1/fc1"));
        QCOMPARE(spec->trunk[5].name, std::string("fc1"));
    }

    void layersOfBlocksCarryTheirBlocksName()
    {
        const auto spec = parse(kModern);
        QVERIFY2(spec.ok(), spec.ok() ? "" : spec.error().message().c_str());
        QCOMPARE(spec->trunk[2].body[2].name, std::string("block1/conv2"));
        QCOMPARE(spec->trunk[2].shortcut[0].name, std::string("block1/match"));
        QCOMPARE(spec->exits[0].head[0].body[0].name, std::string("exit1/block/c"));
    }

    // What is written of a network decides its hash, by which devices and tables know it.
    void whatSpecsOfBeforeAreWrittenAsDoesNotChange()
    {
        const auto json = QString::fromStdString(toJson(*parse(kValid)));
        QVERIFY2(!json.contains("groups") && !json.contains("body"), qPrintable(json));
        QVERIFY(json.contains(R"({"kernel":3,"name":"conv1","outputs":6,"padding":1,"stride":1,"type":"conv"})"));
    }

    void malformedBlocksAreRefusedByLayer_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("named");
        const auto row = [](const char* name, const char* before, const char* after, const char* named) {
            QVERIFY(kModern.contains(QLatin1String(before)));
            QTest::newRow(name) << QString(kModern).replace(QLatin1String(before), QLatin1String(after)) << QString(named);
        };
        row("a sum outside of a block", R"({"type": "globalavgpool", "name": "mean1"})",
            R"({"type": "add", "name": "sum1", "from": "act1"})", "trunk layer 5 'sum1': 'add' would let two tensors cross");
        row("unknown type, with those that are known", "globalavgpool", "avgpool", "globalavgpool, lrn, dropout, fc, residual)");
        row("shapes that cannot be added", R"("outputs": 8, "kernel": 1, "stride": 2})", R"("outputs": 8, "kernel": 1})",
            "trunk layer 3 'block1': its body makes 8x4x4, but its shortcut makes 8x8x8");
        row("an input that cannot be added", R"("conv1", "outputs": 8, "kernel": 1}])", R"("conv1", "outputs": 9, "kernel": 1}])",
            "trunk layer 4 'block2': its body makes 9x4x4, but its shortcut (the input itself) is 8x4x4");
        row("groups that do not part the channels", R"("groups": 6)", R"("groups": 5)",
            "trunk layer 3 'block1' body layer 1 'block1/conv1': its 6 input and 12 output channels");
        row("no groups", R"("groups": 6)", R"("groups": 0)", "'block1/conv1': groups");
        row("a wrong layer inside", R"("name": "match", "outputs": 8)", R"("name": "match", "outputs": 0)",
            "trunk layer 3 'block1' shortcut layer 1 'block1/match': outputs");
        row("an unknown field inside", R"("name": "match", )", R"("name": "match", "bias": false, )",
            "trunk layer 3 'block1' shortcut layer 1 'block1/match': 'bias'");
        row("no body", R"("body": [{"type": "conv", "name": "conv1", "outputs": 8, "kernel": 1}])", R"("body": [])",
            "trunk layer 4 'block2': body");
        row("body missing", R"(, "body": [{"type": "conv", "name": "conv1", "outputs": 8, "kernel": 1}])", "",
            "trunk layer 4 'block2': 'body' is missing");
        row("a block in a block", R"({"type": "hardswish", "name": "act1"})",
            R"({"type": "residual", "name": "in", "body": [{"type": "relu", "name": "r"}]})",
            "body layer 2 'block1/in': a block holds no other blocks");
        row("the same name twice inside", R"("name": "conv2")", R"("name": "conv1")", "'block1/conv1': another layer");
        row("an exit from within a block", R"("after": 2)", R"("after": 2.5)", "'after' must be a whole number");
        row("means of values", R"({"type": "fc", "name": "fc1", "outputs": 4}
    ],)",
            R"({"type": "globalavgpool", "name": "mean2"}
    ],)",
            "trunk layer 6 'mean2': takes the mean of each channel's map, but its input is 8");
    }
    void malformedBlocksAreRefusedByLayer() { malformedSpecsAreRefusedByLayer(); }

    void layersInsideOfBlocksCountAgainstTheBound()
    {
        QString layers;
        for (int i = 0; i < kMaxLayers; ++i)
            layers += QString(R"({"type": "relu", "name": "more%1"},)").arg(i);
        const auto spec
            = parse(QString(kModern).replace(R"("name": "block1", "body": [)", R"("name": "block1", "body": [)" + layers));
        QVERIFY(!spec.ok());
        QVERIFY2(spec.error().text.find("200 layers") != std::string::npos, spec.error().message().c_str());
    }

    void malformedSpecsAreRefusedByLayer_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("named");  // what the error must mention
        const auto row = [](const char* name, const char* before, const char* after, const char* named) {
            QVERIFY(kValid.contains(QLatin1String(before)));
            QTest::newRow(name) << broken(before, after) << QString::fromUtf8(named);
        };
        QTest::newRow("no JSON") << QString("{") << QString("JSON");
        QTest::newRow("a list") << QString("[]") << QString("object");
        QTest::newRow("empty") << QString("{}") << QString("'name'");
        row("unknown field", "\"classes\"", "\"colour\": 1, \"classes\"", "'colour'");
        row("unknown field of a layer", "\"kernel\": 3", "\"kernel\": 3, \"dilation\": 2", "trunk layer 1 'conv1': 'dilation'");
        row("another type's field", "\"name\": \"relu1\"", "\"name\": \"relu1\", \"kernel\": 3",
            "trunk layer 2 'relu1': 'kernel'");
        row("unknown type", "\"lrn\"", "\"batchnorm\"", "trunk layer 4 'norm1': 'batchnorm'");
        row("missing kernel", "\"kernel\": 3, ", "", "trunk layer 1 'conv1': 'kernel'");
        row("missing stride", ", \"stride\": 2", "", "trunk layer 3 'pool1': 'stride'");
        row("text for a number", "\"kernel\": 3", "\"kernel\": \"3\"", "trunk layer 1 'conv1': 'kernel'");
        row("fraction", "\"kernel\": 3", "\"kernel\": 2.5", "trunk layer 1 'conv1': 'kernel'");
        row("enormous number", "\"outputs\": 6", "\"outputs\": 1e300", "trunk layer 1 'conv1': 'outputs'");
        row("too many channels", "\"outputs\": 6", "\"outputs\": 4097", "trunk layer 1 'conv1': outputs");
        row("no channels", "\"outputs\": 6", "\"outputs\": 0", "trunk layer 1 'conv1': outputs");
        row("kernel larger than its input", "\"kernel\": 3", "\"kernel\": 30", "trunk layer 1 'conv1': its kernel");
        row("stride of nothing", "\"stride\": 2", "\"stride\": 0", "trunk layer 3 'pool1': stride");
        row("negative padding", "\"padding\": 1", "\"padding\": -1", "trunk layer 1 'conv1': padding");
        row("padding over half a pool", "\"stride\": 2", "\"stride\": 2, \"padding\": 2", "trunk layer 3 'pool1': padding");
        row("padding beyond all bounds", "\"padding\": 1", "\"padding\": 4096", "trunk layer 1 'conv1': its output");
        row("even dropout of everything", "\"probability\": 0.5", "\"probability\": 1", "trunk layer 5 'drop1': probability");
        row("negative alpha", "\"alpha\": 0.0001", "\"alpha\": -1", "trunk layer 4 'norm1': alpha");
        row("ceilMode as a number", "\"stride\": 2", "\"stride\": 2, \"ceilMode\": 1", "trunk layer 3 'pool1': 'ceilMode'");
        row("duplicate name", "\"relu1\"", "\"conv1\"", "trunk layer 2 'conv1': another");
        row("duplicate exit", "\"exit2\"", "\"exit1\"", "exit 'exit1': another");
        row("the cut before all layers", "\"relu1\"", "\"input\"", "trunk layer 2 'input': that is");
        row("slash in a name", "\"relu1\"", "\"a/b\"", "trunk layer 2 'a/b'");
        row("path as the name", "\"tiny\"", "\"../tiny\"", "name");
        row("pool behind fc", "{\"type\": \"relu\", \"name\": \"relu1\"}",
            "{\"type\": \"fc\", \"name\": \"fc0\", \"outputs\": 4}", "trunk layer 3 'pool1': needs channels");
        row("exit off the trunk", "\"after\": 1", "\"after\": 7", "exit 'exit1'");
        row("exit before the trunk", "\"after\": 1", "\"after\": 0", "exit 'exit1'");
        row("trunk's end unused", "\"after\": 6", "\"after\": 5, \"head\": [{\"type\": \"fc\", \"name\": \"f\", \"outputs\": 4}]",
            "trunk layer 6 'fc1'");
        row("exits out of order", "\"after\": 1, \"head\": [",
            "\"after\": 5, \"head\": [{\"type\": \"fc\", \"name\": \"f\", \"outputs\": 4}, ", "exit 'exit2'");
        row("too few values at an exit", "\"name\": \"fc1\", \"outputs\": 4}]", "\"name\": \"fc1\", \"outputs\": 3}]",
            "exit 'exit1'");
        row("exit that ends in no fc", "\"after\": 6", "\"after\": 6, \"head\": [{\"type\": \"relu\", \"name\": \"r\"}]",
            "exit 'exit2'");
        row("head's layer", "\"name\": \"fc1\", \"outputs\": 4}]", "\"name\": \"fc1\", \"outputs\": 0}]",
            "exit 'exit1' layer 1 'exit1/fc1'");
        row("one class", "\"classes\": 4", "\"classes\": 1", "classes");
        row("two means", "\"mean\": [0.5, 0.5, 0.5]", "\"mean\": [0.5, 0.5]", "mean");
        row("deviation of nothing", "\"deviation\": [0.25", "\"deviation\": [0", "deviation");
        row("flat input", "[3, 8, 8]", "[3, 8]", "input");
        row("huge input", "[3, 8, 8]", "[3, 4096, 4096]", "input");
        row("input without rows", "[3, 8, 8]", "[3, 0, 8]", "input");
    }
    void malformedSpecsAreRefusedByLayer()
    {
        QFETCH(QString, json);
        QFETCH(QString, named);
        const auto spec = parse(json);
        QVERIFY(!spec.ok());
        QCOMPARE(spec.error().where, std::string("test.json"));
        QVERIFY2(QString::fromStdString(spec.error().text).contains(named), spec.error().message().c_str());
    }

    void weightsOverTheBoundAreRefusedWithoutOverflow()
    {
        const auto spec
            = parse(broken("\"name\": \"fc1\", \"outputs\": 4}]",
                           "\"name\": \"fc0\", \"outputs\": 4096}, {\"type\": \"fc\", \"name\": \"fc1\", \"outputs\": "
                           "4096}, {\"type\": \"fc\", \"name\": \"fc2\", \"outputs\": 4}]"));
        QVERIFY(!spec.ok());
        QVERIFY2(spec.error().text.find("64 MB") != std::string::npos, spec.error().message().c_str());
    }

    void layersOverTheBoundAreRefused()
    {
        QString layers;
        for (int i = 0; i < kMaxLayers; ++i)
            layers += QString(R"({"type": "relu", "name": "more%1"},)").arg(i);
        const auto spec = parse(broken("\"trunk\": [", ("\"trunk\": [" + layers).toUtf8().constData()));
        QVERIFY(!spec.ok());
        QVERIFY2(spec.error().text.find("200 layers") != std::string::npos, spec.error().message().c_str());
    }

    void unknownNetworksAreAnErrorThatListsTheShippedOnes()
    {
        const auto spec = loadNetworkSpec("no-such-network");
        QVERIFY(!spec.ok());
        QVERIFY(spec.error().code == base::ErrorCode::NotFound);
        QVERIFY(spec.error().text.find("alexnet3-128") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestNetworkSpec)
#include "tst_network_spec.moc"
