// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/path.h"
#include "tests/core/model/model_samples.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

namespace {

NetworkSpec load(const char* name)
{
    auto spec = loadNetworkSpec(name);
    if (!spec)
        qFatal("%s", spec.error().message().c_str());
    return *spec;
}

}  // namespace

class TestPath : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void layersAreAccountedFor()
    {
        const Path path(load("alexnet3"), 3);
        const auto& conv = path.layer(1);
        QCOMPARE(conv.input, (base::Shape{3, 32, 32}));
        QCOMPARE(conv.output, (base::Shape{64, 32, 32}));
        QCOMPARE(conv.parameters, 64.0 * 27 + 64);
        QCOMPARE(conv.flops, 64.0 * 1024 * (2 * 27 + 1));
        QCOMPARE(conv.inputBytes, 4.0 * 3 * 1024);
        QCOMPARE(conv.outputBytes, 4.0 * 64 * 1024);
        const auto& relu = path.layer(2);
        QCOMPARE(relu.flops, 64.0 * 1024);
        QCOMPARE(relu.parameters, 0.0);
        const auto& pool = path.layer(3);
        QCOMPARE(pool.output, (base::Shape{64, 16, 16}));
        QCOMPARE(pool.flops, 64.0 * 256 * 3);
        const auto& dropout = path.layer(14);
        QCOMPARE(dropout.flops, 0.0);
        const auto& fc = path.layer(15);
        QCOMPARE(fc.output, (base::Shape{256}));
        QCOMPARE(fc.parameters, 1536.0 * 256 + 256);
        QCOMPARE(fc.flops, 256.0 * (2 * 1536 + 1));
    }

    void aCutByItselfIsWhatItsPathSays()
    {
        std::vector<NetworkSpec> specs{samples::modernSpec()};
        for (const auto& name : shippedNetworks())
            specs.push_back(load(name.c_str()));
        for (const auto& spec : specs)
            for (int exit = 1; exit <= spec.exitCount(); ++exit) {
                const Path path(spec, exit);
                for (int p = 0; p <= path.length(); ++p) {
                    QCOMPARE(std::string(cutName(spec, exit, p)), path.cutName(p));
                    QCOMPARE(cutShape(spec, exit, p), path.cutShape(p));
                    QCOMPARE(p > 0 && cutName(spec, exit, p) == cutName(spec, exit, p - 1),
                             p > 0 && path.layer(p).spec.type == LayerType::Dropout);
                }
            }
    }

    void aBlockIsOneLayerWithAllThatIsInIt()
    {
        const Path path(samples::modernSpec(), 2);
        const auto& block = path.layer(5);  // 16 to 48 channels, each by itself to half the size, to 24; pooled input to 24
        QCOMPARE(block.output, (base::Shape{24, 9, 7}));
        QCOMPARE(block.parameters, (16.0 * 48 + 48) + (9.0 * 48 + 48) + (48.0 * 24 + 24) + (2.0 * 24 + 24));
        const double before = 18 * 14, after = 9 * 7;
        const double body = before * 48 * (2 * 16 + 1) + before * 48 * 2 + after * 48 * (2 * 9 + 1) + after * 48 * 5
            + after * 24 * (2 * 48 + 1);
        const double shortcut = after * 16 * 8 + after * 24 * (2 * 2 + 1);
        QCOMPARE(block.flops, body + shortcut + after * 24);
        QCOMPARE(innerLayers(block).size(), std::size_t{8});
        QCOMPARE(innerLayers(path.layer(1)).size(), std::size_t{1});
        QCOMPARE(path.cutName(5), std::string("block2"));
        QCOMPARE(path.layer(10).flops, 24.0 * 4);  // means over 2x2
        QCOMPARE(path.cutShape(10), (base::Shape{24}));
    }

    void aCutBehindDropoutIsTheTensorBeforeIt()
    {
        const Path path(load("alexnet3"), 3);
        QCOMPARE(path.cutName(13), std::string("pool5"));
        QCOMPARE(path.cutName(14), std::string("pool5"));
        QCOMPARE(path.canonicalCut(14), 13);
        QCOMPARE(path.canonicalCut(13), 13);
        QCOMPARE(path.distinctCuts(), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 18, 19, 20}));
    }

    void cutsReachFromInputToResult()
    {
        for (const auto& name : shippedNetworks()) {
            const auto spec = load(name.c_str());
            for (int exit = 1; exit <= spec.exitCount(); ++exit) {
                const Path path(spec, exit);
                QCOMPARE(path.exit(), exit);
                QCOMPARE(path.cutName(0), std::string("input"));
                QCOMPARE(path.cutShape(0), spec.input);
                QCOMPARE(path.distinctCuts().front(), 0);
                QCOMPARE(path.distinctCuts().back(), path.length());
                for (int p = 1; p <= path.length(); ++p)
                    QCOMPARE(path.layer(p).input, path.cutShape(p - 1));
            }
        }
    }

    void exitsShareTheTrunksCutsAndNoneOfTheirHeads()
    {
        const auto spec = load("alexnet5");
        const Path early(spec, 1);
        const Path late(spec, 5);
        for (int p = 0; p <= 5; ++p)
            QCOMPARE(early.cutName(p), late.cutName(p));
        for (int p = 6; p <= early.length(); ++p)
            for (int q = 0; q <= late.length(); ++q)
                QVERIFY(early.cutName(p) != late.cutName(q));
    }

    void dropoutsInAHeadAreMerged()
    {
        const Path path(load("alexnet5"), 4);  // pool5, then drop, fc, relu, drop, fc
        QCOMPARE(path.canonicalCut(16), 15);
        QCOMPARE(path.cutName(16), std::string("pool5"));
        QCOMPARE(path.canonicalCut(19), 18);
        QCOMPARE(path.cutName(19), std::string("exit4/relu1"));
    }
};

QTEST_APPLESS_MAIN(TestPath)
#include "tst_path.moc"
