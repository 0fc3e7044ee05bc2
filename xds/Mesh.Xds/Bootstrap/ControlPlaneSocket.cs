// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Mesh.Xds.Translation;
using NameType = Envoy.Extensions.TransportSockets.Tls.V3.SubjectAltNameMatcher.Types.SanType;

namespace Mesh.Xds.Bootstrap;

/// <summary>The transport of the cluster of a control plane that is reached by TLS.</summary>
internal static class ControlPlaneSocket
{
    public static TransportSocket Build(ControlPlaneTls tls)
    {
        var common = new CommonTlsContext { AlpnProtocols = { "h2" } };
        if (tls.SecretsFolder is { } folder)
        {
            common.ValidationContextSdsSecretConfig = ControlPlaneSecrets.Reference(ControlPlaneSecrets.Roots, folder);
            if (tls.Certificate is not null)
            {
                common.TlsCertificateSdsSecretConfigs.Add(ControlPlaneSecrets.Reference(ControlPlaneSecrets.Certificate, folder));
            }
        }
        else
        {
            common.ValidationContext = Validation(tls);
            if (Certificate(tls) is { } certificate)
            {
                common.TlsCertificates.Add(certificate);
            }
        }

        return new TransportSocket
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = ProtoValues.Pack(new UpstreamTlsContext
            {
                CommonTlsContext = common,
                Sni = TypeOf(tls.ServerName) == NameType.Dns ? tls.ServerName : "",
            }),
        };
    }

    internal static CertificateValidationContext Validation(ControlPlaneTls tls)
    {
        var validation = new CertificateValidationContext { TrustedCa = new DataSource { Filename = tls.Ca } };
        validation.MatchTypedSubjectAltNames.Add(new SubjectAltNameMatcher
        {
            SanType = TypeOf(tls.ServerName),
            Matcher = new StringMatcher { Exact = tls.ServerName },
        });
        return validation;
    }

    internal static TlsCertificate? Certificate(ControlPlaneTls tls) => tls.Certificate is null
        ? null
        : new TlsCertificate { CertificateChain = new DataSource { Filename = tls.Certificate }, PrivateKey = new DataSource { Filename = tls.Key } };

    private static NameType TypeOf(string name) => IPAddress.TryParse(name, out _) ? NameType.IpAddress
        : name.Contains("://", StringComparison.Ordinal) ? NameType.Uri
        : NameType.Dns;
}
