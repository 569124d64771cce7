// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu.h"

#include <cstdlib>
#include <unistd.h>
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

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

std::vector<std::string> processorFeatures()
{
    std::vector<std::string> features;
    const auto add = [&features](const char* name, bool there) {
        if (there)
            features.emplace_back(name);
    };
#if defined(__x86_64__)
    add("sse4.2", __builtin_cpu_supports("sse4.2"));
    add("avx", __builtin_cpu_supports("avx"));
    add("avx2", __builtin_cpu_supports("avx2"));
    add("fma", __builtin_cpu_supports("fma"));
    add("bmi2", __builtin_cpu_supports("bmi2"));
    add("avx512f", __builtin_cpu_supports("avx512f"));
    add("avx512bw", __builtin_cpu_supports("avx512bw"));
    add("avx512dq", __builtin_cpu_supports("avx512dq"));
    add("avx512vl", __builtin_cpu_supports("avx512vl"));
    add("avx512_vnni", __builtin_cpu_supports("avx512vnni"));
#elif defined(__aarch64__)
    const auto has = [](unsigned long bit) { return (::getauxval(AT_HWCAP) & bit) != 0; };
    add("asimd", has(HWCAP_ASIMD));
    add("fphp", has(HWCAP_FPHP));
    add("asimdhp", has(HWCAP_ASIMDHP));
    add("asimddp", has(HWCAP_ASIMDDP));
    add("crc32", has(HWCAP_CRC32));
    add("sve", has(HWCAP_SVE));
#else
    static_cast<void>(add);
#endif
    return features;
}

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
