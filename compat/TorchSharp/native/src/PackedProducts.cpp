#include "PackedProducts.h"

#include <algorithm>
#include <cstring>

namespace tsc {

void pack(const float* matrix, int64_t depth, int64_t columns, int64_t depth_step, int64_t column_step, float* packed) {
    const int64_t panel_step = depth * panel_columns, whole = columns / panel_columns;
    if (column_step == 1) {
        // Row by row, each of which may lie in another page.
        for (int64_t d = 0; d < depth; d++) {
            for (int64_t p = 0; p < whole; p++) {
                std::memcpy(packed + p * panel_step + d * panel_columns, matrix + d * depth_step + p * panel_columns, panel_columns * sizeof(float));
            }
        }
    } else {
        for (int64_t p = 0; p < whole; p++) {
            const float* from = matrix + p * panel_columns * column_step;
            float* to = packed + p * panel_step;
            for (int64_t d = 0; d < depth; d++) {
#pragma GCC unroll 16
                for (int64_t c = 0; c < panel_columns; c++) to[d * panel_columns + c] = from[d * depth_step + c * column_step];
            }
        }
    }
    if (whole * panel_columns == columns) return;
    float* last = packed + whole * panel_step;
    std::fill(last, last + panel_step, 0.0f);
    for (int64_t d = 0; d < depth; d++) {
        for (int64_t c = whole * panel_columns; c < columns; c++) last[d * panel_columns + c - whole * panel_columns] = matrix[d * depth_step + c * column_step];
    }
}

#if defined(__x86_64__) && defined(__GNUC__)

namespace {

// Eight numbers of a register, wherever they lie.
typedef float Vector __attribute__((vector_size(32), aligned(4)));

// Rows whose sums with a panel fill twelve of the sixteen registers.
constexpr int most_rows = 6;

template <int rows>
__attribute__((target("avx2,fma"))) void multiply_rows(
    int64_t depth, float alpha, const float* a, int64_t a_step, const float* panel, bool add, float* c, int64_t c_step) {
    Vector sums[rows][2] = {};
    for (int64_t d = 0; d < depth; d++) {
        const Vector left = *reinterpret_cast<const Vector*>(panel + d * panel_columns);
        const Vector right = *reinterpret_cast<const Vector*>(panel + d * panel_columns + 8);
#pragma GCC unroll 6
        for (int r = 0; r < rows; r++) {
            const float factor = a[r * a_step + d];
            sums[r][0] += factor * left;
            sums[r][1] += factor * right;
        }
    }
    // What was there before is added last: small products added to a large sum one by one would lose more digits.
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
        Vector* to = reinterpret_cast<Vector*>(c + r * c_step);
        to[0] = add ? alpha * sums[r][0] + to[0] : alpha * sums[r][0];
        to[1] = add ? alpha * sums[r][1] + to[1] : alpha * sums[r][1];
    }
}

}  // namespace

bool packs_products() {
    static const bool packs = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && !__builtin_cpu_supports("avx512f");
    return packs;
}

void multiply_packed(
    int64_t rows, int64_t panels, int64_t depth, float alpha, const float* a, int64_t a_step, const float* b, int64_t panel_step, bool add,
    float* c, int64_t c_step) {
    constexpr decltype(&multiply_rows<1>) of_rest[] = {
        nullptr, multiply_rows<1>, multiply_rows<2>, multiply_rows<3>, multiply_rows<4>, multiply_rows<5>};
    // A panel stays in the core's first cache while all rows go by.
    for (int64_t p = 0; p < panels; p++) {
        const float* panel = b + p * panel_step;
        float* to = c + p * panel_columns;
        int64_t row = 0;
        for (; row + most_rows <= rows; row += most_rows) {
            multiply_rows<most_rows>(depth, alpha, a + row * a_step, a_step, panel, add, to + row * c_step, c_step);
        }
        if (row < rows) of_rest[rows - row](depth, alpha, a + row * a_step, a_step, panel, add, to + row * c_step, c_step);
    }
}

#else

bool packs_products() { return false; }

void multiply_packed(int64_t, int64_t, int64_t, float, const float*, int64_t, const float*, int64_t, bool, float*, int64_t) {}

#endif

}  // namespace tsc
