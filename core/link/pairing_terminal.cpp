// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/pairing_terminal.h"

#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace splitscope::link {

void PairingTerminal::show(const PairingPeer& peer)
{
    std::printf("'%s' is there. Both sides must show the same digits:\n\n    %s %s\n\nAre they the same there? [y/N] ",
                peer.name.c_str(), peer.digits.substr(0, 3).c_str(), peer.digits.substr(3).c_str());
    std::fflush(stdout);
}

std::optional<bool> PairingTerminal::answer()
{
    constexpr std::size_t kLongestLine = 256;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 0) > 0) {
        char c = 0;
        if (::read(STDIN_FILENO, &c, 1) != 1 || m_line.size() > kLongestLine)
            return false;
        if (c == '\n')
            return m_line == "y" || m_line == "Y" || m_line == "yes";
        m_line += c;
    }
    return std::nullopt;
}

void PairingTerminal::tell(PairingWait why)
{
    std::fputs(why == PairingWait::NobodyListens
                   ? "Nobody pairs there yet: run `splitscoped --pair` on the device. Waiting for it …\n"
                   : "Somebody listens there and does not answer: another edge may be pairing with it. Waiting …\n",
               stderr);
}

}  // namespace splitscope::link
