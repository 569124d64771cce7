// SPDX-License-Identifier: GPL-3.0-or-later
// An edge and a device learn each other's public keys, and two people make sure that nobody stands between (PROTOCOL.md, section
// 9).
#pragma once

#include "core/base/result.h"
#include "core/link/keys.h"

#include <optional>
#include <stop_token>
#include <string>

namespace splitscope::link {

/// Pairing listens so far behind the control port: the serving daemon's own ports never let a stranger in.
inline constexpr int kPairingPortOffset = 2;

/// The other side, as it says it is.
struct PairingPeer {
    std::string name;  ///< printable ASCII only, whatever came
    std::string publicKey;
    std::string digits;  ///< six; the same on both sides where nobody stands between
};

/// Why the edge's side has nothing to show yet.
enum class PairingWait {
    NobodyListens,  ///< at the port; it is tried again
    NoAnswer  ///< somebody listens: another edge pairs with it, or it is something else
};

/// Whoever sits at this side.
class PairingPeople {
public:
    virtual ~PairingPeople() = default;
    /// The digits are to be compared with the other side's.
    virtual void show(const PairingPeer& peer) = 0;
    /// Whether they are the same; nothing while nobody has said. Asked often, must not wait.
    virtual std::optional<bool> answer() = 0;
    /// Told when it changes; showing digits ends it.
    virtual void tell(PairingWait why) { static_cast<void>(why); }
};

struct PairingOptions {
    std::string host = "127.0.0.1";  ///< the device's; where it listens, or where the edge connects to
    int port = 0;  ///< the pairing port
    KeyPair keys;  ///< this side's own
    std::string name;  ///< shown on the other side
    double windowMs = 120'000;  ///< everything is over by then
};

/// The device's side: one edge at a time, five attempts at most. Whom both sides confirmed; nothing is listed yet. Errors:
/// Refused (a side said no or left, or too many attempts), Mismatch (somebody stands between), Unreachable (nobody came, or
/// nobody said in time whether the digits are the same), Cancelled, Busy (the port is taken). A side that ends tells the other
/// one.
base::Result<PairingPeer> hostPairing(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop);
/// The edge's side. It goes on asking until the device pairs, or the time is over.
base::Result<PairingPeer> joinPairing(const PairingOptions& options, PairingPeople& people, const std::stop_token& stop);

}  // namespace splitscope::link
