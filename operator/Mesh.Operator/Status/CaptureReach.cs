// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Xds;
using Mesh.Xds.Acks;

namespace Mesh.Operator.Status;

/// <summary>
/// How far an object reaches by the way in which nodes capture connections. The mesh's own settings are in the listeners of redirected
/// traffic, and a node with loopback capture has none of these.
/// </summary>
internal sealed class CaptureReach
{
    // As with refusals: status must not grow with the mesh.
    private const int NamedProxies = 5;

    private readonly List<ResourceKey> resources;
    private readonly List<ResourceKey> withoutRedirect;
    private readonly HashSet<NodeName> loopback;
    private readonly bool isDefault;

    private CaptureReach(List<ResourceKey> resources, HashSet<NodeName> loopback, bool isDefault)
    {
        this.resources = resources;
        this.loopback = loopback;
        this.isDefault = isDefault;
        withoutRedirect = resources.Where(key => key.Type != ResourceType.Listener).ToList();
    }

    /// <param name="input">The proxies, and what their nodes were given.</param>
    /// <param name="resources">All that stems from the object and is the same for every node.</param>
    public static CaptureReach Of(StatusInput input, List<ResourceKey> resources)
    {
        var looped = resources.Exists(key => key.Type == ResourceType.Listener)
            ? input.Nodes.Where(node => node.Capture == CaptureMode.Loopback).Select(node => node.Node).Concat(ElsewhereLooped(input.Fleet))
            : [];
        var captureNothing = input.Proxies.Where(proxy => proxy.IsProxyless).Select(proxy => proxy.Node);
        var settings = input.Snapshot.Model.Settings;
        return new CaptureReach(resources, looped.Except(captureNothing).ToHashSet(), settings with { Origins = Origins.None } == MeshSettings.Default);
    }

    /// <summary>What stems from the object and may come to this proxy.</summary>
    public IEnumerable<ResourceKey> Reaching(ProxyState proxy) => loopback.Contains(proxy.Node) ? withoutRedirect : resources;

    /// <summary>A verdict where nothing of it can come to this proxy though something is asked for; else null.</summary>
    public ProxyVerdict? Apart(ProxyState proxy) => loopback.Contains(proxy.Node) && withoutRedirect.Count == 0 && !isDefault
        ? new ProxyVerdict(proxy.Node, ProxyStage.Inapplicable, string.Empty, string.Empty)
        : null;

    /// <summary>Says where the mesh's settings have no effect. Those that are as by default are missed by nobody.</summary>
    public ProgrammedState Qualify(ProgrammedState state)
    {
        if (loopback.Count == 0 || isDefault)
        {
            return state;
        }

        var condition = state.Condition with { Message = $"{state.Condition.Message} {Note()}" };
        if (condition.Status != ConditionStatus.True)
        {
            return state with { Condition = condition };
        }

        return state with
        {
            Condition = state.Proxies.Applied == 0
                ? condition with { Status = ConditionStatus.False, Reason = Reasons.Unenforceable }
                : condition with { Reason = Reasons.PartiallyProgrammed },
        };
    }

    private static IEnumerable<NodeName> ElsewhereLooped(FleetView fleet) => fleet.Others.SelectMany(static replica => replica.Roster
        .Where(entry => entry is { IsLoopback: true, IsProxyless: false } && replica.IsHere(entry))
        .Select(static entry => entry.Node));

    private string Note()
    {
        var names = string.Join(", ", loopback.Select(node => node.Value).Order(StringComparer.Ordinal).Take(NamedProxies));
        var more = loopback.Count > NamedProxies ? $" and {loopback.Count - NamedProxies} more" : string.Empty;
        return $"outboundTraffic, serviceCIDRs and podCIDRs have no effect on {names}{more}: "
            + "loopback capture has no redirected traffic to which they could apply.";
    }
}
