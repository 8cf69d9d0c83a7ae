// Attention for the CPU, of which libtorch 1.13 has no fused operator.
#include "AttentionTiles.h"
#include "Native.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

using tsc::Handle;

namespace {

class Attention : public torch::autograd::Function<Attention> {
public:
    static at::Tensor forward(
        torch::autograd::AutogradContext* context, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
        auto [output, logarithms] = tsc::attention_forward(query, key, value, {});
        context->save_for_backward({query, key, value, output, logarithms});
        return output;
    }

    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "scaled_dot_product_attention has no second derivative");
        auto saved = context->get_saved_variables();
        return tsc::attention_backward(gradients[0], saved[0], saved[1], saved[2], saved[3], saved[4]);
    }
};

// [.., H, L, E] as [N, H, L, E].
at::Tensor by_heads(const at::Tensor& tensor) {
    int64_t images = 1;
    for (int64_t n = 0; n < tensor.dim() - 3; n++) images *= tensor.size(n);
    return tensor.reshape({images, tensor.dim() > 2 ? tensor.size(-3) : 1, tensor.size(-2), tensor.size(-1)});
}

bool records_gradients(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
    return at::GradMode::is_enabled() && (query.requires_grad() || key.requires_grad() || value.requires_grad());
}

}  // namespace

// query [.., L, E], key [.., S, E], value [.., S, Ev], all of the same leading sizes and floating type; a mask that broadcasts
// to [.., L, S] is added to the scores, and then no gradient is recorded. 16-bit floats are computed as float32.
TSC_API Handle tsc_attention(Handle query, Handle key, Handle value, Handle mask) {
    return tsc::guarded<Handle>(nullptr, [&] {
        auto q = tsc::borrow(query), k = tsc::borrow(key), v = tsc::borrow(value), m = tsc::borrow(mask);
        TORCH_CHECK(q.dim() >= 2 && q.dim() == k.dim() && q.dim() == v.dim(), "query, key and value must have the same number of dimensions, at least 2");
        auto leading = q.sizes().slice(0, q.dim() - 2);
        TORCH_CHECK(
            leading == k.sizes().slice(0, q.dim() - 2) && leading == v.sizes().slice(0, q.dim() - 2) && q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2),
            "query ", q.sizes(), ", key ", k.sizes(), " and value ", v.sizes(), " do not fit");
        TORCH_CHECK(q.scalar_type() == k.scalar_type() && q.scalar_type() == v.scalar_type(), "query, key and value must have the same type");
        auto sizes = q.sizes().vec();
        if (m.defined()) {
            TORCH_CHECK(m.scalar_type() == q.scalar_type(), "a mask that is added must have the query's type");
            TORCH_CHECK(!records_gradients(q, k, v), "attention with a mask records no gradients");
            sizes.back() = k.size(-2);
            m = m.expand(sizes);
        }
        sizes.back() = v.size(-1);
        auto type = q.scalar_type();
        auto ready = [&](const at::Tensor& tensor) {
            auto wide = type == at::kHalf || type == at::kBFloat16 ? tensor.to(at::kFloat) : tensor;
            return by_heads(wide);
        };
        auto attended = m.defined() ? tsc::attention_forward(ready(q), ready(k), ready(v), ready(m)).first
                                    : Attention::apply(ready(q), ready(k), ready(v));
        return tsc::give((attended.dim() == q.dim() ? attended : attended.reshape(sizes)).to(type));
    });
}
