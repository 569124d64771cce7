// SPDX-License-Identifier: GPL-3.0-or-later
// Counts what a test's program allocates. Replaces the global operators: for one .cpp file of a program.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

inline std::atomic<int> allocations{0};

// NOLINTBEGIN(cppcoreguidelines-no-malloc)
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    ++allocations;
    return std::malloc(std::max<std::size_t>(size, 1));
}
void* operator new(std::size_t size)
{
    if (void* memory = operator new(size, std::nothrow))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)
