// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing.Golden;

namespace Mesh.Tests.Golden;

/// <summary>Rules of the mesh, each a small folder: files in; model, the node's xDS and statuses out. <c>make golden</c> writes them anew.</summary>
internal sealed class GoldenTests
{
    /// <summary>What nobody reads to its end guards nothing.</summary>
    private const int MaximumLines = 200;

    private static IEnumerable<TestCaseData> Cases() => GoldenCase.All().Select(golden => new TestCaseData(golden).SetName($"Golden_{golden.Name}"));

    [TestCaseSource(nameof(Cases))]
    public void Golden(GoldenCase golden)
    {
        var produced = GoldenRun.Produce(golden);
        var compared = produced.Where(text => golden.Compares(text.Key)).ToDictionary(StringComparer.Ordinal);
        if (GoldenFiles.IsUpdate)
        {
            GoldenFiles.Write(golden, compared);
        }

        var expected = GoldenFiles.Read(golden);

        Assert.That(golden.Only.Except(produced.Keys, StringComparer.Ordinal), Is.Empty, "case.yaml names files that are not produced");
        Assert.That(compared.Keys, Is.EqualTo(expected.Keys), "files produced, and files expected");
        Assert.Multiple(() =>
        {
            foreach (var (path, text) in compared)
            {
                Assert.That(text, Is.EqualTo(expected[path]), $"{golden.Name}/expected/{path}");
                Assert.That(text.Count(c => c == '\n'), Is.AtMost(MaximumLines), $"lines of {path}: narrow the input, or name other files in case.yaml");
            }
        });
    }
}
