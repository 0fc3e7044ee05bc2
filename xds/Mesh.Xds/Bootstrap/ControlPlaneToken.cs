// SPDX-License-Identifier: Apache-2.0
using Envoy.Extensions.Filters.Http.CredentialInjector.V3;
using Envoy.Extensions.Filters.Http.UpstreamCodec.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.InjectedCredentials.Generic.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using Mesh.Xds.Translation;

namespace Mesh.Xds.Bootstrap;

/// <summary>
/// Makes Envoy show a token on each stream to the control plane. Metadata of its gRPC client is fixed in the bootstrap, and a token lives for an hour; a filter of
/// the cluster, though, takes it out of a secret, which Envoy reads again when the file is replaced. Streams that are open go on.
/// </summary>
internal static class ControlPlaneToken
{
    public static HttpProtocolOptions Shown(HttpProtocolOptions options, ControlPlaneTls? tls)
    {
        if (tls?.Token is null)
        {
            return options;
        }

        var folder = tls.SecretsFolder ?? throw new ArgumentException("A token takes a folder for secrets.", nameof(tls));
        var bearer = new Generic
        {
            Credential = ControlPlaneSecrets.Reference(ControlPlaneSecrets.Token, folder),
            Header = "authorization",
            HeaderValuePrefix = "Bearer ",
        };
        var injector = new CredentialInjector { Overwrite = true, Credential = ProtoValues.Extension("envoy.http.injected_credentials.generic", bearer) };
        options.HttpFilters.Add(new HttpFilter { Name = "envoy.filters.http.credential_injector", TypedConfig = ProtoValues.Pack(injector) });
        options.HttpFilters.Add(new HttpFilter { Name = "envoy.filters.http.upstream_codec", TypedConfig = ProtoValues.Pack(new UpstreamCodec()) });
        return options;
    }
}
