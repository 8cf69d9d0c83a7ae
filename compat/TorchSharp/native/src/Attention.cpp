// Attention of which never more than a block of query rows' scores lies in memory, forward or backward. libtorch 1.13 has
// no such operator for the CPU; the arithmetic is its own matrix products and softmax.
#include "Native.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

using tsc::Handle;

namespace {

// 8 MiB of float32 scores: enough for efficient matrix products, and near the size of a processor's cache.
constexpr int64_t scores_per_block = int64_t{1} << 21;

// Everything here is [batch, rows, width]: query [B, L, E], key [B, S, E], value [B, S, Ev].
struct Blocks {
    Blocks(const at::Tensor& query, const at::Tensor& key)
        : query(query), transposed(key.transpose(1, 2)), scale(1 / std::sqrt(static_cast<double>(query.size(2)))),
          rows(std::clamp<int64_t>(scores_per_block / std::max<int64_t>(1, query.size(0) * key.size(1)), 1, std::max<int64_t>(1, length()))) {}

    int64_t length() const { return query.size(1); }

    int64_t count_from(int64_t start) const { return std::min(rows, length() - start); }

    // softmax(q·kᵀ/√E) of the block's rows.
    at::Tensor weights(int64_t start) const {
        return at::softmax(at::bmm(query.narrow(1, start, count_from(start)).mul(scale), transposed), -1);
    }

    at::Tensor query, transposed;
    double scale;
    int64_t rows;
};

class Attention : public torch::autograd::Function<Attention> {
public:
    static at::Tensor forward(
        torch::autograd::AutogradContext* context, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
        Blocks blocks(query, key);
        auto output = at::empty({query.size(0), query.size(1), value.size(2)}, query.options());
        for (int64_t start = 0; start < blocks.length(); start += blocks.rows) {
            output.narrow(1, start, blocks.count_from(start)).copy_(at::bmm(blocks.weights(start), value));
        }
        context->save_for_backward({query, key, value, output});
        return output;
    }

    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "scaled_dot_product_attention has no second derivative");
        auto saved = context->get_saved_variables();
        auto &query = saved[0], &key = saved[1], &value = saved[2], &output = saved[3];
        auto gradient = gradients[0].contiguous();
        Blocks blocks(query, key);
        auto of_query = at::empty_like(query), of_key = at::zeros_like(key), of_value = at::zeros_like(value);
        auto transposed_value = value.transpose(1, 2);
        for (int64_t start = 0; start < blocks.length(); start += blocks.rows) {
            auto block = [&](const at::Tensor& tensor) { return tensor.narrow(1, start, blocks.count_from(start)); };
            auto weights = blocks.weights(start);
            of_value.baddbmm_(weights.transpose(1, 2), block(gradient));
            // The softmax's derivative: w·(g − Σ w·g), where the sum is the same as output·gradient.
            auto of_scores = at::bmm(block(gradient), transposed_value);
            of_scores.sub_((block(gradient) * block(output)).sum(-1, true)).mul_(weights).mul_(blocks.scale);
            block(of_query).copy_(at::bmm(of_scores, key));
            of_key.baddbmm_(of_scores.transpose(1, 2), block(query));
        }
        return {of_query, of_key, of_value};
    }
};

// [.., L, E] as [B, L, E].
at::Tensor flat(const at::Tensor& tensor) { return tensor.reshape({-1, tensor.size(-2), tensor.size(-1)}); }

}  // namespace

// query [.., L, E], key [.., S, E], value [.., S, Ev], all of the same leading sizes.
TSC_API Handle tsc_attention(Handle query, Handle key, Handle value) {
    return tsc::guarded<Handle>(nullptr, [&] {
        auto q = tsc::borrow(query), k = tsc::borrow(key), v = tsc::borrow(value);
        TORCH_CHECK(q.dim() >= 2 && q.dim() == k.dim() && q.dim() == v.dim(), "query, key and value must have the same number of dimensions, at least 2");
        auto sizes = q.sizes().vec();
        sizes.back() = v.size(-1);
        return tsc::give(Attention::apply(flat(q), flat(k), flat(v)).view(sizes));
    });
}
