// Gradients and the modes that turn their recording on and off.
#include "Native.h"

#include <c10/core/AutogradState.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstdlib>

using tsc::Handle;

namespace {

std::vector<at::Tensor> tensors_of(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t n = 0; n < count; n++) tensors.push_back(tsc::borrow(handles[n]));
    return tensors;
}

// Retaining the graph follows its creation unless it is said: -1 stands for not said.
bool keeps(int32_t retain_graph, int32_t create_graph) {
    return retain_graph < 0 ? create_graph != 0 : retain_graph != 0;
}

}  // namespace

TSC_API int32_t tsc_set_requires_grad(Handle handle, int32_t value) {
    return tsc::guarded<int32_t>(-1, [&] {
        tsc::borrow(handle).set_requires_grad(value != 0);
        return 0;
    });
}

TSC_API int32_t tsc_retain_grad(Handle handle) {
    return tsc::guarded<int32_t>(-1, [&] {
        tsc::borrow(handle).retain_grad();
        return 0;
    });
}

// Null when there is none.
TSC_API Handle tsc_get_grad(Handle handle) {
    return tsc::guarded<Handle>(nullptr, [&] { return tsc::give(tsc::borrow(handle).grad()); });
}

TSC_API int32_t tsc_set_grad(Handle handle, Handle grad) {
    return tsc::guarded<int32_t>(-1, [&] {
        tsc::borrow(handle).mutable_grad() = tsc::borrow(grad);
        return 0;
    });
}

TSC_API int32_t tsc_backward(
    const Handle* tensors, int32_t count, const Handle* grads, int32_t grad_count,
    int32_t retain_graph, int32_t create_graph, const Handle* inputs, int32_t input_count) {
    return tsc::guarded<int32_t>(-1, [&] {
        torch::autograd::backward(
            tensors_of(tensors, count), tensors_of(grads, grad_count), keeps(retain_graph, create_graph),
            create_graph != 0, tensors_of(inputs, input_count));
        return 0;
    });
}

TSC_API int32_t tsc_grad(
    const Handle* outputs, int32_t count, const Handle* inputs, int32_t input_count, const Handle* grads, int32_t grad_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto gradients = torch::autograd::grad(
            tensors_of(outputs, count), tensors_of(inputs, input_count), tensors_of(grads, grad_count),
            keeps(retain_graph, create_graph), create_graph != 0, allow_unused != 0);
        for (size_t n = 0; n < gradients.size(); n++) results[n] = tsc::give(gradients[n]);
        return 0;
    });
}

TSC_API int32_t tsc_grad_enabled() { return c10::GradMode::is_enabled(); }

TSC_API void tsc_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

TSC_API int32_t tsc_inference_enabled() { return c10::InferenceMode::is_enabled(); }

TSC_API void* tsc_inference_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

TSC_API void tsc_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
