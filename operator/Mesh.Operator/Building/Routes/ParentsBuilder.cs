// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Routes;

/// <summary>Finds the service ports that a route's parentRefs name (GEP-1294).</summary>
internal sealed class ParentsBuilder(Lookups lookups, FindingList findings)
{
    /// <summary>Parents of other kinds, Gateways say, are another controller's.</summary>
    public static bool IsOurs(ParentReference? parent) =>
        parent is { Kind: "Service", Group: "" or "core" };

    public IReadOnlyList<Attachment> Build(UserObject route, IReadOnlyList<ParentReference>? parents)
    {
        var attachments = new List<Attachment>();
        for (var index = 0; index < (parents?.Count ?? 0); index++)
        {
            if (parents?[index] is { } parent && IsOurs(parent))
            {
                attachments.AddRange(Attach(route, parent, index));
            }
        }

        // A port that two parentRefs name is ruled once.
        return [.. attachments.DistinctBy(attachment => attachment.Port)];
    }

    private IEnumerable<Attachment> Attach(UserObject route, ParentReference parent, int index)
    {
        var name = new ServiceName(parent.Namespace is { Length: > 0 } other ? other : route.Namespace, parent.Name ?? "");
        var service = lookups.Service(name);
        if (service is null)
        {
            return Refuse(route, index, Reasons.NoMatchingParent, "name", $"Service {name} does not exist");
        }

        if (service.Kind != ServiceKind.Addressed)
        {
            var why = service.Kind == ServiceKind.ExternalName ? "is of type ExternalName" : "is headless";
            return Refuse(
                route, index, Reasons.UnsupportedValue, "name", $"Service {name} {why}; a parent must have a cluster IP, to which clients connect");
        }

        var ports = service.Ports
            .Where(port => (parent.Port is null || port.Name.Port == parent.Port)
                && (string.IsNullOrEmpty(parent.SectionName) || port.PortName == parent.SectionName))
            .ToArray();
        if (ports.Length == 0)
        {
            var wanted = string.IsNullOrEmpty(parent.SectionName) ? $"port {parent.Port}"
                : parent.Port is null ? $"port named \"{parent.SectionName}\""
                : $"port {parent.Port} named \"{parent.SectionName}\"";
            return Refuse(
                route,
                index,
                Reasons.NoMatchingParent,
                string.IsNullOrEmpty(parent.SectionName) ? "port" : "sectionName",
                $"Service {name} has no TCP {wanted}; it has {service.PortList}");
        }

        var carrying = ports.Where(port => port.CarriesHttp).ToArray();
        if (carrying.Length == 0)
        {
            return Refuse(
                route,
                index,
                Reasons.UnsupportedValue,
                "port",
                $"{string.Join(", ", ports.Select(port => port.Display))} of Service {name} is declared to be no HTTP (appProtocol or port name), so its "
                + "requests cannot be routed");
        }

        var client = name.Namespace == route.Namespace ? null : route.Namespace;
        return carrying.Select(port => new Attachment(port.Name, client, index));
    }

    private Attachment[] Refuse(UserObject route, int index, string reason, string field, string message)
    {
        findings.Add(new Finding(
            route.Reference, index, FindingCondition.Accepted, reason, $"spec.parentRefs[{index}].{field}", message));
        return [];
    }
}
