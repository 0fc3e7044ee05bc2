// SPDX-License-Identifier: Apache-2.0
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>A kustomization that a user has beside a copy of ours, for kustomize reaches others by relative paths only.</summary>
internal sealed class UserOverlay : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mesh-overlay-");

    private UserOverlay()
    {
    }

    public string Folder => Path.Combine(root.FullName, "config", "user");

    public static UserOverlay Create(string resource, params string[] components)
    {
        var overlay = new UserOverlay();
        foreach (var file in new[] { "config", "crds" }.SelectMany(static folder => Directory.EnumerateFiles(Repository.File(folder), "*.yaml", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(overlay.root.FullName, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!); // A file is in a folder.
            File.Copy(file, copy);
        }

        Directory.CreateDirectory(overlay.Folder);
        File.WriteAllText(
            Path.Combine(overlay.Folder, "kustomization.yaml"),
            $"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{resource}]\ncomponents: [{string.Join(", ", components)}]\n");
        return overlay;
    }

    public void Dispose() => root.Delete(recursive: true);
}
