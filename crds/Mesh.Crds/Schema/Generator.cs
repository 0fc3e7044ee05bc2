// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.Access;
using Mesh.Crds.Kinds;

namespace Mesh.Crds.Schema;

/// <summary>Everything that is derived from the types and checked in.</summary>
public static class Generator
{
    /// <summary>Path from the repository's root (with "/") → content, sorted by path.</summary>
    public static IReadOnlyDictionary<string, string> Generate()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["crds/REFERENCE.md"] = ReferenceWriter.Write([.. KindCatalog.All, .. KindCatalog.Written]),
            ["config/admission/kustomization.yaml"] = WebhookWriter.Kustomization(),
            ["config/admission/service.yaml"] = WebhookWriter.Service(),
            ["config/admission/webhook.yaml"] = WebhookWriter.Configuration(),
            ["config/rbac/kustomization.yaml"] = RoleWriter.Kustomization(),
            ["config/rbac/node.yaml"] = RoleWriter.Node(),
            ["config/rbac/operator.yaml"] = RoleWriter.Operator(),
        };
        foreach (var kind in KindCatalog.All.Concat(KindCatalog.Written).Where(kind => kind.Origin == KindOrigin.Mesh))
        {
            files[$"crds/manifests/{kind.Group}_{kind.Plural}.yaml"] = CrdWriter.Write(kind.Schema);
        }

        return files;
    }
}
