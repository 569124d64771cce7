#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Trains the policies that ship, from the cost tables that ship: about two minutes of one core for each network.
#   packaging/train-policies.sh [NETWORK:DATA...]      default: all whose cost table is there
# Policies go beside the tables, as resources/models/NETWORK/DATA.ALGORITHM.policy (or DATA.SCENARIO.ALGORITHM.policy); each holds the command that made it.
set -euo pipefail
cd "$(dirname "$0")/.."
cli=${SPLITSCOPE_CLI:-build/release/bin/splitscope-cli}
networks=("$@")
[ ${#networks[@]} -gt 0 ] || networks=(alexnet3:cifar10 alexnet3-128:imagenette alexnet3-128b:imagenette)

# A table is measured with one machine as both halves: the device is eight times slower, as in the figures. s: where decisions
# turn on tables of these networks; with --sliders it is only what the gap is told for.
train() {  # ALGORITHM UPDATES MORE…
    "$cli" policy train --model "$model" --data "$data" --slowdown 8 --s 0.1 --algorithm "$1" --updates "$2" "${@:3}" \
        --out "$folder/$data.$1.policy"
}

for entry in "${networks[@]}"; do
    model=${entry%%:*} data=${entry##*:} folder=resources/models/${entry%%:*}
    if [ ! -f "$folder/$data.costs.json.zst" ]; then
        echo "$model on $data has no cost table yet ($folder/$data.costs.json.zst): left out" >&2
        continue
    fi
    train sacd 15000 --sliders
    train dqn 15000 --sliders
    train boomerang 15000
    train supervised 8000 --sliders
    train sacd-paper 3000
    # Where gates may be chosen, policies that know them are taken.
    for gates in gates edge-gates; do
        "$cli" policy train --model "$model" --data "$data" --slowdown 8 --s 0.1 --algorithm sacd --updates 15000 --sliders \
            --action-set "standard+$gates" --out "$folder/$data.$gates.sacd.policy"
    done
    # Of the paper's network also those for scenarios in which something is hidden: evaluations take them there.
    [ "$entry" = alexnet3:cifar10 ] || continue
    for scenario in stale load budget; do
        "$cli" policy train --model "$model" --data "$data" --slowdown 8 --s 0.1 --scenario "$scenario" --algorithm sacd \
            --updates 6000 --out "$folder/$data.$scenario.sacd.policy"
    done
done
