// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Testing.Golden;

/// <summary>The expected files of a case, by path relative to <c>expected</c>.</summary>
internal static class GoldenFiles
{
    /// <summary>Set to 1 by <c>make golden</c>: expected files are written anew and not compared.</summary>
    public static bool IsUpdate => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static SortedDictionary<string, string> Read(GoldenCase golden)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(golden.Expected))
        {
            foreach (var file in Directory.EnumerateFiles(golden.Expected, "*", SearchOption.AllDirectories))
            {
                texts[Path.GetRelativePath(golden.Expected, file)] = File.ReadAllText(file);
            }
        }

        return texts;
    }

    /// <summary>Makes the folder hold just these files.</summary>
    public static void Write(GoldenCase golden, IReadOnlyDictionary<string, string> texts)
    {
        if (Directory.Exists(golden.Expected))
        {
            Directory.Delete(golden.Expected, recursive: true);
        }

        foreach (var (path, text) in texts)
        {
            var target = Path.Combine(golden.Expected, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, text);
        }
    }
}
