#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The update of core/rl/sacd.cpp in Python's PyTorch, on random transitions: what `splitscope-cli bench policy` compares with.

Prints {"updates_per_s": …, "torch": …}: of the best of five turns. One thread, as the C++ side.
"""
import argparse
import json
import math
import time

import torch
from torch import nn


def network(inputs, width, layers, outputs):
    sizes = [inputs] + [width] * (layers - 1) + [outputs]
    modules = []
    for i in range(layers):
        modules.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i + 1 < layers:
            modules.append(nn.ReLU())
    return nn.Sequential(*modules)


class Sacd:
    def __init__(self, o):
        def make():
            return network(o.inputs, o.width, o.layers, o.actions)

        self.o = o
        self.actor, self.q1, self.q2 = make(), make(), make()
        self.t1, self.t2 = make(), make()
        self.t1.load_state_dict(self.q1.state_dict())
        self.t2.load_state_dict(self.q2.state_dict())
        self.log_alpha = torch.tensor(math.log(0.1), requires_grad=True)
        critics = list(self.q1.parameters()) + list(self.q2.parameters())
        self.critic_optimizer = torch.optim.Adam(critics, lr=1e-3)
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=1e-3)
        self.alpha_optimizer = torch.optim.Adam([self.log_alpha], lr=1e-3)
        self.target_entropy = 0.5 * math.log(o.actions)

    def update(self, s, a, r, s2):
        alpha = self.log_alpha.exp().detach()
        with torch.no_grad():
            log_p = torch.log_softmax(self.actor(s2), 1)
            least = torch.min(self.t1(s2), self.t2(s2))
            y = r + self.o.gamma * (log_p.exp() * (least - alpha * log_p)).sum(1, keepdim=True)
        q1, q2 = self.q1(s), self.q2(s)
        critic_loss = 0.5 * ((q1.gather(1, a) - y) ** 2).mean() + 0.5 * ((q2.gather(1, a) - y) ** 2).mean()
        log_p = torch.log_softmax(self.actor(s), 1)
        p = log_p.exp()
        actor_loss = (p * (alpha * log_p - torch.min(q1, q2).detach())).sum(1).mean()
        entropy = -(p * log_p).sum(1).detach()
        alpha_loss = (self.log_alpha * (entropy - self.target_entropy)).mean()
        for optimizer, loss in ((self.critic_optimizer, critic_loss), (self.actor_optimizer, actor_loss),
                                (self.alpha_optimizer, alpha_loss)):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            for target, net in ((self.t1, self.q1), (self.t2, self.q2)):
                for to, of in zip(target.parameters(), net.parameters()):
                    to.lerp_(of, 0.005)


def measure(make_learner):
    """Prints updates a second of make_learner(options).update(s, a, r, s2)."""
    parser = argparse.ArgumentParser()
    for name, value in (("inputs", 8), ("width", 128), ("layers", 5), ("actions", 162), ("batch", 64)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--gamma", type=float, default=0.9)
    parser.add_argument("--seconds", type=float, default=5)
    o = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    learner = make_learner(o)
    batch = (torch.rand(o.batch, o.inputs) * 2 - 1, torch.randint(0, o.actions, (o.batch, 1)), torch.rand(o.batch, 1),
             torch.rand(o.batch, o.inputs) * 2 - 1)
    for _ in range(5):
        learner.update(*batch)
    best = 0
    for _ in range(5):
        start, updates = time.perf_counter(), 0
        while time.perf_counter() - start < o.seconds / 5:
            learner.update(*batch)
            updates += 1
        best = max(best, updates / (time.perf_counter() - start))
    print(json.dumps({"updates_per_s": best, "torch": torch.__version__}))


if __name__ == "__main__":
    measure(Sacd)
