// Matrix products whose right side is packed once for many left sides, which BLAS packs anew for each.
#pragma once

#include <cstdint>

namespace tsc {

// Columns of a panel: a packed matrix is [panels, depth, panel_columns], with zeros for columns that are missing in the last.
constexpr int64_t panel_columns = 16;

constexpr int64_t panels(int64_t columns) { return (columns + panel_columns - 1) / panel_columns; }

// Whether the products here are faster than BLAS's: on x86-64 processors with AVX2 but no AVX-512. No other may call multiply_packed.
bool packs_products();

// Packs a matrix whose element (d, c) is at matrix[d·depth_step + c·column_step]; one of the steps is 1.
void pack(const float* matrix, int64_t depth, int64_t columns, int64_t depth_step, int64_t column_step, float* packed);

// c = alpha·a·b, or c += alpha·a·b: a is [rows, depth], c [rows, panels·panel_columns], both row by row; b's panels begin panel_step after
// each other, of which the first `depth` rows are taken.
void multiply_packed(
    int64_t rows, int64_t panels, int64_t depth, float alpha, const float* a, int64_t a_step, const float* b, int64_t panel_step, bool add,
    float* c, int64_t c_step);

}  // namespace tsc
