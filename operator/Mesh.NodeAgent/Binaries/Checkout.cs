// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Binaries;

/// <summary>The checkout that a program runs in or was built in.</summary>
public static class Checkout
{
    /// <summary>The nearest folder at or above <paramref name="folder"/> that holds the solution; null when there is none.</summary>
    public static string? FindRoot(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, "Mesh.Operator.sln")))
            {
                return current.FullName;
            }
        }

        return null;
    }

    /// <summary>The cache folder for downloaded tools.</summary>
    public static string ToolsFolder(string root) => Path.Combine(root, ".tools");
}
