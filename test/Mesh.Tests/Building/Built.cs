// SPDX-License-Identifier: Apache-2.0
using k8s;
using k8s.Models;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Tests.Building;

/// <summary>Builds small sets and reads what tests look at.</summary>
internal static class Built
{
    /// <summary>A Service with one HTTP port 80, as most tests need one.</summary>
    public static Mesh.Crds.Core.Service Cart { get; } = Make.Service("shop/cart", "10.96.0.10", "80:http");

    public static BuildResult Of(params IEnumerable<IKubernetesObject<V1ObjectMeta>> entities) =>
        ModelBuilder.Build(ResourceSetBuilder.Of(entities));

    public static ServiceName Name(string text)
    {
        var parts = text.Split('/');
        return new ServiceName(parts[0], parts[1]);
    }

    public static ServicePort Port(this BuildResult built, string service, int port) =>
        built.Model.Services[Name(service)].Ports.Single(candidate => candidate.Name.Port == port);

    public static RouteRule[] Rules(this BuildResult built, string service, int port = 80) =>
        [.. built.Port(service, port).Routes.Producer];

    public static EquatableArray<Endpoint> Endpoints(this BuildResult built, string service, int port = 80) =>
        built.Model.Endpoints[new ServicePortName(Name(service), port)].Endpoints;

    /// <summary>Findings as "Condition Reason path: message", "~" in front of a partial one.</summary>
    public static string[] Findings(this BuildResult built, string kind, string name)
    {
        var parts = name.Split('/');
        var key = new ObjectKey(kind, parts.Length == 2 ? parts[0] : "", parts[^1]);
        return built.Findings.TryGetValue(key, out var findings)
            ? [.. findings.Select(finding => $"{(finding.IsPartial ? "~" : "")}{finding.Condition} {finding.Reason} {finding.Path}: {finding.Message}")]
            : [];
    }

    /// <summary>Where a rule sends requests: "shop/cart:80*9", or "error" for a bad reference.</summary>
    public static string[] Targets(this RouteRule rule) => rule.Action.Match<string[]>(
        forward => [.. forward.Backends.Select(backend => $"{(backend.Target is { } target ? target.ToString() : "error")}*{backend.Weight}")],
        redirect => [$"redirect {redirect.StatusCode}"]);
}
