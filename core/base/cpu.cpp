// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu.h"

#include <cstdlib>
#include <unistd.h>

namespace splitscope::base {

namespace {

/// Of this processor; null where there is nothing to choose, or somebody has.
const char* wantedCoreType()
{
#if defined(__x86_64__)
    if (std::getenv("OPENBLAS_CORETYPE"))
        return nullptr;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return "Haswell";
#endif
    return nullptr;
}

}  // namespace

void chooseFastBlasKernels(char** argv)
{
    const char* coreType = wantedCoreType();
    if (!coreType)
        return;
    // OpenBLAS reads the variable when it is loaded, before main: only a fresh image sees it. The variable itself
    // keeps the second image from coming here again.
    setenv("OPENBLAS_CORETYPE", coreType, 1);
    execv("/proc/self/exe", argv);
    unsetenv("OPENBLAS_CORETYPE");
}

void chooseFastBlasKernelsOfChildren()
{
    if (const char* coreType = wantedCoreType())
        setenv("OPENBLAS_CORETYPE", coreType, 1);
}

}  // namespace splitscope::base
