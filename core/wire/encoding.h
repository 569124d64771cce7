// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/wire/messages.h"

namespace splitscope::wire {

/// The CBOR header frame of a message (PROTOCOL.md). Texts over their limit are cut; everything else is the sender's to keep
/// within the limits: the other side refuses what is not.
base::Bytes encode(const Message& message);

/// Reads a header frame that may come from anybody: bounded in size, depth and element counts, unknown types and
/// missing, ill-typed or out-of-range fields are Errors that name the field; a Mismatch where the version differs.
/// Unknown fields are ignored, so that later minor versions can add some.
base::Result<Message> decode(base::ByteView header);

/// What can be told about a header that decode() refused, so that the sender can be answered: 0 where unknown.
struct Origin {
    std::uint64_t id = 0;
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    bool namesRequest = false;  ///< run and firstFrame are there
};
Origin originOf(base::ByteView header);

/// "start-run": the type's name on the wire.
std::string_view typeName(const Body& body);

}  // namespace splitscope::wire
