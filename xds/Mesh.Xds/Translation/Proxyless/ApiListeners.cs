// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Mesh.Model;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Translation.Proxyless;

/// <summary>
/// What a gRPC client asks for first: a listener of the very name that its user wrote after <c>xds:///</c>. It listens nowhere; it
/// says where the routes are and which filters are there (gRFC A27, A39).
/// </summary>
internal static class ApiListeners
{
    public static IEnumerable<XdsResource> Build(ServicePortName port)
    {
        var routes = RouteConfigurationName.Of(port);
        var manager = ProtoValues.Pack(Manager(routes));
        return ListenerName.TargetsOf(port).Select(name => new XdsResource
        {
            Key = name.Key,
            Message = new Listener { Name = name.Value, ApiListener = new ApiListener { ApiListener_ = manager } },
            Origins = Origins.None,
            OnDemand = true,
            References = [routes.Key],
        });
    }

    /// <summary>gRPC refuses filters that it does not know, and wants the router last.</summary>
    private static HttpConnectionManager Manager(RouteConfigurationName routes)
    {
        var manager = new HttpConnectionManager
        {
            StatPrefix = "proxyless",
            Rds = new Rds { ConfigSource = ConfigSources.Ads(), RouteConfigName = routes.Value },
        };
        manager.HttpFilters.Add(Filter(HttpFilterChain.Fault, new HTTPFault()));
        manager.HttpFilters.Add(Filter("envoy.filters.http.router", new Router()));
        return manager;
    }

    private static HttpFilter Filter(string name, IMessage settings) => new() { Name = name, TypedConfig = ProtoValues.Pack(settings) };
}
