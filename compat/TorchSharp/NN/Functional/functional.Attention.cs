namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(q·kᵀ/√d + mask)·v over the last two dimensions. Not in 0.99.6. The names of the last two
            /// parameters are the real library's.
            /// </summary>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                using var scope = NewDisposeScope();
                var scores = (query * (1 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
                if (is_casual)
                {
                    if (attn_mask is not null) throw new ArgumentException("Casual attention does not take a mask");
                    var visible = ones(query.size(-2), key.size(-2), ScalarType.Bool, query.device).tril();
                    scores = scores.masked_fill(visible.logical_not(), double.NegativeInfinity);
                }

                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity)
                        : scores + attn_mask;
                }

                var weights = dropout(scores.softmax(-1), p, p > 0);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
