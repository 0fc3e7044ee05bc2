// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Bootstrap;

/// <summary>
/// The secrets of the connection to the control plane, as files that Envoy takes for discovery responses. Certificates named in the bootstrap
/// itself are read once; those named in here are read again when something is moved in their folder, as a mounted Secret is renewed.
/// </summary>
public static class ControlPlaneSecrets
{
    internal const string Certificate = "control-plane-certificate";
    internal const string Roots = "control-plane-roots";
    internal const string Token = "control-plane-token";

    /// <summary>Writes them into their folder. An Envoy that runs reads them again, for they are put there by a move.</summary>
    public static void Write(ControlPlaneTls tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        var folder = tls.SecretsFolder ?? throw new ArgumentException("It has no folder for secrets.", nameof(tls));
        Directory.CreateDirectory(folder);
        foreach (var secret in Of(tls))
        {
            var path = PathOf(secret.Name, folder);
            File.WriteAllText(path + ".new", ToJson(secret));
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    internal static SdsSecretConfig Reference(string name, string folder) => new()
    {
        Name = name,
        SdsConfig = new ConfigSource { ResourceApiVersion = ApiVersion.V3, PathConfigSource = new PathConfigSource { Path = PathOf(name, folder) } },
    };

    private static IEnumerable<Secret> Of(ControlPlaneTls tls)
    {
        var roots = ControlPlaneSocket.Validation(tls);
        roots.WatchedDirectory = FolderOf(tls.Ca);
        yield return new Secret { Name = Roots, ValidationContext = roots };
        if (ControlPlaneSocket.Certificate(tls) is { } certificate)
        {
            certificate.WatchedDirectory = FolderOf(tls.Certificate);
            yield return new Secret { Name = Certificate, TlsCertificate = certificate };
        }

        if (tls.Token is { } token)
        {
            var source = new DataSource { Filename = token, WatchedDirectory = FolderOf(token) };
            yield return new Secret { Name = Token, GenericSecret = new GenericSecret { Secret = source } };
        }
    }

    // One to a file: Envoy refuses a response with more than the secret that it looks for.
    private static string PathOf(string name, string folder) => Path.Combine(folder, $"{name}.json");

    private static string ToJson(Secret secret)
    {
        var response = new DiscoveryResponse();
        response.Resources.Add(ProtoValues.Pack(secret));
        return EnvoyJson.Format(response);
    }

    private static WatchedDirectory FolderOf(string? file) => new() { Path = Path.GetDirectoryName(file) };
}
