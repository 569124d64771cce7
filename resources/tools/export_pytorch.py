# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes of a PyTorch model with several exits what Splitscope runs: its spec, its weights, and a reference to check them by.

    python3 export_pytorch.py network.py:Network --state trained.pt --out network

The model's forward() takes one batch of images and returns the logits of every exit, the earliest first: a dict by the exits'
names, or a list (exit1, exit2, ...). The file may say INPUT, MEAN and DEVIATION; options say otherwise. Written into the folder:
model.json, model.weights and reference.json (two frames and what this model answers: `splitscope-cli model check --reference`).
Batch normalisation is folded into its convolutions. A sum of two ways from one tensor becomes one layer, a residual block: at
every cut one tensor crosses. The model is traced by torch.fx: it runs as in evaluation, and its Python code is executed.
"""
import argparse
import hashlib
import importlib.util
import json
import operator
import pathlib
import struct
import sys

import torch
from torch import fx

sys.dont_write_bytecode = True  # beside what is installed
from pytorch_layers import ExportError, Layer, of_function, of_module


# --- The model's graph ----------------------------------------------------------------------------------------------------

def traced(model):
    """The input, and the last layer of each exit by the exit's name."""
    try:
        graph = fx.symbolic_trace(model)
    except Exception as problem:  # whatever the model's code throws
        raise ExportError(f"forward() cannot be traced: {problem}; what it does must not depend on the values that it sees")
    modules = dict(graph.named_modules())
    made, entrance = {}, None
    for node in graph.graph.nodes:
        sources = [made[source] for source in node.all_input_nodes if source in made]
        if node.op == "placeholder" and entrance is None:
            made[node] = entrance = Layer("input", "input", [])
        elif node.op == "call_module":
            made[node] = of_module(modules[node.target], node.target, sources[0])
        elif node.op in ("call_function", "call_method"):
            if node.target == "size" or node.target is getattr or node.target is operator.getitem:
                continue  # sizes, for view(): what else reads them has no layer
            if not sources or len(sources) < len(node.all_input_nodes) and node.target not in ("view", "reshape"):
                raise ExportError(f"{node.name}: computes with something else than the tensors of layers")
            made[node] = of_function(node, node.name, sources)
        elif node.op == "output":
            return entrance, exits_of(node.args[0], made)
        else:
            raise ExportError(f"{node.name}: a spec has no layer for an input or a parameter that forward() reads by itself")
    raise ExportError("forward() returns nothing")


def exits_of(result, made):
    if isinstance(result, fx.Node):
        result = [result]
    if not isinstance(result, dict):
        result = {f"exit{i + 1}": node for i, node in enumerate(result)}
    return {name: made[node] for name, node in result.items()}


def in_order(ends):
    """All layers that the exits need, each behind those that it reads."""
    order, begun = [], set()
    waiting = [(end, False) for end in reversed(ends)]
    while waiting:
        layer, is_ready = waiting.pop()
        if is_ready:
            order.append(layer)
        elif layer not in begun:
            begun.add(layer)
            waiting += [(layer, True), *((source, False) for source in layer.inputs)]
    return order


class Shape:
    """Which layers every way to a layer passes, and who reads it."""

    def __init__(self, order):
        self.place = {layer: i for i, layer in enumerate(order)}
        self.passed, self.readers = {}, {layer: [] for layer in order}
        for layer in order:
            ways = [self.passed[source] for source in layer.inputs]
            self.passed[layer] = {layer} | (set.intersection(*ways) if ways else set())
            for source in layer.inputs:
                self.readers[source].append(layer)
        self.owner = {}  # of each layer: the trunk, an exit or a block

    def last_passed(self, *layers, among=None):
        common = set.intersection(*(self.passed[layer] for layer in layers))
        return max(common & set(among) if among else common, key=self.place.get)

    def claim(self, layer, owner):
        if layer in self.owner:
            raise ExportError(f"{layer} belongs to {self.owner[layer]} and is read by {owner}, too: two tensors would cross at a "
                              "cut there; exits leave the trunk behind whole blocks, and share no layers of their heads")
        self.owner[layer] = owner

    def units(self, end, start, owner):
        """The layers from start to end with one tensor between each two: layers, or blocks (sum, body, shortcut)."""
        units = []
        while end is not start:
            if not end.inputs:
                raise ExportError(f"{owner}: its way does not lead back to {start}")
            self.claim(end, owner)
            if end.kind == "sum":
                fork = self.last_passed(*end.inputs)
                block = f"the block that ends in {end}"
                if owner.startswith("the block"):
                    raise ExportError(f"{end} lies inside of {owner}: two tensors would cross at a cut between; a block's layers "
                                      "are no sums themselves")
                ways = sorted((self.units(source, fork, block) for source in end.inputs), key=len)
                self.check_closed(ways, block)
                units.append((end, ways[1], ways[0]))
                end = fork
            else:
                units.append(end)
                end = end.inputs[0]
        return units[::-1]

    def check_closed(self, ways, block):
        if not ways[1]:
            raise ExportError(f"{block} adds a tensor to itself")
        for layer in ways[0] + ways[1]:
            if len(self.readers[layer]) > 1:
                raise ExportError(f"{layer} lies inside of {block} but is read outside of it, too: two tensors would cross at "
                                  "a cut; let exits and sums leave from behind the block")


# --- The spec -------------------------------------------------------------------------------------------------------------

class Writer:
    """Turns units into the spec's layers, and collects their parameters under the names of these."""

    def __init__(self):
        self.parameters, self.named = {}, {}

    def layers(self, units, where="", drop=""):
        """`where`: the name put before ("exit1/"); `drop`: the same as it stands in PyTorch's paths ("exit1.")."""
        taken = set()
        return [self.unit(unit, where, drop, taken) for unit in units]

    def unit(self, unit, where, drop, taken):
        if isinstance(unit, Layer):
            name = self.free(unit.path[len(drop):] if unit.path.startswith(drop) else unit.path, taken)
            if unit.weight is not None:
                self.parameters[where + name + ".weight"] = unit.weight.float().contiguous()
                self.parameters[where + name + ".bias"] = unit.bias.float().contiguous()
                self.named[unit.path] = where + name
            return {"type": unit.kind, "name": name, **unit.fields}
        end, body, shortcut = unit
        folder = common_folder([layer.path for layer in body + shortcut if "." in layer.path])
        name = self.free(folder[len(drop):].rstrip(".") if len(folder) > len(drop) else end.path, taken)
        inside = set()
        block = {"type": "residual", "name": name}
        for key, part in (("body", body), ("shortcut", shortcut)):
            layers = [self.unit(layer, where + name + "/", folder, inside) for layer in part]
            if layers:
                block[key] = layers
        return block

    @staticmethod
    def free(path, taken):
        name, number = path.replace(".", "_"), 2
        while name in taken or name == "input":
            name, number = f"{path.replace('.', '_')}_{number}", number + 1
        taken.add(name)
        return name


def common_folder(paths):
    """"layer1.0." of "layer1.0.conv1" and "layer1.0.match.0"."""
    folder = paths[0].rsplit(".", 1)[0] + "." if paths else ""
    while not all(path.startswith(folder) for path in paths):
        folder = folder[:-1].rpartition(".")[0] + "." if "." in folder[:-1] else ""
    return folder


def described(model, options):
    """The spec, its parameters by name, and PyTorch's names of the layers that have some."""
    entrance, ends = traced(model)
    shape = Shape(in_order(list(ends.values())))
    if entrance not in shape.place:
        raise ExportError("no exit reads the input")
    names = list(ends)
    trunk = shape.units(ends[names[-1]], entrance, "the trunk")
    cuts = [unit if isinstance(unit, Layer) else unit[0] for unit in trunk]
    writer = Writer()
    spec = {"name": options.name, "input": list(options.input), "classes": classes(ends), "mean": list(options.mean),
            "deviation": list(options.deviation), "trunk": writer.layers(trunk), "exits": []}
    for name in names[:-1]:
        if not shape.passed[ends[name]] & set(cuts):
            raise ExportError(f"exit '{name}': leaves the trunk inside of a block or before its first layer, so that two tensors "
                              "would cross at a cut there; let it leave from behind a layer or a whole block")
        start = shape.last_passed(ends[name], among=cuts)
        head = shape.units(ends[name], start, f"exit '{name}'")
        layers = writer.layers(head, name + "/", name + ".")
        spec["exits"].append({"name": name, "after": cuts.index(start) + 1, "head": layers})
    spec["exits"].append({"name": names[-1], "after": len(trunk)})
    return spec, writer.parameters, writer.named


def classes(ends):
    for name, end in ends.items():
        if end.kind != "fc":
            raise ExportError(f"exit '{name}': ends in {end} of type {end.kind}; its last layer must be a Linear with one output "
                              "per class (without softmax)")
    return next(iter(ends.values())).fields["outputs"]


# --- Files ----------------------------------------------------------------------------------------------------------------

def loaded_model(place):
    file, separator, name = place.rpartition(":")
    if not separator or not pathlib.Path(file).is_file():
        raise ExportError(f"{place}: FILE.py:CLASS is needed, a file that is there and a class or function of it")
    sys.path.insert(0, str(pathlib.Path(file).parent))
    description = importlib.util.spec_from_file_location(pathlib.Path(file).stem, file)
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    if not hasattr(module, name):
        raise ExportError(f"{file}: there is no '{name}' in it")
    return module, getattr(module, name)().eval()


def load_state(model, file):
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as problem:  # whatever unpickling throws
        raise ExportError(f"{file}: is no state_dict (torch.save(model.state_dict(), …)): {problem}")
    state = state.get("state_dict", state) if isinstance(state, dict) else {}
    wanted = model.state_dict()
    missing, extra = [key for key in wanted if key not in state], [key for key in state if key not in wanted]
    if missing or extra:
        kind = "another model's" if len(missing) == len(wanted) else "not this model's"
        raise ExportError(f"{file}: is {kind}: " + "; ".join(
            f"{what} '{keys[0]}'" + (f" and {len(keys) - 1} more" if len(keys) > 1 else "")
            for what, keys in (("it lacks", missing), ("the model has no", extra)) if keys))
    for key, value in wanted.items():
        if state[key].shape != value.shape:
            raise ExportError(f"{file}: '{key}' is {tuple(state[key].shape)}, but the model's is {tuple(value.shape)}")
    model.load_state_dict(state)


def archive(parameters, provenance):
    """A weights file: "SSW1", the header's length, the header, float32 values, SHA-256 of all before."""
    listed = [{"name": name, "shape": list(parameters[name].shape)} for name in sorted(parameters)]
    header = json.dumps({"parameters": listed, "provenance": provenance}).encode()
    tensors = [parameters[name].flatten().tolist() for name in sorted(parameters)]
    values = b"".join(struct.pack(f"<{len(tensor)}f", *tensor) for tensor in tensors)
    content = b"SSW1" + struct.pack("<I", len(header)) + header + values
    return content + hashlib.sha256(content).digest()


def reference(model, options):
    """Two frames, {channel, row, column} of bytes, and the logits of every exit."""
    frames = torch.randint(0, 256, (2, *options.input), generator=torch.Generator().manual_seed(1))
    mean, deviation = (torch.tensor(values).view(1, -1, 1, 1) for values in (options.mean, options.deviation))
    try:
        with torch.no_grad():
            result = model((frames.float() / 255 - mean) / deviation)
    except Exception as problem:  # whatever the model's code throws
        raise ExportError(f"forward() fails on frames of {'x'.join(map(str, options.input))} (--input): {problem}")
    logits = result.values() if isinstance(result, dict) else [result] if torch.is_tensor(result) else result
    return {"frames": frames.flatten(1).tolist(), "logits": [exit.tolist() for exit in logits]}


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="FILE.py:CLASS", help="what makes the model when it is called without arguments")
    parser.add_argument("--state", metavar="FILE", help="its trained parameters: torch.save(model.state_dict(), FILE)")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR", help="the folder to write")
    parser.add_argument("--name", help="the network's name (default: the folder's)")
    parser.add_argument("--input", metavar="CxHxW", help="channels, height and width of a frame, as 3x32x32")
    parser.add_argument("--mean", nargs="+", type=float, help="per channel, of pixels in [0, 1] (default: the file's MEAN, or 0)")
    parser.add_argument("--deviation", nargs="+", type=float, help="per channel (default: the file's DEVIATION, or 1)")
    return parser.parse_args()


def main():
    options = parsed()
    module, model = loaded_model(options.model)
    options.input = tuple(map(int, options.input.split("x"))) if options.input else getattr(module, "INPUT", None)
    if not options.input or len(options.input) != 3:
        raise ExportError("--input: channels, height and width are needed (3x32x32), or INPUT in the model's file")
    options.mean = options.mean or getattr(module, "MEAN", (0.0,) * options.input[0])
    options.deviation = options.deviation or getattr(module, "DEVIATION", (1.0,) * options.input[0])
    options.name = options.name or options.out.resolve().name
    if options.state:
        load_state(model, options.state)
    spec, parameters, named = described(model, options)
    checked = reference(model, options)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "model.json").write_text(json.dumps(spec, indent=1) + "\n")
    provenance = {"command": " ".join(["export_pytorch.py", *sys.argv[1:]]), "source": f"PyTorch {torch.__version__}"}
    (options.out / "model.weights").write_bytes(archive(parameters, provenance))
    (options.out / "reference.json").write_text(json.dumps(checked) + "\n")
    for path, name in named.items():
        print(f"{path} -> {name}")
    count = sum(values.numel() for values in parameters.values())
    print(f"{options.out}: {len(spec['trunk'])} trunk layers, {len(spec['exits'])} exits, {count} parameters")


if __name__ == "__main__":
    try:
        main()
    except ExportError as problem:
        sys.exit(f"export_pytorch.py: {problem}")
