// A thread takes a head and a block of its query rows, and goes over the keys block by block (Dao et al., "FlashAttention",
// 2022): the softmax's maximum and sum so far are corrected when a larger score is met. Only a tile of scores for each
// thread lies in memory, small enough for the core's own cache.
#include "AttentionTiles.h"

#include "HeadProducts.h"
#include "SoftmaxRows.h"
#include "Threads.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace {

using tsc::Heads;
using tsc::scratch;

// Rows and columns of a tile on the way back: 512 KiB of float32 scores.
constexpr int64_t tile_rows = 256, tile_columns = 512;

// Fewer queries do not make up for packing the keys and values.
constexpr int64_t fewest_packed_for = 96;

// A row of a tensor lies in one piece, one row after the other, as BLAS wants it.
at::Tensor in_rows(const at::Tensor& tensor) {
    return tensor.stride(3) == 1 && tensor.stride(2) >= tensor.size(3) ? tensor : tensor.contiguous();
}

template <typename T>
void prefetch(const T* numbers, int64_t count) {
    constexpr int64_t cache_line = 64;
    for (int64_t n = 0; n < count; n += cache_line / sizeof(T)) __builtin_prefetch(numbers + n);
}

int64_t blocks(int64_t extent, int64_t block) { return (extent + block - 1) / block; }

template <typename T, typename HeadProducts>
void forward(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& mask, const at::Tensor& output,
    const at::Tensor& logarithms) {
    const bool masked = mask.defined();
    const Heads<T> q(query), k(key), v(value), out(output), m(masked ? mask : query);
    const int64_t row_blocks = blocks(q.rows, HeadProducts::tile_rows);
    // Of nearly the same size.
    const int64_t rows_most = blocks(blocks(q.rows, row_blocks), HeadProducts::rows_at_once) * HeadProducts::rows_at_once;
    const int64_t columns_most = std::min(k.rows, HeadProducts::tile_columns);
    const int64_t means_step = HeadProducts::step(v.width);
    auto logs = logarithms.data_ptr<T>();

    tsc::in_turn(query.size(0) * query.size(1) * row_blocks, [&] {
        return [&, products = HeadProducts(q, k, v), tile = scratch<T>(rows_most * HeadProducts::step(columns_most)), sums = scratch<T>(rows_most),
                maxima = scratch<T>(rows_most), means = scratch<T>(rows_most * means_step)](int64_t piece) mutable {
            const int64_t head = piece / row_blocks, first = piece % row_blocks * rows_most;
            const int64_t rows = std::min(rows_most, q.rows - first);
            products.take(head, first, rows);
            for (int64_t start = 0; start < k.rows; start += HeadProducts::tile_columns) {
                const int64_t columns = std::min(HeadProducts::tile_columns, k.rows - start), step = HeadProducts::step(columns);
                products.scores(start, columns, tile.get());
                for (int64_t row = 0; row < rows; row++) {
                    T* scores = tile.get() + row * step;
                    // The mask's rows lie too far apart for the processor to see them coming.
                    if (masked && row + 1 < rows) prefetch(m.row(head, first + row + 1) + start, columns);
                    const T found = tsc::masked_maximum(scores, masked ? m.row(head, first + row) + start : nullptr, columns);
                    const T before = start == 0 ? -std::numeric_limits<T>::infinity() : maxima[row];
                    const T largest = std::max(before, found);
                    // Where a mask has left nothing yet, any finite shift will do.
                    const T shift = std::isinf(largest) ? T(0) : largest;
                    const T sum = tsc::exponentiate(scores, shift, columns);
                    maxima[row] = largest;
                    if (start == 0) {
                        sums[row] = sum;
                        continue;
                    }
                    const T correction = std::exp(before - shift);
                    sums[row] = sums[row] * correction + sum;
                    if (correction != 1) tsc::multiply(means.get() + row * means_step, means.get() + row * means_step, correction, v.width);
                }
                products.means(start, columns, tile.get(), means.get());
            }
            for (int64_t row = 0; row < rows; row++) {
                tsc::multiply(out.row(head, first + row), means.get() + row * means_step, 1 / sums[row], v.width);
                logs[head * q.rows + first + row] = maxima[row] + std::log(sums[row]);
            }
        };
    });
}

// A thread takes a whole head, whose keys' and values' gradients nobody else adds to.
template <typename T>
void backward(
    const at::Tensor& gradient, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& output,
    const at::Tensor& logarithms, const at::Tensor& of_query, const at::Tensor& of_key, const at::Tensor& of_value) {
    const Heads<T> g(gradient), q(query), k(key), v(value), out(output), dq(of_query), dk(of_key), dv(of_value);
    const int64_t length = query.size(2), keys = key.size(2), width = query.size(3), value_width = value.size(3);
    const int64_t rows_most = std::min(length, tile_rows), columns_most = std::min(keys, tile_columns);
    const T scale = 1 / std::sqrt(static_cast<T>(width));
    auto logs = logarithms.data_ptr<T>();

    tsc::in_turn(query.size(0) * query.size(1), [&] {
        return [&, weights = scratch<T>(rows_most * columns_most), slopes = scratch<T>(rows_most * columns_most),
                means = scratch<T>(rows_most)](int64_t head) {
            for (int64_t first = 0; first < length; first += tile_rows) {
                const int64_t rows = std::min(tile_rows, length - first);
                // Σ w·g over the keys is the same as output·gradient.
                for (int64_t row = 0; row < rows; row++) means[row] = tsc::dot(g.row(head, first + row), out.row(head, first + row), value_width);
                for (int64_t start = 0; start < keys; start += tile_columns) {
                    const int64_t columns = std::min(tile_columns, keys - start);
                    const T again = first == 0 ? 0 : 1;
                    tsc::product('T', 'N', columns, rows, width, scale, k.row(head, start), k.step, q.row(head, first), q.step, T(0), weights.get(), columns);
                    tsc::product('T', 'N', columns, rows, value_width, T(1), v.row(head, start), v.step, g.row(head, first), g.step, T(0), slopes.get(), columns);
                    for (int64_t row = 0; row < rows; row++) {
                        tsc::exponentiate(weights.get() + row * columns, logs[head * length + first + row], columns);
                        tsc::softmax_derivative(slopes.get() + row * columns, weights.get() + row * columns, means[row], scale, columns);
                    }
                    tsc::product('N', 'T', value_width, columns, rows, T(1), g.row(head, first), g.step, weights.get(), columns, again, dv.row(head, start), dv.step);
                    tsc::product('N', 'T', width, columns, rows, T(1), q.row(head, first), q.step, slopes.get(), columns, again, dk.row(head, start), dk.step);
                    tsc::product(
                        'N', 'N', width, rows, columns, T(1), k.row(head, start), k.step, slopes.get(), columns, T(start == 0 ? 0 : 1), dq.row(head, first), dq.step);
                }
            }
        };
    });
}

// [N, H, rows, width] that lies as [N, rows, H, width]: the heads of a token beside each other, as they are projected.
at::Tensor tokens_first(const at::Tensor& like, int64_t width) {
    return at::empty({like.size(0), like.size(2), like.size(1), width}, like.options()).transpose(1, 2);
}

}  // namespace

namespace tsc {

std::pair<at::Tensor, at::Tensor> attention_forward(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& mask) {
    auto output = tokens_first(query, value.size(3));
    auto logarithms = at::empty({query.size(0), query.size(1), query.size(2)}, query.options());
    if (query.size(2) == 0 || key.size(2) == 0) return {output.zero_(), logarithms.zero_()};
    auto rows_of_mask = !mask.defined() || mask.stride(3) == 1 ? mask : mask.contiguous();
    const auto q = in_rows(query), k = in_rows(key), v = in_rows(value);
    if (query.scalar_type() == at::kFloat && query.size(2) >= fewest_packed_for && packs_products()) {
        forward<float, PackedHead>(q, k, v, rows_of_mask, output, logarithms);
        return {output, logarithms};
    }
    AT_DISPATCH_FLOATING_TYPES(query.scalar_type(), "scaled_dot_product_attention", [&] {
        forward<scalar_t, BlasProducts<scalar_t>>(q, k, v, rows_of_mask, output, logarithms);
    });
    return {output, logarithms};
}

std::vector<at::Tensor> attention_backward(
    const at::Tensor& gradient, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& output,
    const at::Tensor& logarithms) {
    auto of_query = tokens_first(query, query.size(3)), of_key = tokens_first(key, key.size(3)), of_value = tokens_first(value, value.size(3));
    if (query.numel() == 0 || key.numel() == 0) return {of_query.zero_(), of_key.zero_(), of_value.zero_()};
    AT_DISPATCH_FLOATING_TYPES(query.scalar_type(), "scaled_dot_product_attention", [&] {
        backward<scalar_t>(
            in_rows(gradient), in_rows(query), in_rows(key), in_rows(value), in_rows(output), logarithms, of_query, of_key, of_value);
    });
    return {of_query, of_key, of_value};
}

}  // namespace tsc
