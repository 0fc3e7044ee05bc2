// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Processes;

/// <summary>A value of PATH.</summary>
internal sealed record SearchPath(string? Value)
{
    /// <summary>Every file of that name, in the order of the folders.</summary>
    public IEnumerable<string> All(string name) =>
        (Value ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).Where(File.Exists);

    public string? First(string name) => All(name).FirstOrDefault();
}
