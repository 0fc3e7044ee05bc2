// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Mesh.Crds.Access;

/// <summary>Writes accounts, roles and their bindings from the <see cref="AccessTable"/>.</summary>
internal static class RoleWriter
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    public static string Operator() => Document(
        [.. AccessTable.OperatorInCluster, .. AccessTable.OperatorInNamespace],
        Account(OperatorNames.Operator, mountsToken: true),
        Role("ClusterRole", OperatorNames.Operator, AccessTable.OperatorInCluster),
        Binding("ClusterRole", OperatorNames.Operator),
        Role("Role", OperatorNames.Operator, AccessTable.OperatorInNamespace),
        Binding("Role", OperatorNames.Operator));

    public static string Node() => Document(
        AccessTable.NodeInNamespace,
        Account(OperatorNames.Node, mountsToken: false),
        Role("Role", OperatorNames.Node, AccessTable.NodeInNamespace),
        Binding("Role", OperatorNames.Node));

    public static string Kustomization() => GeneratedYaml.Of(new JsonObject
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = new JsonArray("operator.yaml", "node.yaml"),
    });

    private static string Document(IEnumerable<AccessRule> rules, params JsonObject[] objects)
    {
        var text = new StringBuilder();
        foreach (var rule in rules)
        {
            var names = rule.Names.IsEmpty ? "" : $" ({string.Join(", ", rule.Names)})";
            text.Append("# ").AppendJoin(", ", rule.Resources).Append(names).Append(" - ").AppendJoin(", ", rule.Verbs).Append(": ").Append(rule.Why).Append('\n');
        }

        return GeneratedYaml.Of(text.ToString(), objects);
    }

    private static JsonObject Account(string name, bool mountsToken) => new()
    {
        ["apiVersion"] = "v1",
        ["automountServiceAccountToken"] = mountsToken,
        ["kind"] = "ServiceAccount",
        ["metadata"] = GeneratedYaml.Metadata(name, isNamespaced: true),
    };

    private static JsonObject Role(string kind, string name, ImmutableArray<AccessRule> rules) => new()
    {
        ["apiVersion"] = $"{RbacGroup}/v1",
        ["kind"] = kind,
        ["metadata"] = GeneratedYaml.Metadata(name, isNamespaced: kind == "Role"),
        ["rules"] = new JsonArray([.. rules.Select(Rule)]),
    };

    private static JsonObject Rule(AccessRule rule)
    {
        var result = new JsonObject { ["apiGroups"] = new JsonArray(rule.Group), ["resources"] = Texts(rule.Resources), ["verbs"] = Texts(rule.Verbs) };
        if (!rule.Names.IsEmpty)
        {
            result["resourceNames"] = Texts(rule.Names);
        }

        return result;
    }

    private static JsonObject Binding(string kind, string name) => new()
    {
        ["apiVersion"] = $"{RbacGroup}/v1",
        ["kind"] = $"{kind}Binding",
        ["metadata"] = GeneratedYaml.Metadata(name, isNamespaced: kind == "Role"),
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacGroup, ["kind"] = kind, ["name"] = name },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = OperatorNames.Namespace }),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
