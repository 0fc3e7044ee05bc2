// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Crds.Core;
using Mesh.Crds.GatewayApi;
using Mesh.Crds.Kinds;
using Mesh.Crds.V1Alpha1;

namespace Mesh.Tests.Crds;

internal sealed class KindReadingTests
{
    [Test]
    public void Service_keeps_what_the_mesh_reads_and_ignores_the_rest()
    {
        var read = Read("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"cart","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z",
              "labels":{"app":"cart"},"managedFields":[{"manager":"kubectl"}]},
             "spec":{"clusterIP":"10.96.0.10","sessionAffinity":"None","selector":{"app":"cart"},
              "ports":[{"name":"http","port":80,"targetPort":8080,"nodePort":30080},{"name":"admin","port":81,"targetPort":"adm"}]},
             "status":{"loadBalancer":{}}}
            """);

        var service = read.Entity as Service;
        Assert.That(read.Problems, Is.Empty);
        Assert.That(service?.Metadata.CreationTimestamp, Is.EqualTo(new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc)));
        Assert.That(service?.Metadata.Labels, Is.EqualTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" }));
        Assert.That(service?.Spec?.ClusterIP, Is.EqualTo("10.96.0.10"));
        Assert.That(service?.Spec?.Ports?.Select(p => (p.Name, p.Protocol, p.Port, Target: p.TargetPort?.Value)), Is.EqualTo(new[]
        {
            ("http", "TCP", 80, "8080"),
            ("admin", "TCP", (int?)81, "adm"),
        }));
    }

    [Test]
    public void Pod_keeps_its_status()
    {
        var read = Read("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart-1"},"spec":{"serviceAccountName":"cart","containers":[{"name":"c"}]},
             "status":{"phase":"Running","podIP":"10.244.0.7","podIPs":[{"ip":"10.244.0.7"},{"ip":"fd00::7"}]}}
            """);

        var pod = read.Entity as Pod;
        Assert.That(pod?.Status?.PodIPs?.Select(address => address.Ip), Is.EqualTo(new[] { "10.244.0.7", "fd00::7" }));
        Assert.That(pod?.Metadata.NamespaceProperty, Is.EqualTo("default"));
    }

    [Test]
    public void Status_of_a_custom_resource_is_not_read()
    {
        var read = Read("""
            {"apiVersion":"mesh.operator.dev/v1alpha1","kind":"TrafficPolicy","metadata":{"name":"p"},
             "spec":{"targetRefs":[{"kind":"Service","name":"cart"}],"retries":{}},"status":{"conditions":"whatever"}}
            """);

        Assert.That((read.Entity as TrafficPolicy)?.Status, Is.EqualTo(new PolicyStatus()));
    }

    [Test]
    public void Defaults_are_filled_in_at_every_depth()
    {
        var read = Read("""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"r"},"spec":{"parentRefs":[{"name":"gw"}]}}""");

        var route = read.Entity as HTTPRoute;
        Assert.That(route?.Spec.ParentRefs?[0], Is.EqualTo(new ParentReference { Group = "gateway.networking.k8s.io", Kind = "Gateway", Name = "gw" }));
        Assert.That(route?.Spec.Rules?[0].Matches?[0].Path, Is.EqualTo(new HTTPPathMatch { Type = PathMatchType.PathPrefix, Value = "/" }));
    }

    /// <summary>Gateway API's own table of replacements has it: "/foo/bar" with "/foo" replaced by nothing is "/bar".</summary>
    [Test]
    public void Empty_value_is_given_and_not_absent()
    {
        var read = Read("""
            {"kind":"HTTPRoute","metadata":{"name":"a"},"spec":{"rules":[{"matches":[{"path":{"value":"/foo"}}],
              "filters":[{"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":""}}}]}]}}
            """);

        Assert.That(read.Problems, Is.Empty);
        Assert.That((read.Entity as HTTPRoute)?.Spec.Rules?[0].Filters?[0].UrlRewrite?.Path?.ReplacePrefixMatch, Is.Empty);
    }

    [Test]
    public void Mesh_without_spec_has_every_default()
    {
        var read = Read("""{"apiVersion":"mesh.operator.dev/v1alpha1","kind":"Mesh","metadata":{"name":"default"}}""");

        Assert.That((read.Entity as MeshConfiguration)?.Spec.OutboundTraffic, Is.EqualTo(OutboundTrafficMode.Passthrough));
    }

    [TestCase("""{"kind":"Mesh","metadata":{"name":"other"}}""", "", "its name is \"default\"")]
    [TestCase("""{"kind":"Mesh","metadata":{"name":"default"},"spec":{"podCIDRs":["10.0.0.0/33"]}}""", "spec.podCIDRs[0]", "a range of addresses")]
    [TestCase("""{"kind":"Mesh","metadata":{"name":"default","namespace":"x"}}""", "metadata.namespace", "belongs to no namespace")]
    [TestCase("""{"kind":"Service","metadata":{"name":"1cart"},"spec":{}}""", "metadata.name", "begin with a letter")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"Cart"}}""", "metadata.name", "lower-case letters")]
    [TestCase("""{"kind":"Pod","metadata":{}}""", "metadata.name", "is required")]
    [TestCase("""{"kind":"Pod"}""", "metadata", "is required")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a","namespace":"a.b"}}""", "metadata.namespace", "lower-case letters")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a","labels":{"a b":"c"}}}""", "metadata.labels[\"a b\"]", "a key of labels")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a","labels":{"a":"b c"}}}""", "metadata.labels[\"a\"]", "is not allowed")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a","labels":{"a":true}}}""", "metadata.labels[\"a\"]", "did you mean \"true\" in quotes?")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a","creationTimestamp":"yesterday"}}""", "metadata.creationTimestamp", "a time such as")]
    [TestCase("""{"kind":"Pod","metadata":{"name":"a"},"status":{"podIP":"10.1"}}""", "status.podIP", "an IP address")]
    [TestCase("""{"kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"name":"x"}]}}""", "spec.ports[0].port", "is required")]
    [TestCase("""{"kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80},{"port":81}]}}""", "spec.ports", "every port needs a name")]
    [TestCase("""{"kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":80}]}}""", "spec.ports[1]", "same port")]
    [TestCase("""{"kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":70000}]}}""", "spec.ports[0].port", "from 1 to 65535")]
    [TestCase("""{"kind":"EndpointSlice","metadata":{"name":"a"},"addressType":"FQDN"}""", "addressType", "not supported by this mesh")]
    [TestCase("""{"kind":"EndpointSlice","metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{}]}""", "endpoints[0].addresses", "is required")]
    [TestCase("""{"kind":"HTTPRoute","metadata":{"name":"a"}}""", "spec", "is required")]
    [TestCase("""{"kind":"HTTPRoute","metadata":{"name":"a"},"spec":{"rules":[]}}""", "spec.rules", "must not be empty")]
    [TestCase("""{"kind":"HTTPRoute","metadata":{"name":"a"},"spec":{"rules":[{"sessionPersistence":{}}]}}""", "spec.rules[0].sessionPersistence", "not supported by this mesh")]
    [TestCase("""{"kind":"HTTPRoute","metadata":{"name":"a"},"spec":{"parentRefs":[{"name":"b"},{"name":"b"}]}}""", "spec.parentRefs", "named twice")]
    [TestCase("""{"kind":"GRPCRoute","metadata":{"name":"a"},"spec":{"rules":[{"matches":[{"method":{"service":"a/b"}}]}]}}""",
        "spec.rules[0].matches[0].method", "full name of a gRPC service")]
    [TestCase("""{"kind":"GRPCRoute","metadata":{"name":"a"},"spec":{"rules":[{"filters":[{"type":"URLRewrite"}]}]}}""",
        "spec.rules[0].filters[0].type", "is not allowed: must be one of")]
    public void Wrong_document_has_one_problem_that_names_its_place(string text, string path, string message)
    {
        var read = Read(text);

        Assert.That(read.Entity, Is.Null);
        Assert.That(read.Problems.Select(problem => problem.Path), Is.EqualTo(new[] { path }));
        Assert.That(read.Problems[0].Message, Does.Contain(message));
    }

    [Test]
    public void Catalog_knows_a_kind_only_in_its_own_version()
    {
        Assert.That(KindCatalog.Find("v1", "Service")?.EntityType, Is.EqualTo(typeof(Service)));
        Assert.That(KindCatalog.Find("v2", "Service"), Is.Null);
        Assert.That(KindCatalog.FindByKind("EndpointSlice")?.ApiVersion, Is.EqualTo("discovery.k8s.io/v1"));
    }

    private static ReadResult Read(string text)
    {
        var document = JsonNode.Parse(text) as JsonObject ?? [];
        var kind = KnownKind.Named(document["kind"]?.GetValue<string>());
        document["apiVersion"] = kind.ApiVersion;
        return kind.Read(document);
    }
}
