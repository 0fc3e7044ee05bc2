// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.NodeAgent.Processes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Transport;

/// <summary>A folder of files as the kubelet mounts Secrets and tokens: links into a folder that one rename replaces as a whole.</summary>
internal sealed class MountedFolder(string folder)
{
    private int version;

    public string In(string name) => Path.Combine(folder, name);

    /// <param name="files">Content by name.</param>
    public async Task ReplaceAsync(params (string Name, string Content)[] files)
    {
        var content = Directory.CreateDirectory(In(string.Create(CultureInfo.InvariantCulture, $"..{++version}"))).FullName;
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(content, name), text);
        }

        var link = In("..data_tmp");
        File.CreateSymbolicLink(link, Path.GetFileName(content));

        // File.Move would move what the link points to.
        var moved = await Command.RunAsync(new CommandLine("/bin/mv", ["-T", link, In("..data")]) { Limit = Timeouts.Default }, CancellationToken.None);
        Assert.That(moved.Problem, Is.Null);
        foreach (var (name, _) in files.Where(file => !File.Exists(In(file.Name))))
        {
            File.CreateSymbolicLink(In(name), Path.Combine("..data", name));
        }
    }
}
