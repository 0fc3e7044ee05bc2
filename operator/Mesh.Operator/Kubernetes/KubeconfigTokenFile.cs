// SPDX-License-Identifier: Apache-2.0
using YamlDotNet.RepresentationModel;

namespace Mesh.Operator.Kubernetes;

/// <summary>The <c>tokenFile</c> of a user in a kubeconfig.</summary>
internal static class KubeconfigTokenFile
{
    /// <summary>Its path, which in the file may be relative to the file; null where the user has none.</summary>
    public static string? Find(FileInfo kubeconfig, string user)
    {
        var yaml = new YamlStream();
        using (var text = kubeconfig.OpenText())
        {
            yaml.Load(text);
        }

        var users = yaml.Documents.Count > 0 ? Field(yaml.Documents[0].RootNode, "users") as YamlSequenceNode : null;
        var found = users?.Children.FirstOrDefault(entry => string.Equals(Text(Field(entry, "name")), user, StringComparison.OrdinalIgnoreCase));
        return Text(Field(Field(found, "user"), "tokenFile")) is { Length: > 0 } path ? Path.GetFullPath(path, kubeconfig.DirectoryName!) : null; // A file is in a folder.
    }

    private static YamlNode? Field(YamlNode? node, string name) =>
        node is YamlMappingNode fields && fields.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    private static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;
}
