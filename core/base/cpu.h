// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace splitscope::base {

/// Those of this processor's instruction sets that anything in this program, LibTorch and oneDNN included, has code for:
/// "avx2", "avx512_vnni", "asimd". Empty where nothing is known of the architecture.
std::vector<std::string> processorFeatures();

/// On processors that Debian's OpenBLAS does not know it falls back to its slowest kernels. Detects that from the
/// CPU's features and re-executes the program once with OPENBLAS_CORETYPE set. Call first thing in main; returns
/// when nothing needs doing (the variable is set, or the processor is known, or this is not x86-64).
void chooseFastBlasKernels(char** argv);

/// The same for the programs that this one starts. For one that computes nothing by OpenBLAS itself (networks run by oneDNN): to
/// be executed again would take it as long as all its libraries take to load.
void chooseFastBlasKernelsOfChildren();

}  // namespace splitscope::base
