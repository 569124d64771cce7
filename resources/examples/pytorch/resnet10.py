# SPDX-License-Identifier: GPL-3.0-or-later
"""A small residual network (He et al., 2016) for CIFAR-10 with two early exits, as an example of an own network."""
from torch import nn
from torch.nn import functional as F

INPUT = (3, 32, 32)
MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


class Block(nn.Module):
    """Two convolutions whose result is added to what came in, or to what a 1×1 convolution makes of it."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.match = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.match = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.match(x))


class Head(nn.Module):
    """What an early exit makes of the trunk's tensor."""

    def __init__(self, inputs, features, classes):
        super().__init__()
        self.conv = nn.Conv2d(inputs, features, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(features)
        self.fc = nn.Linear(features, classes)

    def forward(self, x):
        return self.fc(F.relu(self.norm(self.conv(x))).mean((2, 3)))


class ResNet10(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.block1 = Block(16, 16, stride=1)
        self.exit1 = Head(16, 64, classes)
        self.block2 = Block(16, 32, stride=2)
        self.exit2 = Head(32, 64, classes)
        self.block3 = Block(32, 64, stride=2)
        self.block4 = Block(64, 64, stride=1)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        """The logits of every exit, the earliest first."""
        first = self.block1(F.relu(self.norm(self.conv(x))))
        second = self.block2(first)
        last = self.block4(self.block3(second))
        return {"exit1": self.exit1(first), "exit2": self.exit2(second), "exit3": self.fc(last.mean((2, 3)))}
