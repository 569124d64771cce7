// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/codec/wire_size.h"
#include "core/wire/messages.h"

#include <cstddef>
#include <cstdint>

namespace splitscope::link {

// What a bucket counts.
using codec::chunkBytesAt;
using codec::kFrameOverheadBytes;
using codec::kSegmentBytes;
using codec::kSegmentOverheadBytes;
using codec::wireBytesOf;

/// A token bucket on a clock that is passed in. A message has left when its last byte has: one that is larger than the burst
/// takes (bytes − tokens)/rate, so that n bytes never take less than (n − burst)/rate.
class TokenBucket {
public:
    /// Changes the rate (0: unlimited) and the burst from now on; what was earned at the old rate stays, up to the new burst or
    /// the `waitingBytes` of a message that has been earning.
    void setRate(double bytesPerSecond, double burstBytes, std::int64_t nowNs, double waitingBytes = 0);

    /// When the first byte of a message starts that is ready at readyNs: not before those taken earlier have left.
    [[nodiscard]] std::int64_t startNs(std::int64_t readyNs) const;
    /// When its last byte has left.
    [[nodiscard]] std::int64_t leaveNs(double bytes, std::int64_t readyNs) const;
    /// Takes its tokens; call at leaveNs or later. A late call is made up for by the next messages, up to 20 ms.
    void take(double bytes, std::int64_t readyNs, std::int64_t nowNs);

    [[nodiscard]] double tokensAt(std::int64_t nowNs) const;
    [[nodiscard]] double bytesPerSecond() const { return m_rate; }

private:
    double m_rate = 0;
    double m_burst = 0;
    double m_tokens = 0;
    std::int64_t m_atNs = 0;  ///< m_tokens are those of this time
};

}  // namespace splitscope::link
