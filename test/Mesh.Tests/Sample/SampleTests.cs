// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Mesh.Sample.Folder;
using Mesh.Sample.Table;
using Mesh.Sample.Traffic;
using Mesh.Testing;
using Mesh.Tests.NodeAgent;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Sample;

public sealed class SampleTests
{
    [Test]
    public void Folder_of_the_sample_gives_its_pods_targets_and_client()
    {
        var mesh = SampleMesh.Read(Repository.File("config", "samples", "first-light"), "frontend");

        Assert.That(mesh.Pods.Select(pod => $"{pod} {pod.Version} {string.Join(',', pod.Http)} {string.Join(',', pod.Grpc)}".TrimEnd()), Is.EqualTo(new[]
        {
            "shop/cart-v1-a v1 127.1.0.11:8080",
            "shop/cart-v1-b v1 127.1.0.12:8080",
            "shop/cart-v2-a v2 127.1.0.13:8080",
            "shop/catalog-a v1 127.1.0.21:8080 127.1.0.21:9000",
            "shop/catalog-b v1 127.1.0.22:8080 127.1.0.22:9000",
            "shop/frontend-a v1 127.1.0.31:8080",
        }));
        Assert.That(mesh.Targets.Select(target => target.Name), Is.EqualTo(new[]
        {
            "cart http://127.96.0.10:8080", "catalog http://127.96.0.20:8080", "catalog grpc://127.96.0.20:9000",
        }));
        Assert.That(mesh.Client, Is.EqualTo(IPAddress.Parse("127.1.0.31")));
        Assert.That(mesh.Expected, Is.EqualTo(new[]
        {
            "GRPCRoute shop/catalog", "HTTPRoute shop/cart", "TrafficPolicy shop/cart-resilience", "TrafficPolicy shop/catalog-endpoints",
        }));
    }

    [Test]
    public void Split_of_the_sample_is_80_to_20_by_version()
    {
        var splits = WantedSplits.Read(Repository.File("config", "samples", "first-light"));

        Assert.That(splits["cart"], Is.EquivalentTo(new Dictionary<string, double>(StringComparer.Ordinal) { ["v1"] = 0.8, ["v2"] = 0.2 }));
    }

    [TestCase(400, 100, 0, null)]
    [TestCase(350, 150, 0, "seen v1 70.0 %  v2 30.0 %, wanted v1 80 %  v2 20 %")]
    [TestCase(400, 100, 1, "0.2 % (HTTP 503) of 501 calls failed")]
    [TestCase(80, 20, 0, "100 of 300 calls seen")]
    public void Traffic_falls_short_when_shares_are_off_calls_fail_or_are_too_few(int first, int second, int failed, string? expected)
    {
        var window = new TrafficWindow(new FakeTimeProvider(), TimeSpan.FromSeconds(10));
        Times(first, () => window.Answered("v1"));
        Times(second, () => window.Answered("v2"));
        Times(failed, () => window.Failed("HTTP 503"));
        var line = new TargetLine
        {
            Target = new CallTarget { Service = "cart", Address = new IPEndPoint(IPAddress.Loopback, 80), IsGrpc = false },
            Seen = window.Summarise(),
            Wanted = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["v1"] = 0.8, ["v2"] = 0.2 },
        };

        Assert.That(line.Shortcoming(300), expected is null ? Is.Null : Does.EndWith(expected));
    }

    [Test]
    public void Traffic_window_forgets_what_is_older_than_its_length()
    {
        var time = new FakeTimeProvider();
        var window = new TrafficWindow(time, TimeSpan.FromSeconds(10));
        window.Answered("v1");
        time.Advance(TimeSpan.FromSeconds(11));
        window.Answered("v2");

        Assert.That(window.Summarise().Versions, Is.EquivalentTo(new Dictionary<string, int>(StringComparer.Ordinal) { ["v2"] = 1 }));
    }

    [TestCase("True", "1/1", true)]
    [TestCase("True", "0/0", false)]
    [TestCase("Unknown", "0/1", false)]
    public void Status_of_a_policy_is_in_force_when_every_proxy_has_it(string programmed, string proxies, bool expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("status", "TrafficPolicy"));
        File.WriteAllText(folder.File("status", "TrafficPolicy", "shop.cart.yaml"), $$"""
            kind: TrafficPolicy
            metadata: {name: cart, namespace: shop}
            status:
              conditions:
              - {type: Accepted, status: "True", reason: Accepted, message: fine}
              - {type: Programmed, status: "{{programmed}}", reason: Pending, message: waiting}
              summary: {proxies: {{proxies}}}
            """);

        var status = StatusFolder.Read(folder.Path).Single();

        Assert.That(status.IsInForce, Is.EqualTo(expected));
        Assert.That(status.Wrong, programmed == "True" ? Is.Empty : Is.EqualTo(new[] { "Programmed Pending: waiting" }));
    }

    [Test]
    public void Status_of_a_route_is_the_worst_of_its_parents()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("status"));
        File.WriteAllText(folder.File("status", "cart.yaml"), """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            status:
              parents:
              - conditions: [{type: Accepted, status: "True"}]
              - conditions: [{type: Accepted, status: "False", reason: NoMatchingParent, message: no such port}]
              summary: {proxies: 1/1}
            """);

        var status = StatusFolder.Read(folder.Path).Single();

        Assert.That($"{status.Name} {status.Accepted} {status.Wrong.Single()}", Is.EqualTo("HTTPRoute shop/cart False Accepted NoMatchingParent: no such port"));
    }

    private static void Times(int count, Action action)
    {
        for (var i = 0; i < count; i++)
        {
            action();
        }
    }
}
