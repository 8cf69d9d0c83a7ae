// The two products of attention's way forward, a block of a head's queries with a block of its keys at a time: by BLAS, or by keys
// and values that are packed once a head.
#pragma once

#include "Counting.h"
#include "PackedProducts.h"
#include "Products.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace tsc {

// A matrix of each head; the heads are counted over all images.
template <typename T>
struct Heads {
    explicit Heads(const at::Tensor& tensor)
        : data(tensor.data_ptr<T>()), heads(tensor.size(1)), batch_step(tensor.stride(0)), head_step(tensor.stride(1)), row_step(tensor.stride(2)),
          rows(tensor.size(2)), width(tensor.size(3)), step(std::max(row_step, width)) {}

    T* row(int64_t head, int64_t index) const { return data + head / heads * batch_step + head % heads * head_step + index * row_step; }

    T* data;
    int64_t heads, batch_step, head_step, row_step, rows, width;
    int64_t step;  // from row to row, as BLAS checks it even where there is a single row
};

template <typename T>
std::unique_ptr<T[]> scratch(int64_t count) { return std::unique_ptr<T[]>(new T[count]); }

template <typename T>
class BlasProducts {
public:
    // 512 KiB of float32 scores.
    static constexpr int64_t tile_rows = 256, tile_columns = 512, rows_at_once = 1;

    BlasProducts(const Heads<T>& query, const Heads<T>& key, const Heads<T>& value) : q(query), k(key), v(value) {}

    // From row to row of a tile of scores, and of the means.
    static int64_t step(int64_t width) { return width; }

    void take(int64_t head, int64_t first, int64_t rows) { head_ = head, first_ = first, rows_ = rows; }

    // scores = q·kᵀ/√E of the rows taken, with some of the keys.
    void scores(int64_t start, int64_t columns, T* tile) {
        product(
            'T', 'N', columns, rows_, q.width, 1 / std::sqrt(static_cast<T>(q.width)), k.row(head_, start), k.step, q.row(head_, first_), q.step, T(0),
            tile, columns);
    }

    // means = weights·v, which is added to what earlier keys left.
    void means(int64_t start, int64_t columns, const T* tile, T* means) {
        product('N', 'N', v.width, rows_, columns, T(1), v.row(head_, start), v.step, tile, columns, T(start == 0 ? 0 : 1), means, v.width);
    }

private:
    const Heads<T>&q, &k, &v;
    int64_t head_ = 0, first_ = 0, rows_ = 0;
};

class PackedHead {
public:
    // 200 KiB of scores, and with their queries, keys, values and means 430 KiB for 64 channels: within the core's own cache. Rows: a multiple of what is multiplied at once, and a whole window of ViT's.
    static constexpr int64_t tile_rows = 198, tile_columns = 256, rows_at_once = 6;

    PackedHead(const Heads<float>& query, const Heads<float>& key, const Heads<float>& value)
        : q(query), k(key), v(value), rows_of_queries_(scratch<float>(std::min(q.rows, tile_rows) * q.width)),
          keys_(scratch<float>(panels(k.rows) * panel_columns * k.width)), values_(scratch<float>(panels(v.width) * panel_columns * v.rows)) {}

    static int64_t step(int64_t width) { return panels(width) * panel_columns; }

    void take(int64_t head, int64_t first, int64_t rows) {
        if (head != head_) {
            pack(k.row(head, 0), k.width, k.rows, 1, k.row_step, keys_.get());
            pack(v.row(head, 0), v.rows, v.width, v.row_step, 1, values_.get());
            head_ = head;
        }
        rows_ = rows;
        for (int64_t row = 0; row < rows; row++) std::copy_n(q.row(head, first + row), q.width, rows_of_queries_.get() + row * q.width);
    }

    void scores(int64_t start, int64_t columns, float* tile) {
        count_product(columns, rows_, q.width);
        multiply_packed(
            rows_, panels(columns), q.width, 1 / std::sqrt(static_cast<float>(q.width)), rows_of_queries_.get(), q.width,
            keys_.get() + start * k.width, k.width * panel_columns, false, tile, step(columns));
    }

    void means(int64_t start, int64_t columns, const float* tile, float* means) {
        count_product(v.width, rows_, columns);
        multiply_packed(
            rows_, panels(v.width), columns, 1, tile, step(columns), values_.get() + start * panel_columns, v.rows * panel_columns, start > 0,
            means, step(v.width));
    }

private:
    const Heads<float>&q, &k, &v;
    std::unique_ptr<float[]> rows_of_queries_, keys_, values_;
    int64_t head_ = -1, rows_ = 0;
};

}  // namespace tsc
