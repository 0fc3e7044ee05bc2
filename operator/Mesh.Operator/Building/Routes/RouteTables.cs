// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Model;
using Mesh.Operator.Building.Checks;
using Mesh.Operator.Building.Facts;
using Mesh.Operator.Building.Services;

namespace Mesh.Operator.Building.Routes;

/// <summary>Which routes rule which service port, after the kinds of routes have been told apart.</summary>
internal sealed class RouteTables
{
    // Those that displace others are in front: every route of a port asks for the first of them, and none shall walk past all the others.
    private static readonly ImmutableSortedSet<CompiledRoute> NoRoutes = ImmutableSortedSet<CompiledRoute>.Empty.WithComparer(
        Comparer<CompiledRoute>.Create(static (left, right) =>
            left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : left.Source.CompareTo(right.Source)));

    private static readonly ImmutableSortedDictionary<string, ImmutableSortedSet<CompiledRoute>> NoScopes =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<CompiledRoute>>(StringComparer.Ordinal);

    private readonly ImmutableDictionary<ServicePortName, ImmutableSortedDictionary<string, ImmutableSortedSet<CompiledRoute>>> byPort;

    private RouteTables(ImmutableDictionary<ServicePortName, ImmutableSortedDictionary<string, ImmutableSortedSet<CompiledRoute>>> byPort) =>
        this.byPort = byPort;

    public static RouteTables None { get; } = new(
        ImmutableDictionary<ServicePortName, ImmutableSortedDictionary<string, ImmutableSortedSet<CompiledRoute>>>.Empty);

    /// <summary>Routes on a port by client namespace; "" stands for the producer's. None where the port has no route.</summary>
    public IEnumerable<(string ClientNamespace, IReadOnlyList<CompiledRoute> Routes)> On(ServicePortName port) =>
        byPort.GetValueOrDefault(port, NoScopes).Select(pair => (pair.Key, InForce(pair.Value)));

    /// <summary>GRPCRoutes displace HTTPRoutes on one port and scope (GEP-1294): the first that does so.</summary>
    public UserObject? Displacing(ServicePortName port, string client) =>
        byPort.GetValueOrDefault(port, NoScopes).GetValueOrDefault(client, NoRoutes).Min is { Kind: RouteKind.Grpc } first ? first.Source : null;

    /// <param name="differences">Routes that are others than before.</param>
    /// <param name="changed">Where to tell of which services the routes are others.</param>
    public RouteTables Follow(IEnumerable<(CompiledRoute? Old, CompiledRoute? New)> differences, HashSet<Fact> changed)
    {
        var builder = byPort.ToBuilder();
        foreach (var (old, current) in differences)
        {
            foreach (var attachment in old?.Attachments ?? [])
            {
                Change(builder, attachment, routes => routes.Remove(old!)); // It has attachments, so it is not null.
                changed.Add(new Fact(Step.Routes, ServiceCatalog.KeyOf(attachment.Port.Service)));
            }

            foreach (var attachment in current?.Attachments ?? [])
            {
                Change(builder, attachment, routes => routes.Add(current!)); // As above.
                changed.Add(new Fact(Step.Routes, ServiceCatalog.KeyOf(attachment.Port.Service)));
            }
        }

        return new RouteTables(builder.ToImmutable());
    }

    private static IReadOnlyList<CompiledRoute> InForce(ImmutableSortedSet<CompiledRoute> routes) =>
        routes.Min?.Kind == routes.Max?.Kind ? routes : routes.TakeWhile(static route => route.Kind == RouteKind.Grpc).ToArray();

    private static void Change(
        ImmutableDictionary<ServicePortName, ImmutableSortedDictionary<string, ImmutableSortedSet<CompiledRoute>>>.Builder builder,
        Attachment attachment,
        Func<ImmutableSortedSet<CompiledRoute>, ImmutableSortedSet<CompiledRoute>> change)
    {
        var client = attachment.ClientNamespace ?? "";
        var scopes = builder.GetValueOrDefault(attachment.Port, NoScopes);
        var routes = change(scopes.GetValueOrDefault(client, NoRoutes));
        scopes = routes.IsEmpty ? scopes.Remove(client) : scopes.SetItem(client, routes);
        if (scopes.IsEmpty)
        {
            builder.Remove(attachment.Port);
        }
        else
        {
            builder[attachment.Port] = scopes;
        }
    }
}
