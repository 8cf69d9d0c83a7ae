namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>
                /// Half a cosine from the initial rate down to eta_min in T_max steps, and up again in as many. Loshchilov and
                /// Hutter, https://arxiv.org/abs/1608.03983. As in PyTorch each rate follows from the one before.
                /// </summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _half;
                    private readonly double _lowest;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_half, _lowest) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return Times(1);
                        // After the bottom the quotient below would be 0/0.
                        if ((_last_epoch - 1 - _half) % (2 * _half) == 0)
                            return Groups.Select((group, n) => group.LearningRate + (_base_lrs[n] - _lowest) * (1 - Math.Cos(Math.PI / _half)) / 2);
                        var factor = (1 + Math.Cos(Math.PI * _last_epoch / _half)) / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / _half));
                        return Groups.Select(group => factor * (group.LearningRate - _lowest) + _lowest);
                    }
                }
            }
        }
    }
}
