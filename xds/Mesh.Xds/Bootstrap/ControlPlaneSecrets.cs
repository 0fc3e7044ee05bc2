// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Bootstrap;

/// <summary>
/// The secrets of the connection to the control plane, as a file that Envoy takes for a discovery response. Certificates named in the bootstrap
/// itself are read once; those named in here are read again when something is moved in their folder, as a mounted Secret is renewed.
/// </summary>
public static class ControlPlaneSecrets
{
    internal const string Certificate = "control-plane-certificate";
    internal const string Roots = "control-plane-roots";

    /// <summary>Content of the file.</summary>
    public static string ToJson(ControlPlaneTls tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        var certificate = ControlPlaneSocket.Certificate(tls);
        certificate.WatchedDirectory = FolderOf(tls.Certificate);
        var roots = ControlPlaneSocket.Validation(tls);
        roots.WatchedDirectory = FolderOf(tls.Ca);
        var response = new DiscoveryResponse();
        response.Resources.Add(ProtoValues.Pack(new Secret { Name = Certificate, TlsCertificate = certificate }));
        response.Resources.Add(ProtoValues.Pack(new Secret { Name = Roots, ValidationContext = roots }));
        return EnvoyJson.Format(response);
    }

    internal static SdsSecretConfig Reference(string name, string file) => new()
    {
        Name = name,
        SdsConfig = new ConfigSource { ResourceApiVersion = ApiVersion.V3, PathConfigSource = new PathConfigSource { Path = file } },
    };

    private static WatchedDirectory FolderOf(string file) => new() { Path = Path.GetDirectoryName(file) };
}
