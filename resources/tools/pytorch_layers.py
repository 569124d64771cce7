# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch's modules and functions as layers of a spec, for export_pytorch.py."""
import operator

import torch
from torch import nn
from torch.nn import functional as F


class ExportError(Exception):
    """What cannot be exported, where, and what to do."""


class Layer:
    """One layer of the spec, with its parameters and the layers that it reads."""

    def __init__(self, kind, path, inputs, **fields):
        self.kind, self.path, self.inputs, self.fields = kind, path, inputs, fields
        self.weight = self.bias = None

    def __str__(self):
        return f"'{self.path}'"


# --- What PyTorch's modules and functions are in a spec ---------------------------------------------------------------------

def square(value, what, where):
    """The one number of a square window."""
    pair = (value, value) if isinstance(value, int) else tuple(value)
    if len(set(pair)) != 1:
        raise ExportError(f"{where}: its {what} is {pair}; only equal ones in both directions are known")
    return int(pair[0])


def with_parameters(layer, module):
    layer.weight = module.weight.detach().double()
    layer.bias = torch.zeros(len(layer.weight)).double() if module.bias is None else module.bias.detach().double()
    return layer


def convolution(path, source, module):
    padding = module.padding
    if padding == "same" and square(module.stride, "stride", path) == 1 and square(module.kernel_size, "kernel", path) % 2 == 1:
        padding = square(module.kernel_size, "kernel", path) // 2
    if isinstance(padding, str) or module.padding_mode != "zeros" or square(module.dilation, "dilation", path) != 1:
        raise ExportError(f"{path}: only convolutions without dilation, padded with zeros by a number, are known")
    fields = {"outputs": module.out_channels, "kernel": square(module.kernel_size, "kernel", path),
              "stride": square(module.stride, "stride", path), "padding": square(padding, "padding", path)}
    if module.groups > 1:
        fields["groups"] = module.groups
    return with_parameters(Layer("conv", path, [source], **fields), module)


def pooling(path, source, kernel, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    if dilation != 1 or return_indices:
        raise ExportError(f"{path}: pooling with dilation or indices is not known")
    return Layer("maxpool", path, [source], kernel=square(kernel, "kernel", path), ceilMode=bool(ceil_mode),
                 stride=square(stride or kernel, "stride", path), padding=square(padding, "padding", path))


def global_mean(path, source, size):
    if size not in (1, (1, 1), [1, 1]):
        raise ExportError(f"{path}: average pooling to {size} is not known, to 1 × 1 (a mean per channel) it is")
    return Layer("globalavgpool", path, [source])


def folded(path, source, norm):
    """The layer before a batch normalisation, and this with it: (w·x − mean)/√(var + ε)·γ + β."""
    if source.kind not in ("conv", "fc"):
        raise ExportError(f"{path}: batch normalisation is folded into the convolution before it, but before it lies {source}")
    scale = (norm.running_var.double() + norm.eps).rsqrt()
    shift = -norm.running_mean.double() * scale
    if norm.affine:
        scale, shift = scale * norm.weight.detach().double(), shift * norm.weight.detach().double() + norm.bias.detach().double()
    both = Layer(source.kind, source.path, source.inputs, **source.fields)
    both.weight = source.weight * scale.view(-1, *[1] * (source.weight.dim() - 1))
    both.bias = source.bias * scale + shift
    return both


def of_module(module, path, source):
    """A module as a layer; those that do nothing at inference are the layer before them."""
    if isinstance(module, (nn.Identity, nn.Flatten, nn.Dropout, nn.Dropout2d)):
        return source
    if isinstance(module, nn.Conv2d):
        return convolution(path, source, module)
    if isinstance(module, nn.Linear):
        return with_parameters(Layer("fc", path, [source], outputs=module.out_features), module)
    if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        return folded(path, source, module)
    for kind, name in ((nn.ReLU6, "relu6"), (nn.ReLU, "relu"), (nn.Hardswish, "hardswish")):
        if isinstance(module, kind):
            return Layer(name, path, [source])
    if isinstance(module, nn.MaxPool2d):
        return pooling(path, source, module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode,
                       module.return_indices)
    if isinstance(module, nn.AdaptiveAvgPool2d):
        return global_mean(path, source, module.output_size)
    if isinstance(module, nn.LocalResponseNorm):
        return Layer("lrn", path, [source], size=module.size, alpha=module.alpha, beta=module.beta, k=module.k)
    raise ExportError(f"{path}: a spec has no layer for {type(module).__name__}")


ACTIVATIONS = {F.relu: "relu", torch.relu: "relu", "relu": "relu", F.relu6: "relu6", F.hardswish: "hardswish"}
SUMS = (operator.add, operator.iadd, torch.add, "add", "add_")
NOTHING = (torch.flatten, "flatten", F.dropout, F.dropout2d, "contiguous")
JOINS = (torch.cat, torch.concat, torch.stack)


def means_of_maps(dim=None, keepdim=False):
    return isinstance(dim, (list, tuple)) and tuple(dim) in ((2, 3), (-2, -1), (-1, -2)) and not keepdim


def of_function(node, path, sources):
    """A function, or a tensor's method, as a layer."""
    function, arguments = node.target, node.args[1:]
    if function in ACTIVATIONS:
        return Layer(ACTIVATIONS[function], path, sources)
    if function in SUMS and len(sources) == 2 and node.kwargs.get("alpha", 1) == 1:
        return Layer("sum", path, sources)
    if function in NOTHING or function in ("view", "reshape") and len(arguments) == 2 and arguments[1] == -1:
        return sources[0]
    if function is F.max_pool2d:
        return pooling(path, sources[0], *arguments, **node.kwargs)
    if function is F.adaptive_avg_pool2d:
        return global_mean(path, sources[0], *arguments)
    if function in (torch.mean, "mean") and means_of_maps(*arguments, **node.kwargs):
        return Layer("globalavgpool", path, sources)
    name = getattr(function, "__name__", function)
    if function in JOINS:
        raise ExportError(f"{path}: {name} joins tensors, so that two would cross at the cuts before it; only sums inside of a "
                          "residual block are known")
    raise ExportError(f"{path}: a spec has no layer for {name}{tuple(arguments)}")
