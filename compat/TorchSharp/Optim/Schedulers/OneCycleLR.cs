namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler OneCycleLR(
                Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true,
                double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1e4,
                bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(
                    optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>
                /// Up from max_lr / div_factor to max_lr, and down to a final_div_factor-th of where it began; the momentum (or
                /// Adam's first beta) goes the other way. Smith and Topin, https://arxiv.org/abs/1708.07120.
                /// </summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int _steps;
                    private readonly bool _cyclesMomentum;
                    private readonly Func<double, double, double, double> _anneal;
                    private readonly (double End, (double From, double To) Rate, (double From, double To) Momentum)[] _phases;

                    public OneCycleLR(
                        Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1e4,
                        bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas))
                            throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                        if (pct_start < 0 || pct_start > 1)
                            throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");
                        _steps = Steps(total_steps, epochs, steps_per_epoch);
                        _cyclesMomentum = cycle_momentum;
                        _anneal = anneal_strategy == AnnealStrategy.Cos
                            ? (from, to, part) => to + (from - to) / 2 * (Math.Cos(Math.PI * part) + 1)
                            : (from, to, part) => (to - from) * part + from;
                        double initial = max_lr / div_factor, final = initial / final_div_factor, top = pct_start * _steps - 1;
                        var up = (top, (initial, max_lr), (max_momentum, base_momentum));
                        _phases = three_phase
                            ? [
                                up,
                                (2 * pct_start * _steps - 2, (max_lr, initial), (base_momentum, max_momentum)),
                                (_steps - 1, (initial, final), (max_momentum, max_momentum)),
                            ]
                            : [up, (_steps - 1, (max_lr, final), (base_momentum, max_momentum))];
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _steps)
                            throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times. The specified number of total steps is {_steps}");
                        var start = 0.0;
                        foreach (var (end, rate, momentum) in _phases)
                        {
                            if (_last_epoch <= end)
                            {
                                var part = (_last_epoch - start) / (end - start);
                                if (_cyclesMomentum) SetMomentum(_anneal(momentum.From, momentum.To, part));
                                return Groups.Select(_ => _anneal(rate.From, rate.To, part));
                            }

                            start = end;
                        }

                        // One step beyond the end is let through by the check above, as it is in TorchSharp, which then sets 0.
                        if (_cyclesMomentum) SetMomentum(0);
                        return Groups.Select(_ => 0.0);
                    }

                    private static int Steps(int total, int epochs, int stepsPerEpoch)
                    {
                        if (total == -1 && epochs == -1 && stepsPerEpoch == -1)
                            throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        if (total != -1) return total > 0 ? total : throw new ArgumentException($"Expected positive integer total_steps, but got {total}");
                        if (epochs <= 0) throw new ArgumentException($"Expected positive integer epochs, but got {epochs}");
                        if (stepsPerEpoch <= 0) throw new ArgumentException($"Expected positive integer steps_per_epoch, but got {stepsPerEpoch}");
                        return epochs * stepsPerEpoch;
                    }

                    private void SetMomentum(double value)
                    {
                        foreach (var group in Groups)
                        {
                            if (group is IBetas betas) betas.Betas = (value, betas.Betas.Item2);
                            else ((IMomentum)group).Momentum = value;
                        }
                    }
                }
            }
        }
    }
}
