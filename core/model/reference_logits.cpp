// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/reference_logits.h"

#include "core/model/path.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <optional>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

/// The frame of a list of bytes; nothing where they are none, or not as many as a frame has.
std::optional<data::Image> frameFrom(const QJsonArray& bytes, const data::ImageSize& size)
{
    if (static_cast<std::size_t>(bytes.size()) != size.byteCount())
        return std::nullopt;
    data::Image frame{size, {}};
    for (const auto& value : bytes) {
        const double byte = value.toDouble(-1);
        if (!(byte >= 0 && byte <= 255))
            return std::nullopt;
        frame.pixels.push_back(static_cast<std::uint8_t>(byte));
    }
    return frame;
}

std::optional<std::vector<float>> logitsFrom(const QJsonArray& values, int classes)
{
    std::vector<float> logits;
    for (const auto& value : values)
        if (value.isDouble())
            logits.push_back(static_cast<float>(value.toDouble()));
    if (logits.size() != static_cast<std::size_t>(classes) || values.size() != classes)
        return std::nullopt;
    return logits;
}

double difference(std::span<const float> a, std::span<const float> b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double one = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        if (!(one <= largest))  // NaN is far away
            largest = std::isnan(one) ? HUGE_VAL : one;
    }
    return largest;
}

}  // namespace

base::Result<ReferenceLogits> parseReferenceLogits(const NetworkSpec& spec, std::string_view json, const std::string& where)
{
    const auto refuse = [&](const std::string& text) { return Error{ErrorCode::InvalidInput, text, where}; };
    const auto document = QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())));
    const auto frames = document.object()["frames"].toArray(), exits = document.object()["logits"].toArray();
    if (frames.isEmpty() || exits.isEmpty())
        return refuse("is no reference: a JSON object with 'frames' and 'logits' is needed, as export_pytorch.py writes it");
    ReferenceLogits reference;
    for (const auto& frame : frames) {
        auto read = frameFrom(frame.toArray(), frameSize(spec));
        if (!read)
            return refuse("frame " + std::to_string(reference.frames.size() + 1) + " is no list of the bytes of a frame of "
                          + base::toString(spec.input) + ", which " + spec.name + " takes");
        reference.frames.push_back(std::move(*read));
    }
    if (exits.size() != spec.exitCount())
        return refuse("has the logits of " + std::to_string(exits.size()) + " exits, but " + spec.name + " has "
                      + std::to_string(spec.exitCount()));
    for (const auto& exit : exits) {
        auto& rows = reference.exits.emplace_back();
        for (const auto& row : exit.toArray()) {
            auto logits = logitsFrom(row.toArray(), spec.classes);
            if (!logits)
                return refuse("exit " + std::to_string(reference.exits.size()) + ": " + std::to_string(spec.classes)
                              + " numbers are needed for each frame, one per class");
            rows.push_back(std::move(*logits));
        }
        if (rows.size() != reference.frames.size())
            return refuse("exit " + std::to_string(reference.exits.size()) + " has logits of " + std::to_string(rows.size())
                          + " frames, but there are " + std::to_string(reference.frames.size()));
    }
    return reference;
}

base::Result<std::vector<ReferenceDifference>> differencesFrom(const ReferenceLogits& reference, const Executor& executor)
{
    const auto input = toInput(executor.spec(), reference.frames);
    if (!input)
        return input.error();
    std::vector<ReferenceDifference> differences;
    for (int exit = 1; exit <= executor.spec().exitCount(); ++exit) {
        const Path path(executor.spec(), exit);
        ReferenceDifference found{exit, 0, 0, 0};
        for (const int cut : path.distinctCuts()) {
            const auto feature = executor.run(exit, 0, cut, *input);
            if (!feature)
                return feature.error();
            const auto logits = executor.run(exit, cut, path.length(), *feature);
            if (!logits)
                return logits.error();
            for (int frame = 0; frame < input->batch; ++frame) {
                const auto& expected = reference.exits[static_cast<std::size_t>(exit - 1)][static_cast<std::size_t>(frame)];
                found.largest = std::max(found.largest, difference(expected, logits->row(frame)));
                for (const float logit : expected)
                    found.largestLogit = std::max(found.largestLogit, std::abs(static_cast<double>(logit)));
            }
            ++found.cuts;
        }
        differences.push_back(found);
    }
    return differences;
}

bool isRounding(const ReferenceDifference& difference)
{
    return difference.largest <= 1e-4 * std::max(1.0, difference.largestLogit);
}

}  // namespace splitscope::model
