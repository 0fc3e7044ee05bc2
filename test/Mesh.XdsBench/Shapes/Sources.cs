// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;

namespace Mesh.XdsBench.Shapes;

/// <summary>What several resources have in common.</summary>
internal static class Sources
{
    public const string WorkloadCertificate = "spiffe-workload-cert";
    public const string RootCertificate = "spiffe-root-ca";

    public static ConfigSource Ads { get; } = new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 };

    public static SdsSecretConfig Secret(string name) => new() { Name = name, SdsConfig = Ads };

    public static TlsParameters AtLeastTls12 { get; } = new() { TlsMinimumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv12 };

    public static Duration Seconds(long seconds) => new() { Seconds = seconds };

    public static Address At(string address) => new() { SocketAddress = new SocketAddress { Address = address, PortValue = BenchService.Port } };
}
