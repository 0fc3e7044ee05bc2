// SPDX-License-Identifier: Apache-2.0
using Mesh.Model.Settings;
using HashMessage = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;

namespace Mesh.Xds.Translation.Features;

/// <summary>What of a request decides its endpoint.</summary>
internal static class HashPolicy
{
    /// <summary>Terminal: the first one that a request carries decides alone. Envoy would else mix all that it carries into one hash.</summary>
    public static HashMessage Build(Model.Settings.HashPolicy policy)
    {
        var message = Specifier(policy);
        message.Terminal = true;
        return message;
    }

    private static HashMessage Specifier(Model.Settings.HashPolicy policy) => policy.Source switch
    {
        HashSource.Header => new HashMessage { Header = new HashMessage.Types.Header { HeaderName = policy.Name } },
        HashSource.Cookie => new HashMessage
        {
            Cookie = new HashMessage.Types.Cookie { Name = policy.Name, Path = Path(policy), Ttl = policy.CookieTtl?.ToDuration() },
        },
        HashSource.QueryParameter => new HashMessage { QueryParameter = new HashMessage.Types.QueryParameter { Name = policy.Name } },
        HashSource.SourceAddress => new HashMessage
        {
            ConnectionProperties = new HashMessage.Types.ConnectionProperties { SourceIp = true },
        },
    };

    /// <summary>A cookie that Envoy makes is for the whole service, not for the folder of the first request.</summary>
    private static string Path(Model.Settings.HashPolicy policy) => policy.CookieTtl is null ? "" : "/";
}
