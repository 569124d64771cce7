// SPDX-License-Identifier: GPL-3.0-or-later
// The precompiled header of every .cpp file that uses LibTorch; never included from a header that others include.
// <ATen/core/ivalue.h> comes first: clang 14 in C++20 rejects LibTorch 1.13 in any other order.
#pragma once

// clang-format off
#include <ATen/core/ivalue.h>
#include <torch/torch.h>
// clang-format on
