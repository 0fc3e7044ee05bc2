// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Replicas;
using Mesh.Operator.Status;
using Mesh.Testing;
using Mesh.Tests.Status;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Replicas;

/// <summary>What replicas tell each other by the lease.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeaseBoardTests
{
    private static readonly FleetOptions Options = new();

    private readonly FakeTimeProvider time = new();
    private readonly FleetBoard fleetOfA;
    private readonly FleetBoard fleetOfB;
    private readonly LeaseBoard a;
    private readonly LeaseBoard b;

    public LeaseBoardTests()
    {
        time.Advance(TimeSpan.FromHours(1));
        fleetOfA = new FleetBoard(Options, time);
        fleetOfB = new FleetBoard(Options, time);
        a = new LeaseBoard(fleetOfA, Options, new KubernetesOptions { Identity = "a", Address = "10.0.0.1:15010" }, time);
        b = new LeaseBoard(fleetOfB, Options, new KubernetesOptions { Identity = "b" }, time);
    }

    [Test]
    public void Leader_says_where_it_is_and_keeps_what_others_wrote()
    {
        var held = a.Held(new Dictionary<string, string>(StringComparer.Ordinal) { ["someone.else/x"] = "y", [LeaseNotes.Address] = "10.0.0.9:15010" });
        b.Read("a", held);

        Assert.That(held, Is.EqualTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["someone.else/x"] = "y", [LeaseNotes.Address] = "10.0.0.1:15010" }));
        Assert.That(b.Leader.Value, Is.EqualTo(new LeaseView("a", "10.0.0.1:15010", IsSelf: false)));
        Assert.That(LeaseBoard.Released(held).Keys, Is.EqualTo(new[] { "someone.else/x" }));
        Assert.That(b.Held(held).Keys, Is.EqualTo(new[] { "someone.else/x" }), "it has no address");
    }

    [Test]
    public async Task Replica_that_is_not_heard_says_how_many_proxies_it_has_and_the_leader_counts_them()
    {
        await LeadAsync();
        var lease = a.Held(found: null);
        HaveProxies(2);
        b.NotHeard();

        var early = b.Note(lease);
        time.Advance(Options.Unheard);
        var note = b.Note(lease);
        a.Read("a", note);
        var counted = fleetOfA.Look([]);
        var again = b.Note(note);

        Assert.That(early, Is.Null);
        Assert.That(counted.Silent, Is.EqualTo(new[] { new SilentReplica("b", 2) }));
        Assert.That(again, Is.Null, "it is said");
    }

    [Test]
    public async Task Note_is_repeated_and_believed_while_it_is()
    {
        await LeadAsync();
        HaveProxies(1);
        b.NotHeard();
        time.Advance(Options.Unheard);
        var lease = b.Note(a.Held(found: null))!;
        a.Read("a", lease);

        time.Advance(Options.Reminder);
        var repeated = b.Note(lease)!;
        a.Read("a", repeated);
        time.Advance((3 * Options.Reminder) - TimeSpan.FromSeconds(1));
        a.Read("a", repeated);
        var believed = fleetOfA.Look([]).Silent;
        time.Advance(TimeSpan.FromSeconds(1));
        a.Read("a", repeated);
        var left = fleetOfA.Look([]).Silent;

        Assert.That(repeated, Is.Not.EqualTo(lease));
        Assert.That(believed, Has.Length.EqualTo(1));
        Assert.That(left, Is.Empty, "whoever said it is gone");
        Assert.That(a.Held(repeated).Keys, Is.EqualTo(new[] { LeaseNotes.Address }));
    }

    [Test]
    public void Replica_that_is_heard_again_takes_its_note_back()
    {
        HaveProxies(1);
        b.NotHeard();
        time.Advance(Options.Unheard);
        var note = b.Note(a.Held(found: null))!;

        b.Heard();
        var after = b.Note(note)!;

        Assert.That(after.Keys, Is.EqualTo(new[] { LeaseNotes.Address }));
        Assert.That(b.Note(after), Is.Null);
    }

    [Test]
    public void Replica_without_proxies_has_nothing_to_say()
    {
        b.NotHeard();
        time.Advance(Options.Unheard);

        Assert.That(b.Note(a.Held(found: null)), Is.Null);
    }

    [TestCase("no json")]
    [TestCase("{}")]
    [TestCase("{\"replica\":\"b\",\"proxies\":-1,\"time\":\"\"}")]
    [TestCase("null")]
    public void Note_of_somebody_else_is_not_believed(string text) => Assert.That(LeaseNotes.ReadSilent(text), Is.Null);

    [Test]
    public void Key_of_a_note_is_one_that_the_api_takes()
    {
        Assert.That(LeaseNotes.SilentKey("host name-12"), Is.EqualTo("silent.mesh.operator.dev/host-name-12"));
        Assert.That(LeaseNotes.SilentKey(new string('x', 80) + "-7"), Has.Length.EqualTo("silent.mesh.operator.dev/".Length + 63));
    }

    private void HaveProxies(int count)
    {
        var scene = new StatusScene();
        for (var i = 0; i < count; i++)
        {
            scene.WithProxy($"n{i}");
        }

        scene.WithFleet(fleetOfB.Look(scene.Input().Proxies));
        fleetOfB.Reported(scene.Input(), scene.Run());
    }

    private async Task LeadAsync()
    {
        var leading = fleetOfA.LeadAsync([], CancellationToken.None);
        fleetOfA.Look([]);
        fleetOfA.Reported(new StatusScene().Input(), new StatusScene().Run());
        await leading.WithTimeout();
    }
}
