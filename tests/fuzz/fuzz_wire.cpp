// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a header frame: an error or a message, and a message that was accepted encodes to one that is accepted too.
#include "core/wire/encoding.h"

#include <cstdlib>

using namespace splitscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView header(data, size);
    static_cast<void>(wire::originOf(header));
    const auto message = wire::decode(header);
    if (!message)
        return 0;
    const auto again = wire::encode(*message);
    const auto back = wire::decode(again);
    if (!back || wire::encode(*back) != again)
        std::abort();
    return 0;
}
