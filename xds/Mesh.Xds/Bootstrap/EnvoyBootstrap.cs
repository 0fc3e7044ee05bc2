// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Metrics.V3;
using Envoy.Extensions.RegexEngines.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Xds.Naming;
using Mesh.Xds.Translation;
using NodeMessage = Envoy.Config.Core.V3.Node;

namespace Mesh.Xds.Bootstrap;

/// <summary>The static configuration of a node's Envoy: all else comes over one delta ADS stream.</summary>
public static class EnvoyBootstrap
{
    /// <summary>Key of the node's metadata that tells its <see cref="CaptureMode"/>.</summary>
    public const string CaptureKey = "capture";

    private static readonly string[] AdminPaths =
        ["/stats", "/ready", "/config_dump", "/clusters", "/listeners", "/logging", "/memory", "/server_info", "/drain_listeners", "/quitquitquit"];

    private const ulong BytesGivenBack = 64 << 20;
    private static readonly TimeSpan GivingBackEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectAtFirst = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan ReconnectAtLast = TimeSpan.FromSeconds(2);

    /// <summary>Every other statistic costs memory per cluster and nobody looks at it.</summary>
    private static readonly string[] StatPrefixes = ["server.", "listener_manager.", "cluster_manager.", "control_plane.", "overload."];

    private static readonly string[] StatParts =
    [
        "update_rejected", "update_success", "init_fetch_timeout", "config_reload", "config_fail", "upstream_cx_", "upstream_rq_",
        "downstream_cx_", "downstream_rq_", "outlier_detection.", "circuit_breakers.", "fault.", "no_route", "retry",
    ];

    /// <summary>The file for <c>envoy -c</c>.</summary>
    public static string ToJson(BootstrapOptions options) => EnvoyJson.Format(Build(options));

    public static Envoy.Config.Bootstrap.V3.Bootstrap Build(BootstrapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Envoy.Config.Bootstrap.V3.Bootstrap
        {
            Node = Identity(options.Node),
            Admin = Admin(options),
            DynamicResources = Dynamic(),
            StaticResources = Static(options.ControlPlane),
            DefaultRegexEngine = ProtoValues.Extension("envoy.regex_engines.google_re2", new GoogleRE2()),
            DeferredStatOptions = new() { EnableDeferredCreationStats = true },
            StatsConfig = Stats(),
            LayeredRuntime = Runtime(),
            MemoryAllocatorManager = Memory(),
            OverloadManager = Overload.Build(options.MaximumHeapBytes),
        };
    }

    /// <summary>How a node of ours introduces itself on a stream.</summary>
    public static NodeMessage Identity(MeshNode node)
    {
        var metadata = new Struct();
        metadata.Fields.Add(CaptureKey, Value.ForString(node.Capture switch
        {
            CaptureMode.Loopback => "loopback",
            CaptureMode.Redirect => "redirect",
        }));
        return new NodeMessage { Id = NodeId.Of(node.Name), Cluster = "mesh-node", Metadata = metadata };
    }

    private static Admin Admin(BootstrapOptions options)
    {
        var admin = new Admin { Address = ProtoValues.Socket(options.AdminAddress, options.AdminPort) };
        admin.AllowPaths.AddRange(AdminPaths.Select(path => new StringMatcher { Prefix = path }));
        return admin;
    }

    private static Envoy.Config.Bootstrap.V3.Bootstrap.Types.DynamicResources Dynamic()
    {
        var ads = new ApiConfigSource
        {
            ApiType = ApiConfigSource.Types.ApiType.DeltaGrpc,
            TransportApiVersion = ApiVersion.V3,
            SetNodeOnFirstMessageOnly = true,
        };
        ads.GrpcServices.Add(new GrpcService
        {
            EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = ClusterName.ControlPlane.Value, RetryPolicy = Reconnecting() },
        });
        return new() { AdsConfig = ads, CdsConfig = WithoutTimeout(), LdsConfig = WithoutTimeout() };
    }

    /// <summary>
    /// Envoy waits longer from attempt to attempt, 30 s in the end, and begins anew only when it has received a response; a control plane that
    /// comes back with nothing new sends none, and would be away longer after each restart.
    /// </summary>
    private static RetryPolicy Reconnecting() => new()
    {
        RetryBackOff = new BackoffStrategy
        {
            BaseInterval = ProtoValues.ToDuration(ReconnectAtFirst),
            MaxInterval = ProtoValues.ToDuration(ReconnectAtLast),
        },
    };

    /// <summary>A cold Envoy without its control plane waits; it does not start empty.</summary>
    private static ConfigSource WithoutTimeout()
    {
        var source = ConfigSources.Ads();
        source.InitialFetchTimeout = new Duration();
        return source;
    }

    private static Envoy.Config.Bootstrap.V3.Bootstrap.Types.StaticResources Static(ControlPlaneAddress controlPlane)
    {
        var resources = new Envoy.Config.Bootstrap.V3.Bootstrap.Types.StaticResources();
        resources.Clusters.AddRange([StaticClusters.ControlPlane(controlPlane), StaticClusters.Passthrough(), StaticClusters.Block()]);
        return resources;
    }

    private static StatsConfig Stats()
    {
        var list = new ListStringMatcher();
        list.Patterns.AddRange(StatPrefixes.Select(text => new StringMatcher { Prefix = text }));
        list.Patterns.AddRange(StatParts.Select(text => new StringMatcher { Contains = text }));
        return new StatsConfig { StatsMatcher = new StatsMatcher { InclusionList = list } };
    }

    /// <summary>Parsing thousands of scopes leaves pages free that the allocator would keep for itself, for ever on a node at rest.</summary>
    private static MemoryAllocatorManager Memory() =>
        new() { BytesToRelease = BytesGivenBack, MemoryReleaseInterval = ProtoValues.ToDuration(GivingBackEvery) };

    private static LayeredRuntime Runtime()
    {
        var layer = new Struct();

        // Expressions of users: Envoy's default of 100 refuses quite ordinary ones, and RE2 is linear whatever their size.
        layer.Fields.Add("re2.max_program_size.error_level", Value.ForNumber(ExpressionLimits.LargestProgram));
        var runtime = new LayeredRuntime();
        runtime.Layers.Add(new RuntimeLayer { Name = "static", StaticLayer = layer });
        return runtime;
    }
}
