// SPDX-License-Identifier: Apache-2.0
using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.SetFilterState.V3;
using Mesh.Model;
using Mesh.Model.Routing;
using Mesh.Model.Settings;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Bootstrap;
using Mesh.Xds.Snapshots;
using Mesh.Xds.Translation;
using Mesh.Xds.Translation.Features;
using Mesh.Xds.Validation;
using RouteMatch = Envoy.Config.Route.V3.RouteMatch;

namespace Mesh.Tests.Translation;

internal sealed class TranslationTests
{
    [TestCase(CaptureMode.Loopback)]
    [TestCase(CaptureMode.Redirect)]
    public void Full_example_satisfies_envoys_rules(CaptureMode capture)
    {
        var resources = new[] { FullExample.First, FullExample.Second }.SelectMany(port => Snapshot(FullExample.Model(port), capture).Tables)
            .SelectMany(t => t.Resources.Values).ToList();

        Assert.That(resources.Select(r => r.Key.Type).Distinct(), Is.EquivalentTo(ResourceTypes.PushOrder.Except([ResourceType.Runtime, ResourceType.Secret, ResourceType.VirtualHost])));
        Assert.That(resources.SelectMany(r => ProtoRules.Check(r.Message)), Is.Empty);
    }

    [Test]
    public void Redirect_listeners_are_the_same_bytes_for_meshes_of_other_services_pods_and_policies()
    {
        var one = Snapshot(FullExample.Model(FullExample.First), CaptureMode.Redirect)[ResourceType.Listener].Resources;
        var two = Snapshot(MeshModel.Empty with { Revision = new Revision(7) }, CaptureMode.Redirect)[ResourceType.Listener].Resources;

        Assert.That(one.Keys.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "outbound", "outbound-http", "outbound-opaque" }));
        Assert.That(one.Values.Select(r => r.Wire.ToArray()), Is.EquivalentTo(two.Values.Select(r => r.Wire.ToArray())));
    }

    [TestCase("/foo", "/xyz", "/xyz", null)]
    [TestCase("/foo/", "/xyz/", "/xyz", null)]
    [TestCase("/foo", "", "", "^/foo/?")]
    [TestCase("/a.b-c", "/", "", @"^/a\.b\-c/?")]
    [TestCase("/", "/xyz", "/xyz/", null)]
    [TestCase("/", "/", "", null)]
    public void Prefix_is_replaced_by_whole_segments(string prefix, string replacement, string expected, string? expression)
    {
        var change = PathChange.Of(new PathRewrite(IsPrefix: true, replacement), Meshes.Prefix(prefix));

        Assert.That(change.Prefix, Is.EqualTo(expected));
        Assert.That(change.Expression?.Pattern.Regex, Is.EqualTo(expression));
    }

    [TestCase("/", "prefix:/")]
    [TestCase("/v2", "segments:/v2")]
    [TestCase("/v2/", "segments:/v2")]
    public void Prefix_matches_whole_segments(string path, string expected)
    {
        var match = Matches.Build(Meshes.Prefix(path));

        Assert.That(
            match.PathSpecifierCase == RouteMatch.PathSpecifierOneofCase.Prefix ? "prefix:" + match.Prefix : "segments:" + match.PathSeparatedPrefix,
            Is.EqualTo(expected));
    }

    [Test]
    public void Bounds_that_nobody_set_are_open()
    {
        var thresholds = Mesh.Xds.Translation.Features.ConnectionLimits.Build(limits: null).Thresholds[0];

        Assert.That(
            new uint?[] { thresholds.MaxConnections, thresholds.MaxPendingRequests, thresholds.MaxRequests }, Is.All.EqualTo(uint.MaxValue));
    }

    [Test]
    public void Detector_with_count_zero_is_not_enforced()
    {
        var detection = Mesh.Xds.Translation.Features.OutlierDetection.Build(new Model.Settings.OutlierDetection
        {
            Consecutive5xx = 0,
            ConsecutiveGatewayErrors = 3,
            Interval = TimeSpan.FromSeconds(1),
            BaseEjectionTime = TimeSpan.FromMinutes(10),
            MaxEjectionPercent = 10,
        });

        Assert.That(detection.EnforcingConsecutive5Xx, Is.Zero);
        Assert.That(detection.EnforcingConsecutiveGatewayFailure, Is.EqualTo(100));
        Assert.That(detection.MaxEjectionTime.ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void Setting_host_is_a_rewrite_and_percent_signs_stand_for_themselves()
    {
        var rule = Meshes.Rule(Meshes.AnyRequest, Meshes.Forward(FullExample.Target)) with
        {
            RequestHeaders = new HeaderChanges
            {
                Set = [new HeaderValue("Host", "example.org"), new HeaderValue("x-share", "100%")],
                Add = [],
                Remove = ["host"],
            },
        };

        var route = Routes.Build(rule, clientNamespace: null);

        Assert.That(route.Route_.HostRewriteLiteral, Is.EqualTo("example.org"));
        Assert.That(route.RequestHeadersToAdd.Select(h => (h.Header.Key, h.Header.Value)), Is.EqualTo(new[] { ("x-share", "100%%") }));
        Assert.That(route.RequestHeadersToRemove, Is.Empty);
    }

    [Test]
    public void Identity_maps_both_families_and_survives_any_name()
    {
        var resource = Identity.Build(
            [Meshes.Workload("fd00::7", "shop", "v6"), Meshes.Workload("10.244.0.5", "sh')%op", "cart-1")]);

        var config = ((Envoy.Config.Core.V3.TypedExtensionConfig)resource.Message).TypedConfig.Unpack<Config>();
        var formats = config.OnNewConnection.ToDictionary(
            v => v.ObjectKey, v => v.FormatString.TextFormatSource.InlineString, StringComparer.Ordinal);

        const string Key = "[source.address.split(source.address.startsWith('[') ? ']' : ':')[0]])%";
        Assert.That(
            formats["mesh.src"], Is.EqualTo(@"%CEL({'10.244.0.5':'sh\u0027\u0029\u0025op/cart-1','[fd00::7':'shop/v6'}" + Key));
        Assert.That(formats["mesh.src.namespace"], Is.EqualTo(@"%CEL({'10.244.0.5':'sh\u0027\u0029\u0025op','[fd00::7':'shop'}" + Key));
    }

    [Test]
    public void Cluster_is_on_demand_unless_a_mirror_needs_it()
    {
        var clusters = Snapshot(FullExample.Model(FullExample.First), CaptureMode.Loopback)[ResourceType.Cluster].Resources.Values;

        Assert.That(clusters.Where(c => !c.OnDemand).Select(c => c.Key.Name), Is.EqualTo(new[] { "s/shop/copies:8080" }));
    }

    [Test]
    public void Names_are_those_that_envoy_makes_of_addresses()
    {
        var service = Meshes.Service("fd00::10", Meshes.ServicePort(Meshes.Port("web")));

        var keys = ServiceResources.Build(service, _ => false).Select(r => r.Key.ToString());

        Assert.That(
            keys,
            Is.EqualTo(new[] { "Cluster s/shop/web:80", "Route r/shop/web:80", "Cluster o/[fd00::10]:80", "ScopedRoute o/[fd00::10]:80" }));
    }

    [Test]
    public void Loopback_listens_on_loopback_addresses_only_and_leaves_tcp_ports_alone()
    {
        var opaque = Meshes.ServicePort(Meshes.Port("db", 5432), PortProtocol.Tcp);

        var listener = (Envoy.Config.Listener.V3.Listener)LoopbackListeners.Build(Meshes.Service("127.96.0.9", opaque)).Single().Message;

        Assert.That(LoopbackListeners.Build(Meshes.Service("10.96.0.9", opaque)), Is.Empty);
        Assert.That(listener.Name, Is.EqualTo("l/127.96.0.9:5432"));
        Assert.That(listener.ListenerFilters, Is.Empty);
        Assert.That(listener.FilterChains.Select(c => c.Name), Is.EqualTo(new[] { "tcp" }));
    }

    [TestCase(PortProtocol.Detect, "envoy.filters.listener.tls_inspector envoy.filters.listener.http_inspector", 0.3)]
    [TestCase(PortProtocol.Http, "envoy.filters.listener.tls_inspector", 15)]
    [TestCase(PortProtocol.Http2, "envoy.filters.listener.tls_inspector", 15)]
    public void Only_an_undeclared_port_takes_silence_for_bytes(PortProtocol protocol, string filters, double seconds)
    {
        var port = Meshes.ServicePort(Meshes.Port("web"), protocol);

        var listener = (Envoy.Config.Listener.V3.Listener)LoopbackListeners.Build(Meshes.Service("127.96.0.9", port)).Single().Message;

        Assert.That(string.Join(' ', listener.ListenerFilters.Select(f => f.Name)), Is.EqualTo(filters));
        Assert.That(listener.ListenerFiltersTimeout.ToTimeSpan(), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(listener.FilterChainMatcher.OnNoMatch.Action.TypedConfig.Unpack<Google.Protobuf.WellKnownTypes.StringValue>().Value, Is.EqualTo(seconds < 1 ? "tcp" : "vip-http"));
    }

    [Test]
    public void Bootstrap_satisfies_envoys_rules_and_names_the_node()
    {
        var bootstrap = EnvoyBootstrap.Build(new BootstrapOptions
        {
            Node = new MeshNode(new NodeName("worker-1"), CaptureMode.Redirect),
            ControlPlane = ControlPlaneAddress.Tcp("127.0.0.1", 15010),
            AdminPort = 19000,
        });

        Assert.That(ProtoRules.Check(bootstrap), Is.Empty);
        Assert.That(bootstrap.Node.Id, Is.EqualTo("node/worker-1"));
        Assert.That(bootstrap.Node.Metadata.Fields["capture"].StringValue, Is.EqualTo("redirect"));
    }

    [TestCase("127.0.0.1", "127.0.0.1", "Static", "IpAddress", "")]
    [TestCase("mesh-operator.mesh.svc", "mesh-operator.mesh.svc", "StrictDns", "Dns", "mesh-operator.mesh.svc")]
    [TestCase("10.0.0.1", "spiffe://mesh.test/operator", "Static", "Uri", "")]
    public void Bootstrap_of_a_remote_control_plane_has_certificates_both_ways(string host, string name, string type, string nameType, string sni)
    {
        var tls = new ControlPlaneTls { Certificate = "/c.crt", Key = "/c.key", Ca = "/ca.crt", ServerName = name };

        var bootstrap = EnvoyBootstrap.Build(new BootstrapOptions
        {
            Node = new MeshNode(new NodeName("n"), CaptureMode.Loopback),
            ControlPlane = ControlPlaneAddress.Tcp(host, 15010, tls),
            AdminPort = 0,
        });

        var cluster = bootstrap.StaticResources.Clusters[0];
        var context = cluster.TransportSocket.TypedConfig.Unpack<Envoy.Extensions.TransportSockets.Tls.V3.UpstreamTlsContext>();
        var match = context.CommonTlsContext.ValidationContext.MatchTypedSubjectAltNames.Single();
        Assert.That(ProtoRules.Check(bootstrap), Is.Empty);
        Assert.That(
            (cluster.Type.ToString(), match.SanType.ToString(), match.Matcher.Exact, context.Sni), Is.EqualTo((type, nameType, name, sni)));
        Assert.That(context.CommonTlsContext.TlsCertificates.Single().PrivateKey.Filename, Is.EqualTo("/c.key"));
    }

    [Test]
    public void Dump_expands_what_is_packed()
    {
        var dump = SnapshotDump.Resources(Snapshot(FullExample.Model(FullExample.First), CaptureMode.Loopback)).ToList();

        var listener = dump.Single(d => d.Key.Type == ResourceType.Listener && d.Key.Name == "l/127.96.0.10:8080").Resource;
        Assert.That(listener.ToJsonString(), Does.Contain("\"generate_request_id\":false").And.Contain("envoy.filters.http.fault"));
        Assert.That(dump.Select(d => d.Key.Type), Is.Ordered);
    }

    private static NodeSnapshot Snapshot(MeshModel model, CaptureMode capture) =>
        SnapshotBuilder.ForNode(SnapshotBuilder.Build(model, previous: null), new MeshNode(new NodeName("n1"), capture), previous: null);
}
