namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimiser's groups; its constructor sets those of the first step.</summary>
            public abstract class LRScheduler
            {
                internal readonly Optimizer _optimizer;
                internal readonly bool _verbose;
                internal int _last_epoch;
                internal IList<double> _base_lrs;
                internal IList<double> _last_lrs;

                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _verbose = verbose;
                    _base_lrs = Groups.Select(group => group.InitialLearningRate).ToList();
                    _last_lrs = Groups.Select(group => group.LearningRate).ToList();
                }

                private protected IReadOnlyList<ILearningRateController> Groups => _optimizer.ParamGroups.ToList();

                public virtual void step()
                {
                    _last_epoch++;
                    var rates = get_lr().ToList();
                    var groups = Groups;
                    for (var n = 0; n < groups.Count; n++)
                    {
                        groups[n].LearningRate = rates[n];
                        if (_verbose && _last_lrs[n] != rates[n]) Console.WriteLine($"Adjusting learning rate to {rates[n]}");
                        _last_lrs[n] = rates[n];
                    }
                }

                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates of the step that begins; it may change the optimiser, so it is called once a step.</summary>
                protected virtual IEnumerable<double> get_lr() => Groups.Select(group => group.LearningRate);

                private protected IEnumerable<double> Times(double factor) => Groups.Select(group => group.LearningRate * factor);
            }
        }
    }
}
