// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/table_report.h"

#include <QJsonArray>
#include <cstdio>

namespace splitscope::app {

namespace {

QString text(const std::string& value) { return QString::fromStdString(value); }

}  // namespace

void addCoderOption(Options& options, std::optional<codec::EntropyCoder>& coder)
{
    options.custom("--coder", "CODER", "whose bytes are told: none, huffman-adaptive, huffman, context or zstd; tables hold all",
                   [&coder](const std::string& value) -> base::Status {
                       const auto parsed = codec::parseEntropyCoder(value);
                       if (!parsed)
                           return parsed.error();
                       coder = *parsed;
                       return {};
                   });
}

QJsonObject accuracyTableJson(const profile::AccuracyTable& table)
{
    QJsonArray decisions;
    for (const auto& column : table.columns) {
        const auto summary = summarise(table, column);
        QJsonObject decision{{"exit", column.exit},
                             {"tensor", text(column.tensor)},
                             {"coding", text(toString(column.coding))},
                             {"accuracy", summary.accuracy},
                             {"low", summary.low},
                             {"high", summary.high},
                             {"images", static_cast<qint64>(summary.images)},
                             {"entropy", summary.meanEntropy}};
        if (!column.bytesWith(table.coder).empty()) {
            decision["bytes_per_frame"] = summary.meanBytes;
            decision["bytes_per_frame_p95"] = summary.p95Bytes;
        }
        QJsonObject byCoder;
        for (const auto& [coder, sizes] : column.bytes)
            if (!column.bytesWith(coder).empty())
                byCoder[text(toString(coder))] = summarise(column, coder).meanBytes;
        decision["bytes_per_frame_by_coder"] = byCoder;
        decisions << decision;
    }
    return {{"model", text(table.network)},
            {"model_hash", text(table.modelHash)},
            {"data", text(table.data)},
            {"split", text(table.split)},
            {"images", static_cast<qint64>(table.images)},
            {"coder", text(toString(table.coder))},
            {"codebook", text(table.codebookHash)},
            {"program", text(table.program)},
            {"date", text(table.date)},
            {"decisions", decisions}};
}

void printAccuracyTable(const profile::AccuracyTable& table)
{
    std::printf("%s on %s (%s), %zu images, %zu decisions, bytes with coder %s\nmodel %.12s…, %s, %s\n", table.network.c_str(),
                table.data.c_str(), table.split.c_str(), table.images, table.columns.size(), toString(table.coder).c_str(),
                table.modelHash.c_str(), table.program.c_str(), table.date.c_str());
    std::printf("  %4s  %-14s %-9s %9s  %-17s %10s %10s %8s\n", "exit", "tensor", "coding", "accuracy", "95 % interval", "bytes",
                "p95", "entropy");
    for (const auto& column : table.columns) {
        const auto summary = summarise(table, column);
        std::printf("  %4d  %-14s %-9s %7.2f %%  %5.2f … %5.2f %%   %10.1f %10.0f %8.3f\n", column.exit, column.tensor.c_str(),
                    toString(column.coding).c_str(), 100 * summary.accuracy, 100 * summary.low, 100 * summary.high,
                    summary.meanBytes, summary.p95Bytes, summary.meanEntropy);
    }
}

}  // namespace splitscope::app
