// SPDX-License-Identifier: Apache-2.0
using k8s.Models;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

internal sealed class LeaseRulesTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    [TestCase("", 0, LeaseStep.Take, TestName = "Released_lease_is_taken_at_once")]
    [TestCase("me", 60, LeaseStep.Renew, TestName = "Own_lease_is_renewed_however_late")]
    [TestCase("other", 14.9, LeaseStep.Wait, TestName = "Lease_of_another_is_respected_while_it_may_be_renewed")]
    [TestCase("other", 15, LeaseStep.Take, TestName = "Lease_of_another_that_was_not_renewed_is_taken")]
    public void Step(string holder, double unchangedSeconds, object expected)
    {
        var found = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 };

        Assert.That(LeaseRules.Next(found, "me", TimeSpan.FromSeconds(unchangedSeconds)), Is.EqualTo(expected));
    }

    [Test]
    public void Lease_that_is_not_there_is_created()
    {
        Assert.That(LeaseRules.Next(found: null, "me", TimeSpan.Zero), Is.EqualTo(LeaseStep.Create));
    }

    [Test]
    public void Renewed_lease_keeps_when_it_was_acquired()
    {
        var first = LeaseRules.Held(before: null, "me", Duration, Documents.Noon);

        var second = LeaseRules.Held(first, "me", Duration, Documents.Noon.AddSeconds(2));

        Assert.That((second.AcquireTime, second.RenewTime, second.LeaseTransitions, second.LeaseDurationSeconds), Is.EqualTo(
            ((DateTime?)Documents.Noon, (DateTime?)Documents.Noon.AddSeconds(2), (int?)0, (int?)15)));
    }

    [Test]
    public void Taken_lease_counts_the_change()
    {
        var theirs = LeaseRules.Held(before: null, "other", Duration, Documents.Noon);

        var ours = LeaseRules.Held(LeaseRules.Released(theirs, Documents.Noon.AddSeconds(5)), "me", Duration, Documents.Noon.AddSeconds(6));

        Assert.That((ours.HolderIdentity, ours.AcquireTime, ours.LeaseTransitions), Is.EqualTo(("me", (DateTime?)Documents.Noon.AddSeconds(6), (int?)1)));
    }
}
