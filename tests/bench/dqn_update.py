#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The update of core/rl/dqn.cpp in Python's PyTorch, on random transitions, measured as sacd_update.py's."""
import torch

from sacd_update import measure, network


class Dqn:
    def __init__(self, o):
        self.o = o
        self.net, self.target = (network(o.inputs, o.width, o.layers, o.actions) for _ in range(2))
        self.target.load_state_dict(self.net.state_dict())
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def update(self, s, a, r, s2):
        with torch.no_grad():
            y = r + self.o.gamma * self.target(s2).max(1, keepdim=True)[0]
        loss = 0.5 * ((self.net(s).gather(1, a) - y) ** 2).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            for to, of in zip(self.target.parameters(), self.net.parameters()):
                to.lerp_(of, 0.005)


if __name__ == "__main__":
    measure(Dqn)
