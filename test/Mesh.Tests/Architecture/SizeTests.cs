// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Mesh.Testing;

namespace Mesh.Tests.Architecture;

/// <summary>Small files, short methods, the licence line: what a reader relies on.</summary>
public sealed partial class SizeTests
{
    private const int LongestFile = 400;
    private const int LongestMethod = 60;

    private static IEnumerable<string> ProductFiles() => new[] { "xds", "crds", "operator" }.SelectMany(SourceFiles.In);

    [Test]
    public void File_is_at_most_400_lines()
    {
        var offenders = ProductFiles()
            .Select(file => (Name: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > LongestFile);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Method_is_at_most_60_lines()
    {
        var offenders = ProductFiles().SelectMany(LongMethods);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void File_starts_with_its_licence()
    {
        var offenders = ProductFiles().Concat(SourceFiles.In("test"))
            .Where(file => File.ReadLines(file).FirstOrDefault()?.TrimStart('\uFEFF') != "// SPDX-License-Identifier: Apache-2.0")
            .Select(file => Path.GetRelativePath(Repository.Root, file));

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Code_has_no_unnumbered_todo_and_no_sleep()
    {
        var offenders = ProductFiles().Concat(SourceFiles.In("test"))
            .Where(file => !file.EndsWith("SizeTests.cs", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file)
                .Where(line => Forbidden().IsMatch(line))
                .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}"));

        Assert.That(offenders, Is.Empty);
    }

    /// <summary>Members stand four spaces deep in a file-scoped namespace, so a body's braces stand alone at that depth.</summary>
    private static IEnumerable<string> LongMethods(string file)
    {
        var lines = File.ReadAllLines(file);
        var start = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "    {" && i > 0 && lines[i - 1].Contains(')', StringComparison.Ordinal))
            {
                start = i;
            }
            else if (lines[i] == "    }" && start >= 0)
            {
                if (i - start - 1 > LongestMethod)
                {
                    yield return $"{Path.GetRelativePath(Repository.Root, file)}:{start} has {i - start - 1} lines";
                }

                start = -1;
            }
        }
    }

    [GeneratedRegex(@"\bTODO\b(?! *\(#\d+\))|\bFIXME\b|Thread\.Sleep|#region", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Forbidden();
}
