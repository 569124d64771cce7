# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains an example network on CIFAR-10: all exits together, by the mean of their losses. Needs PyTorch alone.

    python3 train_cifar10.py resnet10.py:ResNet10 --data FOLDER/cifar-10-batches-bin --out resnet10.pt
"""
import argparse
import importlib.util
import pathlib
import time

import torch
from torch.nn import functional as F


def read(files):
    """Images {n, 3, 32, 32} as bytes, and labels: a record is one byte of label and 3072 of pixels."""
    data = torch.cat([torch.frombuffer(bytearray(file.read_bytes()), dtype=torch.uint8) for file in files]).view(-1, 3073)
    return data[:, 1:].reshape(-1, 3, 32, 32), data[:, 0].long()


def augmented(images):
    """Half of them mirrored, all of them shifted by up to four pixels."""
    images = torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images)
    row, column = torch.randint(0, 9, (2,)).tolist()
    return F.pad(images, (4, 4, 4, 4))[:, :, row:row + 32, column:column + 32]


def logits(model, images):
    result = model(images)
    return list(result.values()) if isinstance(result, dict) else list(result)


def accuracies(model, normalise, images, labels):
    """Of each exit."""
    model.eval()
    right = 0
    with torch.no_grad():
        for batch, truth in zip(images.split(500), labels.split(500)):
            right = right + torch.tensor([(exit.argmax(1) == truth).sum() for exit in logits(model, normalise(batch))])
    return [round(float(count) / len(labels), 4) for count in right]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="FILE.py:CLASS; the file has MEAN and DEVIATION, too")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder of data_batch_1.bin")
    parser.add_argument("--out", required=True, help="the state_dict")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--images", type=int, default=50000, help="the first so many only")
    parser.add_argument("--checkpoint", type=pathlib.Path, help="written after every epoch; taken up again where it exists")
    parser.add_argument("--state", help="a state_dict to begin with, to train on")
    parser.add_argument("--rate", type=float, default=0.2, help="the learning rate at its peak")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)

    file, name = arguments.model.rsplit(":", 1)
    description = importlib.util.spec_from_file_location("network", file)
    network = importlib.util.module_from_spec(description)
    description.loader.exec_module(network)
    model = getattr(network, name)().to(memory_format=torch.channels_last)
    if arguments.state:
        model.load_state_dict(torch.load(arguments.state))
    mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (network.MEAN, network.DEVIATION))

    def normalise(images):
        return ((images.float() / 255 - mean) / deviation).contiguous(memory_format=torch.channels_last)

    images, labels = read([arguments.data / f"data_batch_{i}.bin" for i in range(1, 6)])
    images, labels = images[:arguments.images], labels[:arguments.images]
    batch = 128
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate,
                                                   total_steps=arguments.epochs * (len(labels) // batch) + 1)
    parts = {"model": model, "optimizer": optimizer, "schedule": schedule}
    begin = 0
    if arguments.checkpoint and arguments.checkpoint.exists():
        saved = torch.load(arguments.checkpoint)
        begin = saved["epoch"]
        for key, part in parts.items():
            part.load_state_dict(saved[key])

    for epoch in range(begin, arguments.epochs):
        started, total = time.time(), 0.0
        model.train()
        for chosen in torch.randperm(len(labels)).split(batch)[:len(labels) // batch]:
            optimizer.zero_grad()
            answers = logits(model, augmented(normalise(images[chosen])))
            loss = sum(F.cross_entropy(answer, labels[chosen]) for answer in answers) / len(answers)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / (len(labels) // batch):.4f}, {time.time() - started:.0f} s", flush=True)
        if arguments.checkpoint:
            state = {key: part.state_dict() for key, part in parts.items()}
            torch.save({"epoch": epoch + 1, **state}, arguments.checkpoint)
    torch.save(model.state_dict(), arguments.out)
    print("accuracy of the exits on the test images:", *accuracies(model, normalise, *read([arguments.data / "test_batch.bin"])))


if __name__ == "__main__":
    main()
