# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the files beside it with a real PyTorch; tst_weights.cpp knows the values. Run in this folder.
import torch


class Head(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(3, 2)


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 2, 2)
        self.exit1 = Head()


model = Tiny()
with torch.no_grad():
    model.conv1.weight.copy_(torch.arange(8.0).reshape(2, 1, 2, 2) / 4)
    model.conv1.bias.copy_(torch.tensor([-1.5, 2.5]))
    model.exit1.fc1.weight.copy_(torch.tensor([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]))
    model.exit1.fc1.bias.copy_(torch.tensor([0.0, 1e-3]))
torch.save(model.state_dict(), "tiny_state_dict.pt")

# A transposed view, half precision, and double: what real state_dicts hold too.
torch.save({"fc1.weight": torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).t(),
            "fc1.bias": torch.tensor([0.5, -0.5], dtype=torch.float16),
            "fc2.bias": torch.tensor([0.25], dtype=torch.float64)}, "views_and_types.pt")

# Not a state_dict: a list; and a dictionary that holds more than tensors.
torch.save([torch.ones(2)], "list.pt")
torch.save({"epoch": 3, "model": {"fc1.bias": torch.ones(2)}}, "whole_checkpoint.pt")
