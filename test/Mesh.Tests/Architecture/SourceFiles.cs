// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;

namespace Mesh.Tests.Architecture;

internal static class SourceFiles
{
    /// <summary>C# files under a folder of the checkout, build output left out.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.Exists(Repository.File(folder))
            ? Directory.EnumerateFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
            : [];
}
