using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(q·kᵀ/√d + mask)·v over the last two dimensions. Not in 0.99.6. The names of the last two
            /// parameters are the real library's. All scores are never held at once, but with a
            /// boolean mask, dropout, or a mask and gradients.
            /// </summary>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (p < 0) throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                if (is_casual && attn_mask is not null) throw new ArgumentException("Casual attention masking cannot pass a mask.");
                var fused = attn_mask is null
                    || (attn_mask.dtype == query.dtype && !(is_grad_enabled() && new[] { query, key, value, attn_mask }.Any(t => t.requires_grad)));
                if (!fused || is_casual || p > 0) return Composed(query, key, value, attn_mask, p, is_casual);
                var attended = NativeMethods.Checked(NativeMethods.tsc_attention(query.Handle, key.Handle, value.Handle, attn_mask?.Handle ?? 0));
                GC.KeepAlive(attn_mask);
                GC.KeepAlive(query);
                GC.KeepAlive(key);
                GC.KeepAlive(value);
                return new Tensor(attended);
            }

            private static Tensor Composed(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                using var scope = NewDisposeScope();
                if (causal) mask = ones(query.size(-2), key.size(-2), ScalarType.Bool, query.device).tril();
                var scores = (query * (1 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
                if (mask is not null)
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
                return dropout(scores.softmax(-1), p, p > 0).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
