namespace SamSegmentation.Cli.Migration;

/// <summary>What the reference's file says of training: loss, optimiser, schedule, length and logs.</summary>
internal sealed class ReferenceTraining(ReferenceFile file)
{
    private const string Void = "255";

    /// <summary>Translates it.</summary>
    public void Translate()
    {
        new ReferenceParts(file).Translate();
        TranslateLosses();
        file.Move("train.opt_name", "training.optimizer.name");
        if (file.Find("train.opt_params.momentum") is { } momentum)
        {
            if (file.Find("train.opt_name")?.Text is "sgd")
                file.Set(momentum, "training.optimizer.momentum", momentum.Node);
            else
                file.LeaveOut("sgd alone has it", momentum.Key);
        }
        TranslateSchedule();
        file.Move("train.max_epoch", "training.epochs");
        file.LeaveOut("training ends after training.epochs passes over the images; give those", "train.max_iter");
        file.LeaveOut("validation comes after each epoch, or after training.validate_every of them", "train.eval_iter");
        file.Move("train.bs", "training.batch_size");
        file.Move("train.log_iter", "run.log_every");
        if (file.Find("train.experiment_name") is { } name)
            file.Set(name, "run.folder", $"runs/{name.Text}", "with checkpoints, log and TensorBoard events");
        file.LeaveOut("all files of a run are in run.folder", "train.tensorboard_folder", "train.log_folder", "train.model_folder");
        file.LeaveOut("TensorBoard events are always written", "train.use_tensorboard");
        file.LeaveOut("there is one training loop", "train.runner_name");
    }

    private void TranslateLosses()
    {
        const string ce = "train.losses.ce.";
        if (file.Find($"{ce}weight") is { } weight)
            file.Set(weight, "training.loss", $"{weight.Text}*cross_entropy");
        if (file.Find($"{ce}params.ignore_index") is { } ignored)
        {
            if (ignored.Text == Void)
                file.Note(ignored, "is void, which never counts");
            else
                file.Refuse(ignored, $"{Void}, the id of void pixels");
        }
        file.LeaveOut("labels are class ids", $"{ce}label_one_hot");
    }

    private void TranslateSchedule()
    {
        if (file.Find("train.scheduler_name") is not { } name)
            return;
        string? schedule = name.Text switch
        {
            "single_step" => "step",
            "multi_step" or "warmup_multi_step" => "multi_step",
            "cosine" => "cosine",
            "linear" => "linear",
            _ => null,
        };
        if (schedule is null)
        {
            file.Refuse(name, "single_step, multi_step, warmup_multi_step, cosine or linear");
            return;
        }
        const string given = "train.opt_params.", own = "training.schedule.";
        string? why = schedule == "cosine" ? "over the whole run; the reference's had a rate of 0 in every second epoch" : null;
        // This program's default warms up; the reference does so by one name alone.
        if (name.Text == "warmup_multi_step")
        {
            file.Move($"{given}warmup_iters", $"{own}warmup_steps");
            file.Move($"{given}warmup_factor", $"{own}warmup_factor");
        }
        else
        {
            file.Set(name, $"{own}warmup_steps", "none");
        }
        file.Set(name, $"{own}name", schedule, why);
        if (schedule is "step" or "multi_step")
            file.Move($"{given}gamma", $"{own}gamma");
        if (schedule == "step")
            file.Move($"{given}step_size", $"{own}step_size");
        if (schedule == "multi_step")
            file.Move($"{given}milestones", $"{own}milestones");
    }
}
