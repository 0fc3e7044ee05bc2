// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Mesh.Xds;

namespace Mesh.Benchmarks.Streams;

/// <summary>What differs between the two variants for a client. Requests are made in parts: the encodings of two messages, one behind the other, are their union.</summary>
internal abstract class Variant
{
    private Variant()
    {
    }

    public static Variant Delta { get; } = new DeltaVariant();

    public static Variant StateOfTheWorld { get; } = new WorldVariant();

    public abstract string Name { get; }

    public abstract string Path { get; }

    /// <summary>The part that names who asks.</summary>
    public abstract byte[] Node(string id);

    /// <summary>The first request of a type, with what the client knows of an earlier stream.</summary>
    public abstract byte[] First(ResourceType type, IReadOnlyCollection<string> names, Known? known);

    /// <summary>The part of an acknowledgement that is the same for each: what it goes on being subscribed to.</summary>
    public abstract byte[] Standing(ResourceType type, IReadOnlyCollection<string> names);

    /// <summary>The other part of an acknowledgement.</summary>
    public abstract byte[] Acknowledge(Response response);

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);

    private sealed class DeltaVariant : Variant
    {
        public override string Name => "delta";

        public override string Path => "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

        public override byte[] Node(string id) => new DeltaDiscoveryRequest { Node = new Node { Id = id } }.ToByteArray();

        public override byte[] First(ResourceType type, IReadOnlyCollection<string> names, Known? known)
        {
            var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl(), ResourceNamesSubscribe = { names } };
            request.InitialResourceVersions.Add(known?.Versions ?? new Dictionary<string, string>(StringComparer.Ordinal));
            return request.ToByteArray();
        }

        public override byte[] Standing(ResourceType type, IReadOnlyCollection<string> names) =>
            new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl() }.ToByteArray();

        public override byte[] Acknowledge(Response response) => new DeltaDiscoveryRequest { ResponseNonce = Text(response.Nonce) }.ToByteArray();
    }

    private sealed class WorldVariant : Variant
    {
        public override string Name => "state of the world";

        public override string Path => "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

        public override byte[] Node(string id) => new DiscoveryRequest { Node = new Node { Id = id } }.ToByteArray();

        public override byte[] First(ResourceType type, IReadOnlyCollection<string> names, Known? known) =>
            new DiscoveryRequest { TypeUrl = type.TypeUrl(), ResourceNames = { names }, VersionInfo = known?.VersionInfo ?? "" }.ToByteArray();

        public override byte[] Standing(ResourceType type, IReadOnlyCollection<string> names) =>
            new DiscoveryRequest { TypeUrl = type.TypeUrl(), ResourceNames = { names } }.ToByteArray();

        public override byte[] Acknowledge(Response response) =>
            new DiscoveryRequest { VersionInfo = Text(response.Version), ResponseNonce = Text(response.Nonce) }.ToByteArray();
    }
}

/// <summary>What a client that comes back knows of one type.</summary>
internal sealed class Known
{
    /// <summary>Delta: version by name.</summary>
    public Dictionary<string, string> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>State of the world.</summary>
    public string VersionInfo { get; set; } = "";
}
