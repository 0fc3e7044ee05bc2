// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Proxyless;

/// <summary>What became of a number of calls.</summary>
/// <param name="Servers">Who answered how often.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Words">What the client says of it, for the failure of a test.</param>
internal sealed record CallCounts(IReadOnlyDictionary<string, int> Servers, int Failed, string Words)
{
    public int this[string server] => Servers.GetValueOrDefault(server);

    public int Answered => Servers.Values.Sum();
}
