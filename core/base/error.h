// SPDX-License-Identifier: GPL-3.0-or-later
// One error type for every boundary: wire, file, configuration, device.
#pragma once

#include <string>
#include <string_view>

namespace splitscope::base {

enum class ErrorCode {
    InvalidInput,  ///< a file, message or argument that does not say what it should
    NotFound,  ///< a file, layer, tensor or peer that does not exist
    Unsupported,  ///< understood, but not offered here
    Mismatch,  ///< two things that must belong together do not (model hash, shape, version)
    TooLarge,  ///< over a stated limit
    Io,  ///< the operating system refused
    Unreachable,  ///< the peer does not answer
    Refused,  ///< the peer or a limit said no
    Busy,  ///< already doing something that excludes this
    Cancelled,  ///< stopped on request
    Internal  ///< a library threw where it should not have
};

std::string_view name(ErrorCode code);

/// What went wrong (text), where (a file, layer, message field), and what to do about it (part of text).
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string text;
    std::string where;

    /// "where: text", for people.
    [[nodiscard]] std::string message() const;
};

}  // namespace splitscope::base
