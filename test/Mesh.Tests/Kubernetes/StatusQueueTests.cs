// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mesh.Tests.Kubernetes;

internal sealed class StatusQueueTests
{
    private static readonly ObjectKey A = Documents.Named("a").Status.Key;
    private static readonly ObjectKey B = Documents.Named("b").Status.Key;

    private readonly FakeTimeProvider time = new();
    private StatusQueue queue = null!; // set before every test

    [SetUp]
    public void Create() => queue = new StatusQueue(time);

    [Test]
    public async Task Report_before_a_leader_is_there_is_kept_for_it()
    {
        queue.Report([Documents.Named("a")], []);
        var take = queue.TakeAsync(CancellationToken.None);
        Assert.That(take.IsCompleted, Is.False);

        queue.Activate(time.GetUtcNow());

        Assert.That(await take.WithTimeout(), Is.EqualTo(A));
        Assert.That(queue.Reported.IsCompleted, Is.True);
    }

    [Test]
    public async Task Newest_status_replaces_the_one_that_waits()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        var newest = Documents.Named("a");
        queue.Report([newest], []);

        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();

        Assert.That(queue.Read(key).Document, Is.SameAs(newest));
        queue.Done(key, again: null);
        Assert.That(queue.TakeAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public async Task Status_that_comes_while_its_object_is_written_is_next()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        queue.Read(key);

        queue.Report([Documents.Named("a")], []);
        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False, "one writer at a time");
        queue.Done(key, again: null);

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
    }

    [Test]
    public async Task Object_that_failed_holds_up_no_other_and_waits_for_its_time()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a"), Documents.Named("b")], []);
        var first = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        queue.Failed(first, failures => TimeSpan.FromSeconds(failures));
        queue.Report([Documents.Named(first.Name)], []);

        var second = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        var third = queue.TakeAsync(CancellationToken.None);

        Assert.That(new[] { first, second }, Is.EquivalentTo([A, B]));
        Assert.That(third.IsCompleted, Is.False, "a report does not shorten the pause");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await third.WithTimeout(), Is.EqualTo(first));
    }

    [Test]
    public async Task Object_that_was_put_off_comes_at_its_time()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        var since = queue.Read(key).Since;
        queue.Done(key, time.GetUtcNow() + TimeSpan.FromSeconds(5));

        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
        Assert.That(queue.Read(A).Since, Is.EqualTo(since), "it waits since it first differed");
    }

    [Test]
    public async Task New_leader_looks_at_everything_again()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        queue.Done(await queue.TakeAsync(CancellationToken.None).WithTimeout(), again: null);
        queue.Deactivate();
        queue.Activate(time.GetUtcNow());

        Assert.That(await queue.TakeAsync(CancellationToken.None).WithTimeout(), Is.EqualTo(A));
    }

    [Test]
    public async Task Object_that_is_gone_is_looked_at_once_more_and_forgotten()
    {
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        queue.Done(await queue.TakeAsync(CancellationToken.None).WithTimeout(), again: null);
        queue.Report([], [A]);
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        Assert.That(queue.Read(key).Document, Is.Null);
        queue.Done(key, again: null);

        Assert.That(queue.Keys, Is.Empty);
    }

    [Test]
    public void Replica_that_does_not_lead_forgets_what_is_gone()
    {
        queue.Report([Documents.Named("a"), Documents.Named("b")], []);
        queue.Report([], [A]);

        Assert.That(queue.Keys, Is.EqualTo([B]));
    }

    [Test]
    public async Task Left_over_of_the_cluster_gives_way_to_a_report()
    {
        queue.Activate(time.GetUtcNow());
        queue.AddGone(A, time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromMinutes(1));
        var document = Documents.Named("a");
        queue.Report([document], []);

        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();

        Assert.That(queue.Read(key).Document, Is.SameAs(document));
    }

    [Test]
    public async Task Sight_wakes_an_object_that_is_at_rest_and_is_read_once()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        queue.Done(await ReadNextAsync(), again: null);
        var seen = new StatusSeen(A, Status: null, Unreported: null);

        queue.See([seen]);
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();

        Assert.That((key, queue.Read(key).Seen, queue.Read(key).Seen), Is.EqualTo((A, seen, (StatusSeen?)null)));
        queue.Done(key, again: null);
        Assert.That(queue.TakeAsync(CancellationToken.None).IsCompleted, Is.False);
    }

    /// <summary>Else what was written meanwhile would be held against a sight of before, or after, and one of the two would be missed.</summary>
    [Test]
    public async Task Sight_that_comes_while_its_object_is_written_is_looked_at_afterwards()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        var key = await ReadNextAsync();

        queue.See([new StatusSeen(A, Status: null, Unreported: null)]);
        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False, "one writer at a time");
        queue.Done(key, again: null);

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
        Assert.That(queue.Read(A).Seen, Is.Not.Null);
    }

    [Test]
    public async Task Sight_does_not_shorten_the_pause_of_an_object_that_failed()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        queue.Report([Documents.Named("a")], []);
        queue.Failed(await ReadNextAsync(), static _ => TimeSpan.FromSeconds(1));

        queue.See([new StatusSeen(A, Status: null, Unreported: null)]);
        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
    }

    [Test]
    public async Task Sight_counts_from_the_moment_on_from_which_a_leader_reads_the_cluster()
    {
        queue.Report([Documents.Named("a")], []);
        queue.See([new StatusSeen(A, Status: null, Unreported: null)]);
        queue.Activate(time.GetUtcNow());
        Assert.That(queue.Read(await queue.TakeAsync(CancellationToken.None).WithTimeout()).Seen, Is.Null, "a replica that does not lead holds nothing");
        queue.Deactivate();

        queue.Watch();
        queue.See([new StatusSeen(A, Status: null, Unreported: null)]);
        queue.Activate(time.GetUtcNow());

        Assert.That(queue.Read(await queue.TakeAsync(CancellationToken.None).WithTimeout()).Seen, Is.Not.Null);
    }

    [Test]
    public async Task Sight_of_an_object_that_nobody_reports_waits_for_a_report_or_counts_as_left_over()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        queue.See([new StatusSeen(A, Status: null, TimeSpan.FromSeconds(5)), new StatusSeen(B, Status: null, Unreported: null)]);
        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
        Assert.That(queue.Keys, Is.EqualTo([A]));
    }

    /// <summary>Else a new leader would call nodes away that have yet to come back to it.</summary>
    [Test]
    public async Task Sight_before_a_leader_has_read_the_cluster_shortens_no_patience_of_its_beginning()
    {
        var start = time.GetUtcNow();
        queue.Watch();
        time.Advance(TimeSpan.FromSeconds(1));
        queue.See([new StatusSeen(A, Status: null, TimeSpan.Zero), new StatusSeen(B, Status: null, TimeSpan.FromSeconds(5))]);
        time.Advance(TimeSpan.FromSeconds(1));
        queue.AddGone(A, start, start);
        queue.Activate(start);
        var first = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        var second = queue.TakeAsync(CancellationToken.None);

        Assert.That((first, queue.Read(first).Since), Is.EqualTo((A, start)));
        Assert.That(second.IsCompleted, Is.False, "a report of it may be on its way");
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(await second.WithTimeout(), Is.EqualTo(B));
    }

    [Test]
    public async Task Object_that_is_gone_while_a_leader_reads_the_cluster_is_looked_at_by_it()
    {
        queue.Report([Documents.Named("a")], []);
        queue.Watch();
        queue.Report([], [A]);
        queue.Activate(time.GetUtcNow());

        Assert.That(await queue.TakeAsync(CancellationToken.None).WithTimeout(), Is.EqualTo(A));
        Assert.That(queue.Read(A).Document, Is.Null);
    }

    [Test]
    public async Task Second_sight_of_an_object_that_nobody_reports_does_not_shorten_the_wait_for_a_report()
    {
        queue.Watch();
        queue.Activate(time.GetUtcNow());
        var seen = new StatusSeen(A, Status: null, TimeSpan.FromSeconds(5));
        queue.See([seen]);
        time.Advance(TimeSpan.FromSeconds(1));
        queue.See([seen]);
        var next = queue.TakeAsync(CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(4));

        Assert.That(await next.WithTimeout(), Is.EqualTo(A));
    }

    [Test]
    public async Task Objects_of_the_same_moment_come_in_the_order_in_which_they_were_told()
    {
        queue.Activate(time.GetUtcNow());
        var documents = Enumerable.Range(0, 20).Select(static i => Documents.Named($"n{i * 7 % 20}")).ToList();
        queue.Report(documents, []);
        var taken = new List<ObjectKey>();
        foreach (var _ in documents)
        {
            taken.Add(await queue.TakeAsync(CancellationToken.None).WithTimeout());
        }

        Assert.That(taken, Is.EqualTo(documents.Select(static document => document.Status.Key)));
    }

    private async Task<ObjectKey> ReadNextAsync()
    {
        var key = await queue.TakeAsync(CancellationToken.None).WithTimeout();
        queue.Read(key);
        return key;
    }
}
