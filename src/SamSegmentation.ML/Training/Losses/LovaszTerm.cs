namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The Lovász-softmax loss, a convex surrogate of 1 − IoU (Berman, Triki and Blaschko, "The Lovász-Softmax loss", 2018):
/// of each image the mean over the classes that its label shows, and of these the mean over the images that have pixels
/// which are not void.
/// </summary>
/// <remarks>
/// The paper's code calls this <c>classes='present', per_image=True</c>. Taken over all images of a batch at once, it
/// would have to hold and sort the batch's probabilities at the input's size.
/// </remarks>
public sealed record LovaszTerm : LossTerm
{
    internal override string Name => "lovasz";

    internal override Func<LossBatch, TermLoss> Prepare(LossSetting setting) => batch => new LovaszLoss(Weight, batch);
}
