// SPDX-License-Identifier: GPL-3.0-or-later
// Lossless coding of whole frames by a model that was learned from many others: what is alike in all of them need not be sent
// with each. The bitstream is specified in core/codec/BITSTREAMS.md.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/data/image.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace splitscope::codec {

struct FrameTables;

/// How long to train; twice as long gives about one percent less bytes.
inline constexpr int kFrameTrainingSteps = 200'000;

/// Immutable and cheap to copy; copies may code on several threads at once.
class FrameModel {
public:
    /// Frames of 3 channels and sides of 1 to kMaxImageSide, at least one; it takes hundreds to be any good. About a minute
    /// on three threads. The same frames give the same model on the same kind of processor. `observer` is called with the share
    /// that is done, up to 1, from any of those threads, one call at a time. Stopped → Error Cancelled, at once.
    static base::Result<FrameModel> train(std::span<const data::Image> frames, int steps = kFrameTrainingSteps,
                                          const std::stop_token& stop = {},
                                          const std::function<void(double share)>& observer = {});

    /// Appends one frame's record, never longer than its pixels. Nothing is appended on an Error.
    base::Status encode(const data::Image& image, base::Bytes& out) const;

    /// Never trusts the record: anything else than what encode() makes of a frame of this size is an Error, in time linear in
    /// the frame's size.
    [[nodiscard]] base::Result<data::Image> decode(base::ByteView record, data::ImageSize expected) const;

    /// Appends the model, kFrameParameterBytes (about 19 KB).
    void serialize(base::Bytes& out) const;

    /// Never trusts the bytes; `where` names them in an Error.
    static base::Result<FrameModel> parse(base::ByteView in, const std::string& where);

private:
    explicit FrameModel(std::shared_ptr<const FrameTables> tables) : m_tables(std::move(tables)) {}

    std::shared_ptr<const FrameTables> m_tables;
};

}  // namespace splitscope::codec
