// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Route.V3;
using Mesh.Model.Routing;
using ResponseCode = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;

namespace Mesh.Xds.Translation.Features;

/// <summary>Answers with a redirect.</summary>
internal static class Redirect
{
    public static RedirectAction Build(Model.Routing.RouteAction.Redirect redirect, Model.Routing.RouteMatch match)
    {
        var action = new RedirectAction
        {
            HostRedirect = redirect.Hostname ?? "",
            PortRedirect = (uint)(redirect.Port ?? 0),
            ResponseCode = Code(redirect.StatusCode),
        };
        if (redirect.Scheme is { } scheme)
        {
            action.SchemeRedirect = scheme;
        }

        if (redirect.Path is { } path)
        {
            SetPath(action, PathChange.Of(path, match), path);
        }

        return action;
    }

    private static void SetPath(RedirectAction action, PathChange change, PathRewrite path)
    {
        if (!change.IsPrefix)
        {
            action.PathRedirect = path.Value;
        }
        else if (change.Expression is { } expression)
        {
            action.RegexRewrite = expression;
        }
        else if (change.Prefix.Length > 0)
        {
            action.PrefixRewrite = change.Prefix;
        }
    }

    private static ResponseCode Code(int status) => status switch
    {
        301 => ResponseCode.MovedPermanently,
        303 => ResponseCode.SeeOther,
        307 => ResponseCode.TemporaryRedirect,
        308 => ResponseCode.PermanentRedirect,
        _ => ResponseCode.Found,
    };
}
