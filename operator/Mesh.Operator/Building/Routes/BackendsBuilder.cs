// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Routes;

/// <summary>One backend as written, of either kind of route.</summary>
internal sealed record BackendSpec(BackendReference Reference, IReadOnlyList<HTTPRouteFilter?>? Filters);

/// <summary>Where references are resolved.</summary>
/// <param name="Namespace">Of the object that refers.</param>
/// <param name="Lookups">All services.</param>
internal sealed record ReferenceScope(string Namespace, Lookups Lookups);

internal static class BackendsBuilder
{
    private const int MaximumWeight = 1_000_000;

    /// <summary>A bad reference keeps its share, without target: those requests fail, they do not go elsewhere (Gateway API).</summary>
    public static EquatableArray<WeightedBackend> Build(
        IReadOnlyList<BackendSpec?>? specs, string path, ReferenceScope scope, ProblemList problems)
    {
        var backends = new List<WeightedBackend>();
        foreach (var (spec, itemPath, _) in SpecChecks.Each(specs, path, problems))
        {
            var weight = SpecChecks.Range(spec.Reference.Weight ?? 1, 0, MaximumWeight, $"{itemPath}.weight", problems) ?? 0;
            var filters = HttpFilterBuilder.BuildForBackend(spec.Filters, $"{itemPath}.filters", problems);
            var target = Resolve(spec.Reference, itemPath, scope, problems);
            if (weight > 0)
            {
                backends.Add(new WeightedBackend
                {
                    Target = target,
                    Weight = (uint)weight,
                    RequestHeaders = filters.RequestHeaders,
                    ResponseHeaders = filters.ResponseHeaders,
                });
            }
        }

        return backends.ToEquatableArray();
    }

    /// <summary>The port that is meant, or null and a problem. Other namespaces need no ReferenceGrant in a mesh (GEP-1294).</summary>
    public static ServicePortName? Resolve(BackendObjectReference? spec, string path, ReferenceScope scope, ProblemList problems)
    {
        if (spec?.Name is not { Length: > 0 } name)
        {
            problems.Invalid($"{path}.name", "is needed");
            return null;
        }

        if (spec.Kind is not (null or "" or "Service") || spec.Group is not (null or "" or "core"))
        {
            problems.Unresolved(
                Reasons.InvalidKind, $"{path}.kind", $"a backend of kind \"{spec.Kind}\" in group \"{spec.Group}\" is not supported; it must be a Service");
            return null;
        }

        var service = new ServiceName(spec.Namespace is { Length: > 0 } other ? other : scope.Namespace, name);
        if (scope.Lookups.Service(service) is not { } found)
        {
            problems.Unresolved(Reasons.BackendNotFound, $"{path}.name", $"Service {service} does not exist");
            return null;
        }

        // Its endpoints are in a DNS zone that the mesh does not read; to follow the name would also open a way around its policies.
        if (found.Kind == ServiceKind.ExternalName)
        {
            problems.Unresolved(
                Reasons.BackendNotFound, $"{path}.name", $"Service {service} is of type ExternalName and has no endpoints in the mesh");
            return null;
        }

        return PortOf(found, spec.Port, $"{path}.port", problems);
    }

    private static ServicePortName? PortOf(CatalogService service, int? number, string path, ProblemList problems)
    {
        if (number is null)
        {
            problems.Unresolved(Reasons.BackendNotFound, path, $"a port is needed; Service {service.Name} has {service.PortList}");
            return null;
        }

        if (service.Port(number.Value) is not { } port)
        {
            problems.Unresolved(
                Reasons.BackendNotFound, path, $"Service {service.Name} has no TCP port {number}; it has {service.PortList}");
            return null;
        }

        return port.Name;
    }
}
