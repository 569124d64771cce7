// SPDX-License-Identifier: GPL-3.0-or-later
// What both sides of pairing reckon.
#pragma once

#include "core/link/keys.h"

#include <string>

namespace splitscope::link {

/// 32 random bytes, in hexadecimal.
std::string pairingNonce();
/// What an edge settles before it knows the device.
std::string edgeCommitment(const std::string& edgeKey, const std::string& nonce);
std::string deviceCommitment(const std::string& deviceKey, const std::string& edgeKey, const std::string& nonce);
/// Six digits.
std::string pairingDigits(const std::string& deviceKey, const std::string& edgeKey, const std::string& deviceNonce,
                          const std::string& edgeNonce);
/// The key pair that every pairing socket serves with. It is public, and protects nothing: the digits do.
KeyPair pairingServerKeys();
/// What came from a stranger and will be on somebody's terminal.
std::string printable(const std::string& text);

}  // namespace splitscope::link
