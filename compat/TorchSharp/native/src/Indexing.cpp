// t[...] with numbers, slices, new axes, ellipses, masks and index tensors: libtorch's own rules.
#include "Native.h"

#include <ATen/TensorIndexing.h>

#include <vector>

using tsc::Handle;

namespace {

enum class IndexKind : int32_t { NewAxis = 0, Single = 1, Ellipsis = 2, Bool = 3, Tensor = 4, Slice = 5 };

// Which bounds of a slice are given.
constexpr int32_t HasStart = 1, HasStop = 2, HasStep = 4;

struct Index {
    IndexKind kind;
    int32_t given;
    int64_t start;
    int64_t stop;
    int64_t step;
    Handle tensor;
};

std::vector<at::indexing::TensorIndex> indices_of(const Index* indices, int32_t count) {
    std::vector<at::indexing::TensorIndex> result;
    result.reserve(count);
    auto bound = [](const Index& index, int32_t flag, int64_t value) {
        return (index.given & flag) != 0 ? c10::optional<int64_t>(value) : c10::nullopt;
    };
    for (int32_t n = 0; n < count; n++) {
        const auto& index = indices[n];
        switch (index.kind) {
            case IndexKind::NewAxis: result.emplace_back(at::indexing::None); break;
            case IndexKind::Single: result.emplace_back(index.start); break;
            case IndexKind::Ellipsis: result.emplace_back(at::indexing::Ellipsis); break;
            case IndexKind::Bool: result.emplace_back(index.start != 0); break;
            case IndexKind::Tensor: result.emplace_back(tsc::borrow(index.tensor)); break;
            case IndexKind::Slice:
                result.emplace_back(at::indexing::Slice(
                    bound(index, HasStart, index.start), bound(index, HasStop, index.stop), bound(index, HasStep, index.step)));
                break;
        }
    }
    return result;
}

}  // namespace

TSC_API Handle tsc_index(Handle tensor, const Index* indices, int32_t count) {
    return tsc::guarded<Handle>(nullptr, [&] { return tsc::give(tsc::borrow(tensor).index(indices_of(indices, count))); });
}

TSC_API int32_t tsc_index_put(Handle tensor, const Index* indices, int32_t count, Handle value) {
    return tsc::guarded<int32_t>(-1, [&] {
        tsc::borrow(tensor).index_put_(indices_of(indices, count), tsc::borrow(value));
        return 0;
    });
}

// A number fills with the tensor's own type, whatever the number's is.
TSC_API int32_t tsc_index_fill(Handle tensor, const Index* indices, int32_t count, double real, int64_t integer, int32_t is_integer) {
    return tsc::guarded<int32_t>(-1, [&] {
        tsc::borrow(tensor).index_put_(indices_of(indices, count), is_integer != 0 ? at::Scalar(integer) : at::Scalar(real));
        return 0;
    });
}
