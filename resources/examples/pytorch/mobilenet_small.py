# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network of inverted residuals (as MobileNetV2's) for CIFAR-10 with two early exits, as an example of an own network."""
from torch import nn

INPUT = (3, 32, 32)
MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


def convolution(inputs, outputs, kernel, activation=None, stride=1, groups=1):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class InvertedResidual(nn.Module):
    """Wider, each channel by itself, narrower; where the shape stays the same, the input is added."""

    def __init__(self, inputs, outputs, stride, widened):
        super().__init__()
        self.expand = convolution(inputs, widened, 1, nn.ReLU6)
        self.depthwise = convolution(widened, widened, 3, nn.ReLU6, stride, groups=widened)
        self.project = convolution(widened, outputs, 1)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.adds else y


def head(inputs, features, classes):
    return nn.Sequential(convolution(inputs, features, 1, nn.Hardswish), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1),
                         nn.Linear(features, classes))


class MobileNetSmall(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = convolution(3, 16, 3, nn.Hardswish)
        self.down1 = InvertedResidual(16, 32, 2, 48)
        self.keep1 = InvertedResidual(32, 32, 1, 96)
        self.exit1 = head(32, 96, classes)
        self.down2 = InvertedResidual(32, 48, 2, 96)
        self.keep2 = InvertedResidual(48, 48, 1, 144)
        self.exit2 = head(48, 128, classes)
        self.down3 = InvertedResidual(48, 64, 2, 144)
        self.keep3 = InvertedResidual(64, 64, 1, 192)
        self.exit3 = head(64, 160, classes)

    def forward(self, x):
        """The logits of every exit, the earliest first."""
        first = self.keep1(self.down1(self.stem(x)))
        second = self.keep2(self.down2(first))
        return [self.exit1(first), self.exit2(second), self.exit3(self.keep3(self.down3(second)))]
