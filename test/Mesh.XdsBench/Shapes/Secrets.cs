// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;

namespace Mesh.XdsBench.Shapes;

/// <summary>Two secrets that every cluster and listener refers to: noise of the size of certificates.</summary>
internal static class Secrets
{
    private const int CertificateBytes = 1100;
    private const int KeyBytes = 230;
    private const int RootBytes = 1200;

    public static IEnumerable<Secret> Build() =>
    [
        new Secret
        {
            Name = Sources.WorkloadCertificate,
            TlsCertificate = new TlsCertificate { CertificateChain = Noise(CertificateBytes, 1), PrivateKey = Noise(KeyBytes, 2) },
        },
        new Secret
        {
            Name = Sources.RootCertificate,
            ValidationContext = new CertificateValidationContext { TrustedCa = Noise(RootBytes, 3) },
        },
    ];

#pragma warning disable CA5394 // The same noise at every start is what is wanted: equal content has an equal version.
    private static DataSource Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return new DataSource { InlineBytes = ByteString.CopyFrom(bytes) };
    }
#pragma warning restore CA5394
}
