using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SamSegmentation.Samples.Tests.Documentation;

/// <summary>
/// A page's C# blocks as one program. Each block sees what the page's earlier ones have declared, and may declare the same
/// names anew: its statements are a function within the block before it. Types stand at the end, the first of a name.
/// </summary>
internal static class PageProgram
{
    // The variables that pages speak of and need not declare.
    private const string Surroundings = """
        WebApplicationBuilder builder = null!;
        WebApplication app = null!;

        """;

    private static readonly string[] s_namespaces =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Options",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.Extensions.Hosting",
        "Microsoft.ML", "Microsoft.ML.Data",
        "SamSegmentation.ML.Checkpoints", "SamSegmentation.ML.Datasets", "SamSegmentation.ML.Embeddings", "SamSegmentation.ML.Evaluation", "SamSegmentation.ML.Hosting",
        "SamSegmentation.ML.Imaging", "SamSegmentation.ML.Modeling", "SamSegmentation.ML.Modeling.Adapters", "SamSegmentation.ML.Modeling.Heads", "SamSegmentation.ML.Onnx", "SamSegmentation.ML.Pipeline", "SamSegmentation.ML.Prediction",
        "SamSegmentation.ML.Training", "SamSegmentation.ML.Training.Losses", "SamSegmentation.ML.Training.Schedules",
    ];

    /// <summary>Compiles the blocks.</summary>
    /// <returns>The errors, at their places in the page.</returns>
    public static IReadOnlyList<string> Errors(IEnumerable<CodeBlock> blocks)
    {
        var compilation = CSharpCompilation.Create(
            "Page",
            [CSharpSyntaxTree.ParseText(Write(blocks))],
            References.All,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => CSharpDiagnosticFormatter.Instance.Format(diagnostic))];
    }

    private static string Write(IEnumerable<CodeBlock> blocks)
    {
        var usings = new StringBuilder(string.Concat(s_namespaces.Select(name => $"using {name};\n")));
        var (statements, types) = (new StringBuilder(Surroundings), new StringBuilder());
        var named = new HashSet<string>();
        int depth = 0;
        foreach (var block in blocks)
        {
            var root = CSharpSyntaxTree.ParseText(block.Code).GetCompilationUnitRoot();
            foreach (var import in root.Usings)
                Place(usings, block, import);
            statements.Append($"async Task Block{++depth}()\n{{\nawait Task.CompletedTask;\n");
            foreach (var member in root.Members)
            {
                if (member is not BaseTypeDeclarationSyntax type)
                    Place(statements, block, member);
                else if (named.Add(type.Identifier.Text))
                    Place(types, block, type);
            }
        }
        return usings.Append(statements).Append('}', depth).Append('\n').Append(types).ToString();
    }

    private static void Place(StringBuilder program, CodeBlock block, SyntaxNode node)
    {
        int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + block.Line;
        program.Append($"#line {line} \"{block.Page}\"\n{node}\n");
    }
}
