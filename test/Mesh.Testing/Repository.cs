// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Testing;

/// <summary>Finds files of the checkout that a test runs in.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Mesh.Operator.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Tests run from inside the checkout: no Mesh.Operator.sln above the test binary.");
    }
}
