// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.XdsBench;

/// <summary>One made-up service, by its number; what changes about it are two generations.</summary>
/// <param name="Number">Its number.</param>
/// <param name="EndpointGeneration">How often its endpoints changed.</param>
/// <param name="RouteGeneration">How often its route changed.</param>
internal sealed record BenchService(int Number, int EndpointGeneration, int RouteGeneration)
{
    public const uint Port = 8080;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"svc-{Number:D5}");

    public string Namespace => string.Create(CultureInfo.InvariantCulture, $"ns-{Number % 20:D2}");

    public string Team => string.Create(CultureInfo.InvariantCulture, $"team-{Number % 20:D2}");

    public string Host => $"{Name}.{Namespace}.svc.cluster.local";

    public string Address => string.Create(CultureInfo.InvariantCulture, $"10.{96 + (Number / 62_500)}.{Number / 250 % 250}.{(Number % 250) + 1}");

    public string ClusterName => $"outbound|8080||{Host}";

    public string ListenerName => $"listener|8080||{Host}";

    public string RouteName => $"route|8080||{Host}";

    /// <summary>The address of one endpoint.</summary>
    public string Endpoint(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{Number / 256 % 256}.{Number % 256}.{index + 2}");
}
