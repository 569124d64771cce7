// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of one frame, coded with what is known of such frames: each value's distribution depends on values around it.
// Learned offline for one tensor and bit width. Both the model and what it writes are specified in BITSTREAMS.md.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/codec/map_shape.h"

#include <memory>
#include <string>

namespace splitscope::codec {

/// A value over shared, unchanging tables; thread-safe.
class ContextModel {
public:
    /// Learns from sample frames (some hundreds at least; all of shape.count() levels < 2^bits). 2 <= bits <= 16. The same
    /// frames give the same model on the same machine. Takes seconds.
    static base::Result<ContextModel> train(std::span<const std::vector<std::uint16_t>> frames, int bits, MapShape shape);

    /// Appends a mode byte and the levels in the shortest of three forms (packed, coded, constant): never more than
    /// 1 + packedSize bytes. An Error, and nothing appended, unless there are shape().count() levels < 2^bits().
    base::Status encode(std::span<const std::uint16_t> levels, base::Bytes& out) const;

    /// How many bytes encode would append; it takes as long. The levels must be such as encode takes.
    [[nodiscard]] std::size_t encodedSize(std::span<const std::uint16_t> levels) const;

    /// Decodes what encode appended, no byte more; an Error leaves `levels` unspecified. Any input is safe, and the time is
    /// linear in levels and bytes.
    base::Status decode(base::ByteView coded, std::span<std::uint16_t> levels) const;

    [[nodiscard]] int bits() const;
    [[nodiscard]] const MapShape& shape() const;

    void serialize(base::Bytes& out) const;
    /// Of what serialize appended, no byte more. Trusts nothing; `where` is for the Error.
    static base::Result<ContextModel> parse(base::ByteView bytes, const std::string& where);

    struct Parts;  ///< context_parts_p.h
    explicit ContextModel(Parts parts);

private:
    [[nodiscard]] const Parts& parts() const;

    class Tables;
    std::shared_ptr<const Tables> m_tables;
};

}  // namespace splitscope::codec
