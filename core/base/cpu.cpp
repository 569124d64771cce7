// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu.h"

#include <cstdlib>
#include <unistd.h>

namespace splitscope::base {

void chooseFastBlasKernels([[maybe_unused]] char** argv)
{
#if defined(__x86_64__)
    if (std::getenv("OPENBLAS_CORETYPE"))
        return;
    const char* coreType = nullptr;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        coreType = "SkylakeX";
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        coreType = "Haswell";
    if (!coreType)
        return;
    // OpenBLAS reads the variable when it is loaded, before main: only a fresh image sees it. The variable itself
    // keeps the second image from coming here again.
    setenv("OPENBLAS_CORETYPE", coreType, 1);
    execv("/proc/self/exe", argv);
    unsetenv("OPENBLAS_CORETYPE");
#endif
}

}  // namespace splitscope::base
