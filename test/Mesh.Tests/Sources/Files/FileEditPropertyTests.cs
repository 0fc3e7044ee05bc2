// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Operator.Sources;
using static Mesh.Tests.Sources.Files.Documents;

namespace Mesh.Tests.Sources.Files;

public sealed class FileEditPropertyTests
{
    private static readonly string[] Paths = ["a.yaml", "b.yaml", "sub/c.yaml"];
    private static readonly string[] Names = ["cart", "catalog", "front"];

    /// <summary>Torn in between or not: when the last state of the files is intact, how they came there does not show.</summary>
    [Explored(cases: 300)]
    public Property Edits_end_in_what_a_fresh_read_of_the_final_files_gives()
    {
        var edit = from path in Gen.Elements(Paths)
                   from content in Gen.Frequency((1, Gen.Constant<string?>(null)), (6, Intact()), (2, Torn()))
                   select (Path: path, Content: content);
        var final = from contents in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant<string?>(null)), (4, Intact())), Paths.Length)
                    select Paths.Zip(contents);
        return Prop.ForAll(
            Gen.ListOf(edit).ToArbitrary(), final.ToArbitrary(), (edits, last) => AfterEdits(edits, last) == Fresh(last));
    }

    private static string AfterEdits(IEnumerable<(string Path, string? Content)> edits, IEnumerable<(string Path, string? Content)> last)
    {
        var files = new MemoryFolder();
        foreach (var (path, content) in edits.Concat(last))
        {
            Put(files, path, content);
        }

        return Show(files.Set);
    }

    private static string Fresh(IEnumerable<(string Path, string? Content)> last)
    {
        var files = new MemoryFolder();
        foreach (var (path, content) in last.Reverse())
        {
            Put(files, path, content);
        }

        return Show(files.Set);
    }

    private static void Put(MemoryFolder files, string path, string? content)
    {
        if (content is null)
        {
            files.Delete(path);
        }
        else
        {
            files.Write(path, content);
        }
    }

    private static Gen<string?> Intact() =>
        from documents in Gen.ArrayOf(from name in Gen.Elements(Names) from port in Gen.Choose(80, 82) select Service(name, port))
        select (string?)Join([.. documents.Take(4)]);

    private static Gen<string?> Torn() =>
        from text in Intact()
        from tear in Gen.Elements("kind: [\n", "  x: 'y\n", "\t- z\n", "apiVersion: v1\nkind: Sevice\n")
        from isBefore in Gen.Elements(true, false)
        select (string?)(isBefore ? Join(tear, text) : text + tear);

    // All but the generation, which counts the edits.
    private static string Show(ResourceSet set) => string.Join('\n', set.Services.OrderBy(pair => pair.Key)
        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value.Spec!.Ports![0].Port}"))
        .Concat(set.Problems.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Select(p => $"{pair.Key} {p.File}:{p.Line} {p.Message}"))));
}
