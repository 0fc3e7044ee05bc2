// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.GatewayApi;
using Mesh.Model.Routing;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

internal static class RedirectBuilder
{
    private const int DefaultStatus = 302;
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    public static RouteAction.Redirect? Build(HTTPRequestRedirectFilter? spec, string path, ProblemList problems)
    {
        if (spec is null)
        {
            problems.Invalid(path, "is needed for a filter of type RequestRedirect");
            return null;
        }

        var status = spec.StatusCode ?? DefaultStatus;
        if (status is not (301 or 302 or 303 or 307 or 308))
        {
            problems.Invalid($"{path}.statusCode", $"{status} is no redirect; it must be 301, 302, 303, 307 or 308");
        }

        return new RouteAction.Redirect
        {
            Scheme = SpecChecks.Known(spec.Scheme, $"{path}.scheme", problems)?.ToString(),
            Hostname = RewriteBuilder.Hostname(spec.Hostname, $"{path}.hostname", problems),
            Port = SpecChecks.Range(spec.Port, 1, 65535, $"{path}.port", problems),
            Path = RewriteBuilder.PathOf(spec.Path, $"{path}.path", problems),
            StatusCode = status,
        };
    }

    /// <summary>
    /// The redirect with its port filled in (Gateway API, HTTPRequestRedirectFilter.port): the one given; else the scheme's own where a
    /// scheme is given; else the port that the request came to. The scheme's own is not written out, except where the request's Host
    /// carries another one that would be taken over.
    /// </summary>
    public static RouteAction.Redirect At(this RouteAction.Redirect redirect, int servicePort)
    {
        var wellKnown = redirect.Scheme == "https" ? HttpsPort : HttpPort;
        var port = redirect.Port ?? (redirect.Scheme is null ? servicePort : wellKnown);
        var isImplied = port == wellKnown && (redirect.Hostname is not null || servicePort == HttpPort);
        return redirect with { Port = isImplied ? null : port };
    }
}
