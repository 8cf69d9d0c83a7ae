// What libtorch takes of memory and multiplies, counted between a beginning and an end: figures of what is computed, which no
// clock and no other program changes.
#pragma once

#include <cstdint>

namespace tsc {

// Counts a matrix product of these sizes. Does nothing while nobody counts.
void count_product(int64_t m, int64_t n, int64_t k);

}  // namespace tsc
