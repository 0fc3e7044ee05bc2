// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing.Builders;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Building;

/// <summary>
/// After any edits what was built step by step, each step from the one before, is what is built from nothing: model, findings, contributions,
/// every byte and version of the snapshot, and statuses.
/// </summary>
public sealed class IncrementTests
{
    private static readonly MeshNode[] Nodes =
    [
        new(new NodeName("n0"), CaptureMode.Redirect), new(new NodeName("n1"), CaptureMode.Loopback),
        new(new NodeName("app"), CaptureMode.Redirect) { Proxyless = new ProxylessClient("a") },
    ];

    [Explored(cases: 100)]
    public Property Steps_end_where_a_build_from_nothing_ends()
    {
        // A batch of edits is told as one change; each edit is drawn by a number of its own, so that any of them can be left out.
        var batch = Gen.Choose(0, int.MaxValue).ListOf().Resize(4).Select(static list => list.ToArray());
        var batches = batch.ListOf().Resize(40).Select(static list => list.ToArray());
        return Prop.ForAll(Arb.From(batches, Shrink), Run);
    }

    internal static void Run(int[][] batches)
    {
        var set = new ResourceSetBuilder();
        var known = State.Start;
        foreach (var batch in batches)
        {
            var keys = batch.Select(seed => new RandomObjects(new System.Random(seed)).Edit(set)).ToHashSet();
            var built = ModelBuilder.Update(known.Built, new StoreChange(set.Build(), keys));
            AssertTakenOver(known.Built.Model, built.Model);
            known = known.Follow(built);
            var fresh = State.Start.Follow(ModelBuilder.Build(set.Build()));

            Assert.That(BuildResults.Difference(known.Built, fresh.Built), Is.Empty);
            Assert.That(known.Text, Is.EqualTo(fresh.Text));
            Assert.That(known.Report.Objects.Values, Is.EqualTo(fresh.Report.Objects.Values));
        }
    }

    /// <summary>What did not change is the same object; the next stage would else do it all again.</summary>
    private static void AssertTakenOver(MeshModel before, MeshModel after)
    {
        AssertTakenOver(before.Services, after.Services, after.Changes?.Services ?? []);
        AssertTakenOver(before.Endpoints, after.Endpoints, after.Changes?.Endpoints ?? []);
    }

    private static void AssertTakenOver<TKey, TValue>(ImmutableDictionary<TKey, TValue> before, ImmutableDictionary<TKey, TValue> after, EquatableArray<TKey> told)
        where TKey : notnull
        where TValue : class
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        var differing = before.Keys.Union(after.Keys).Where(key => !Equals(before.GetValueOrDefault(key), after.GetValueOrDefault(key)));
        Assert.That(told, Is.EquivalentTo(differing));
        foreach (var (key, value) in after.Where(pair => before.TryGetValue(pair.Key, out var old) && old.Equals(pair.Value)))
        {
            Assert.That(value, Is.SameAs(before[key]));
        }
    }

    private static IEnumerable<int[][]> Shrink(int[][] batches)
    {
        for (var size = batches.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < batches.Length; at += size)
            {
                yield return [.. batches[..at], .. batches[Math.Min(at + size, batches.Length)..]];
            }
        }

        for (var at = 0; at < batches.Length; at++)
        {
            for (var edit = 0; edit < batches[at].Length; edit++)
            {
                yield return [.. batches[..at], [.. batches[at][..edit], .. batches[at][(edit + 1)..]], .. batches[(at + 1)..]];
            }
        }
    }

    private sealed record State(BuildResult Built, MeshSnapshot? Snapshot, ImmutableArray<NodeSnapshot> Parts, StatusReport Report)
    {
        public static State Start { get; } = new(BuildResult.Empty, null, [], new StatusReport(ImmutableSortedDictionary<ObjectKey, ObjectStatus>.Empty, StatusMemory.Empty));

        /// <summary>What proxies get.</summary>
        public IEnumerable<string> Text => Parts
            .SelectMany(part => part.Tables.SelectMany(table => table.Ordered.Select(resource =>
                $"{part.Node} {resource} {resource.Origins} {resource.OnDemand} {Convert.ToHexString(resource.Wire.Span)}")))
            .Concat(Snapshot!.Refused.Select(refused => refused.ToString())); // Set by Follow.

        public State Follow(BuildResult built)
        {
            var snapshot = SnapshotBuilder.Build(built.Model, Snapshot);
            var parts = Nodes.Select(node => SnapshotBuilder.ForNode(snapshot, node, Parts.FirstOrDefault(part => part.Node == node.Name))).ToImmutableArray();
            var input = new StatusInput(built, snapshot, []) { Nodes = parts };
            return new State(built, snapshot, parts, StatusReporter.Report(input, Report.Memory));
        }
    }
}
