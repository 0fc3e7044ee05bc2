// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Conformance;

/// <summary>One request of a conformance check and what must come of it.</summary>
internal sealed record HttpCheck(string Path)
{
    /// <summary>Service, with a port when it is not 80; or an address with a port.</summary>
    public string To { get; init; } = "echo";

    public string From { get; init; } = ConformanceCluster.ProducerClient;

    public string? Host { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public int Status { get; init; } = 200;

    /// <summary>The pod that must answer; null for any.</summary>
    public string? Backend { get; init; }

    /// <summary>The path that the pod must see; null for that of the request.</summary>
    public string? SeenPath { get; init; }

    /// <summary>Request headers that the pod must see, and those (with null) that it must not see.</summary>
    public IReadOnlyList<(string Name, string? Value)> SeenHeaders { get; init; } = [];

    /// <summary>Response headers that the client must see, and those (with null) that it must not see.</summary>
    public IReadOnlyList<(string Name, string? Value)> ResponseHeaders { get; init; } = [];

    /// <summary>The whole Location of a redirect.</summary>
    public string? Location { get; init; }

    public string Url
    {
        get
        {
            var parts = To.Split(':');
            var address = char.IsAsciiDigit(parts[0][0]) ? parts[0] : ConformanceCluster.AddressOf(parts[0]);
            return $"http://{address}:{(parts.Length > 1 ? parts[1] : "80")}{Path}";
        }
    }

    public override string ToString() => $"{From} → {To}{Path} {string.Join(' ', Headers)}";
}
