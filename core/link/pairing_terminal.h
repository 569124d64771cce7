// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/pairing.h"

namespace splitscope::link {

/// Somebody at a terminal: the question on standard output, the answer as a line of standard input. The end of the input is a no.
class PairingTerminal final : public PairingPeople {
public:
    void show(const PairingPeer& peer) override;
    std::optional<bool> answer() override;
    void tell(PairingWait why) override;

private:
    std::string m_line;
};

}  // namespace splitscope::link
