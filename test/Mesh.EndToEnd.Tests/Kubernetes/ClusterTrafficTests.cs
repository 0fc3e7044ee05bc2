// SPDX-License-Identifier: Apache-2.0
using Mesh.Crds.V1Alpha1;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Kubernetes;

/// <summary>Services, slices, nodes and labels of a cluster, as a pod that calls meets them through a real Envoy.</summary>
internal sealed class ClusterTrafficTests
{
    private ClusterWorld world = null!; // set before every test

    [OneTimeSetUp]
    public async Task StartAsync() => world = await ClusterWorld.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    [Test]
    public async Task Requests_stay_in_the_zone_of_the_node_and_leave_it_when_nobody_there_is_ready()
    {
        const string InA = "zone: a, hints: {forZones: [{name: a}]}";
        const string InB = "zone: b, hints: {forZones: [{name: b}]}";
        const string Leaves = "conditions: {ready: false, serving: true, terminating: true}, ";
        var url = await world.ServeAsync(
            "near", "trafficDistribution: PreferClose", ClusterWorld.Endpoint("one", InA), ClusterWorld.Endpoint("two", InB), ClusterWorld.Endpoint("three", InB));
        await world.Caller.AnsweredAsync(url);
        var inZone = await world.AnswersAsync(url);

        await world.SliceAsync("near", ClusterWorld.Endpoint("one", Leaves + InA), ClusterWorld.Endpoint("two", InB), ClusterWorld.Endpoint("three", InB));
        var outOfZone = await world.AnswersAsync(url);

        Assert.That(inZone, Is.EqualTo("one"));
        Assert.That(outOfZone, Is.EqualTo("three two"));
    }

    [Test]
    public async Task Endpoint_that_shuts_down_finishes_what_it_has_and_is_called_when_no_other_is_left()
    {
        const string Leaves = "conditions: {ready: false, serving: true, terminating: true}";
        var url = await world.ServeAsync("leaving", "type: ClusterIP", ClusterWorld.Endpoint("one"));
        await world.Caller.AnsweredAsync(url);
        var slow = world.Caller.GetAsync(url + "stream/3/delay/1s");

        await world.SliceAsync("leaving", ClusterWorld.Endpoint("one", Leaves), ClusterWorld.Endpoint("two"));
        var whileAnotherIsReady = await world.AnswersAsync(url);
        await world.SliceAsync("leaving", ClusterWorld.Endpoint("one", Leaves));
        var alone = await world.AnswersAsync(url);

        Assert.That(whileAnotherIsReady, Is.EqualTo("two"));
        Assert.That(alone, Is.EqualTo("one"));
        Assert.That((await slow.WithTimeout()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Local_service_is_answered_by_endpoints_on_the_node_or_by_nobody()
    {
        var url = await world.ServeAsync(
            "local", "internalTrafficPolicy: Local", ClusterWorld.Endpoint("one", "nodeName: test"), ClusterWorld.Endpoint("two", "nodeName: other"));
        await world.Caller.AnsweredAsync(url);
        var here = await world.AnswersAsync(url);

        await world.SliceAsync("local", ClusterWorld.Endpoint("two", "nodeName: other"));
        var elsewhere = await world.AnswersAsync(url, calls: 3);

        Assert.That(here, Is.EqualTo("one"));
        Assert.That(elsewhere, Is.EqualTo("status 503"));
    }

    [Test]
    public async Task Session_affinity_keeps_a_client_at_one_endpoint()
    {
        var url = await world.ServeAsync("sticky", "sessionAffinity: ClientIP", ClusterWorld.Pods.Select(pod => ClusterWorld.Endpoint(pod)));
        await world.Caller.AnsweredAsync(url);

        Assert.That(ClusterWorld.Pods, Does.Contain(await world.AnswersAsync(url)));
    }

    [Test]
    public async Task Pod_of_two_families_is_reached_by_the_other_when_the_first_does_not_answer()
    {
        // Nobody listens at the IPv4 address.
        var four = $"{{addresses: [127.1.162.77], targetRef: {{kind: Pod, name: six, namespace: {Objects.Space}}}}}";
        var six = $"{{addresses: [\"::1\"], targetRef: {{kind: Pod, name: six, namespace: {Objects.Space}}}}}";
        var url = await world.ServeAsync("both", "ipFamilyPolicy: SingleStack");
        await world.ApplySliceAsync("both", "IPv4", world.SixPort, [four]);
        await world.ApplySliceAsync("both", "IPv6", world.SixPort, [six]);
        await world.Mesh.ModelAsync(model => model.Endpoints[Port("both")].Endpoints is [{ Address: "127.1.162.77", OtherAddress: "::1" }]);
        await world.Caller.AnsweredAsync(url);

        Assert.That(await world.AnswersAsync(url, calls: 10), Is.EqualTo("six"));
    }

    [Test]
    public async Task Route_leads_to_a_headless_service_and_cannot_be_attached_to_one()
    {
        var url = await world.ServeAsync("front", "type: ClusterIP", ClusterWorld.Endpoint("one"));
        await world.ServeAsync("headless", "clusterIP: None", ClusterWorld.Endpoint("two"));
        await world.Server.ApplyAsync(Route("to-headless", "[{group: \"\", kind: Service, name: front}]", "headless"));
        await world.Server.ApplyAsync(Route("on-headless", "[{group: \"\", kind: Service, name: headless}]", "front"));

        await world.Mesh.ProgrammedAsync(Key("to-headless"));
        var refused = await world.Mesh.StatusAsync(Key("on-headless"), document => Condition(document, ConditionTypes.Accepted).Status == ConditionStatus.False);
        await world.Caller.AnsweredAsync(url);

        Assert.That(await world.AnswersAsync(url, calls: 10), Is.EqualTo("two"));
        Assert.That(Condition(refused, ConditionTypes.Accepted).Message, Does.Contain("Service shop/headless is headless"));
    }

    [Test]
    public async Task ExternalName_is_no_backend_and_requests_to_it_fail_and_do_not_go_elsewhere()
    {
        var url = await world.ServeAsync("half", "type: ClusterIP", ClusterWorld.Endpoint("one"));
        await world.Server.ApplyAsync($"{{apiVersion: v1, kind: Service, metadata: {{name: outside, namespace: {Objects.Space}}}, spec: {{type: ExternalName, externalName: example.com, ports: [{{port: 8080}}]}}}}");
        await world.Server.ApplyAsync(Route("to-outside", "[{group: \"\", kind: Service, name: half}]", "outside"));

        var status = await world.Mesh.StatusAsync(Key("to-outside"), document => Condition(document, ConditionTypes.ResolvedRefs).Status == ConditionStatus.False
            && Condition(document, ConditionTypes.Programmed).Status == ConditionStatus.True);
        await world.Mesh.SettledAsync();

        Assert.That(Condition(status, ConditionTypes.ResolvedRefs).Reason, Is.EqualTo(Reasons.BackendNotFound));
        Assert.That(await world.AnswersAsync(url, calls: 3), Is.EqualTo("status 500"));
    }

    [Test]
    public async Task Clients_get_the_routes_of_their_namespace_once_they_are_enrolled()
    {
        var url = await world.ServeAsync("shared", "type: ClusterIP", ClusterWorld.Endpoint("one"));
        await world.ServeAsync("canary", "type: ClusterIP", ClusterWorld.Endpoint("two"));
        var key = new ObjectKey("HTTPRoute", "web", "own");
        await world.Server.ApplyAsync(
            $"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {"{"}name: own, namespace: web{"}"}
            spec:
              parentRefs: [{"{"}group: "", kind: Service, name: shared, namespace: {Objects.Space}{"}"}]
              rules: [{"{"}backendRefs: [{"{"}name: canary, namespace: {Objects.Space}, port: {ClusterWorld.Port}{"}"}]{"}"}]
            """);
        var before = await world.Mesh.ProgrammedAsync(key);
        await world.Caller.AnsweredAsync(url);
        var stranger = await world.AnswersAsync(url, calls: 10);

        await world.Server.KubectlAsync("label", "namespace", "web", $"{EnrolmentLabel.Key}={EnrolmentLabel.Enabled}");
        await world.Mesh.ModelAsync(model => model.Workloads.Any(workload => workload.Name == "caller"));
        var after = await world.Mesh.StatusAsync(key, document => !Condition(document, ConditionTypes.Accepted).Message!.Contains("enrol", StringComparison.Ordinal));

        // Who calls is told by the connection, once and for all its requests.
        using var enrolled = new PodClient("127.1.162.9");
        var own = await enrolled.GetAsync(url).WithTimeout();

        Assert.That(stranger, Is.EqualTo("one"));
        Assert.That(Condition(before, ConditionTypes.Accepted).Message, Does.Contain("of which no pod is enrolled"));
        Assert.That(own.Pod, Is.EqualTo("two"));
        Assert.That(Condition(after, ConditionTypes.Accepted).Status, Is.EqualTo(ConditionStatus.True));
        await world.Mesh.StatusAsync(
            new ObjectKey("MeshNode", "", ClusterWorld.Node), document => document.Status.Node is { Workloads: 1, Zone: "a" });
    }

    private static ObjectKey Key(string route) => new("HTTPRoute", Objects.Space, route);

    private static ServicePortName Port(string service) => new(new ServiceName(Objects.Space, service), ClusterWorld.Port);

    private static Condition Condition(StatusDocument document, string type) => document.AllConditions.First(condition => condition.Type == type);

    private static string Route(string name, string parents, string backend) =>
        $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{name}}, namespace: {{Objects.Space}}}
        spec:
          parentRefs: {{parents}}
          rules: [{backendRefs: [{name: {{backend}}, port: {{ClusterWorld.Port}}}]}]
        """;
}
