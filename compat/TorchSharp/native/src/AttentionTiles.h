// softmax(q·kᵀ/√E + mask)·v by tiles of scores, and its derivative.
#pragma once

#include <ATen/core/Tensor.h>

namespace tsc {

// Everything is [batch, heads, rows, width] of float32 or float64: query [N, H, L, E], key [N, H, S, E], value [N, H, S, Ev],
// mask [N, H, L, S] or undefined. Returns the output [N, H, L, Ev], which lies in memory as [N, L, H, Ev], and for each row
// the logarithm of the sum of its scores' exponentials [N, H, L].
std::pair<at::Tensor, at::Tensor> attention_forward(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& mask);

// The gradients of query, key and value by the output's.
std::vector<at::Tensor> attention_backward(
    const at::Tensor& gradient, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& output,
    const at::Tensor& logarithms);

}  // namespace tsc
