// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gui/recorded_runs.h"
#include "ui/charts/figure_chart.h"
#include "ui/pages/compare_page.h"

#include <QtTest>

namespace splitscope::ui {

inline constexpr int kPatienceMs = 60'000;

/// The page over a records file of its own.
struct Fixture {
    QTemporaryDir folder;
    ComparePage page;
    QSignalSpy troubles{&page, &ComparePage::troubleArose};

    [[nodiscard]] std::filesystem::path records() const
    {
        return folder.filePath(QStringLiteral("records.sqlite")).toStdString();
    }
    void show(const std::vector<RecordedRun>& runs = threeStrategies())
    {
        if (!runs.empty())
            QVERIFY(recordRuns(records(), runs));
        page.setLibrary(folder.path().toStdString());
        page.resize(1000, 640);
        page.show();
        settle();
    }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(!page.busy(), kPatienceMs); }
    void check(const QString& strategy)
    {
        for (const auto& row : std::vector(page.model().rows()))
            if (row.strategy == strategy.toStdString())
                page.model().setChecked(row.key, true);
        settle();
    }
    QModelIndex at(int row, int column) { return page.filter()->index(row, column); }
    const session::PlotPanel& plot(std::size_t index = 0) { return page.chart()->figure()->plots.at(index); }
};

}  // namespace splitscope::ui
