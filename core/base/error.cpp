// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace splitscope::base {

std::string_view name(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput: return "invalid-input";
    case ErrorCode::NotFound: return "not-found";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::Mismatch: return "mismatch";
    case ErrorCode::TooLarge: return "too-large";
    case ErrorCode::Io: return "io";
    case ErrorCode::Unreachable: return "unreachable";
    case ErrorCode::Refused: return "refused";
    case ErrorCode::Busy: return "busy";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::Internal: return "internal";
    }
    return "unknown";
}

std::string Error::message() const { return where.empty() ? text : where + ": " + text; }

}  // namespace splitscope::base
