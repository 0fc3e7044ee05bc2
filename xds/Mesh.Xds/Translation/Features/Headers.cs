// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using Mesh.Model.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using ClusterWeight = Envoy.Config.Route.V3.WeightedCluster.Types.ClusterWeight;
using HeaderValue = Mesh.Model.Routing.HeaderValue;

namespace Mesh.Xds.Translation.Features;

/// <summary>Changes of request and response headers. Envoy removes first, then overwrites, then appends, as the model wants it.</summary>
internal static class Headers
{
    public static void Apply(Route route, HeaderChanges request, HeaderChanges response)
    {
        Apply(request, route.RequestHeadersToAdd, route.RequestHeadersToRemove);
        Apply(response, route.ResponseHeadersToAdd, route.ResponseHeadersToRemove);
    }

    public static void Apply(ClusterWeight weight, HeaderChanges request, HeaderChanges response)
    {
        Apply(request, weight.RequestHeadersToAdd, weight.RequestHeadersToRemove);
        Apply(response, weight.ResponseHeadersToAdd, weight.ResponseHeadersToRemove);
        if (HostOf(request) is { } host)
        {
            weight.HostRewriteLiteral = host;
        }
    }

    /// <summary>The value that a change gives to Host, which Envoy takes as a rewrite and refuses among header changes.</summary>
    public static string? HostOf(HeaderChanges request) => request.Set.LastOrDefault(h => IsHost(h.Name))?.Value;

    private static void Apply(HeaderChanges changes, RepeatedField<HeaderValueOption> add, RepeatedField<string> remove)
    {
        remove.AddRange(changes.Remove.Where(name => !IsHost(name)));
        add.AddRange(Options(changes.Set, AppendAction.OverwriteIfExistsOrAdd));
        add.AddRange(Options(changes.Add, AppendAction.AppendIfExistsOrAdd));
    }

    private static IEnumerable<HeaderValueOption> Options(IEnumerable<HeaderValue> headers, AppendAction action) =>
        headers.Where(h => !IsHost(h.Name)).Select(h => new HeaderValueOption
        {
            Header = new Envoy.Config.Core.V3.HeaderValue { Key = h.Name, Value = ProtoValues.EscapeFormat(h.Value) },
            AppendAction = action,
            KeepEmptyValue = true,
        });

    private static bool IsHost(string name) => name.Equals("host", StringComparison.OrdinalIgnoreCase);
}
