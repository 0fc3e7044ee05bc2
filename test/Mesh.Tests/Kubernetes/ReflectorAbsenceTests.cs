// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Pipeline;

namespace Mesh.Tests.Kubernetes;

public sealed class ReflectorAbsenceTests
{
    private const string Routes = "httproutes.gateway.networking.k8s.io";

    [TestCase(nameof(DefinitionSight.Pending), false, 100, nameof(AbsenceVerdict.Unclear), TestName = "CRDs not read yet")]
    [TestCase(nameof(DefinitionSight.Known), false, 1, nameof(AbsenceVerdict.Sure), TestName = "no such CRD")]
    [TestCase(nameof(DefinitionSight.Known), true, 1, nameof(AbsenceVerdict.Unclear), TestName = "a CRD that is not served yet")]
    [TestCase(nameof(DefinitionSight.Known), true, 6, nameof(AbsenceVerdict.Sure), TestName = "a CRD without our version")]
    [TestCase(nameof(DefinitionSight.Denied), false, 1, nameof(AbsenceVerdict.Unclear), TestName = "CRDs hidden, first miss")]
    [TestCase(nameof(DefinitionSight.Denied), false, 6, nameof(AbsenceVerdict.Sure), TestName = "CRDs hidden, still missing")]
    public void Kind_that_is_not_found_is_absent(string sight, bool isThere, int misses, string verdict)
    {
        var versions = WatchDefinitions.Pending.Versions;
        var definitions = new WatchDefinitions(Enum.Parse<DefinitionSight>(sight), isThere ? versions.Add(Routes, "7") : versions);

        Assert.That(ReflectorAbsence.Judge(definitions, Routes, misses).ToString(), Is.EqualTo(verdict));
    }

    [Test]
    public void Definitions_follow_lists_and_events()
    {
        var newest = new Newest<WatchDefinitions>(WatchDefinitions.Pending);
        var sink = new ReflectorDefinitionSink(newest);

        sink.Replace([Definition("a", "1"), Definition("b", "2")]);
        sink.Apply([new WatchEvent.Changed(Definition("c", "3")), new WatchEvent.Deleted(Definition("a", "4")), new WatchEvent.Changed(Definition("b", "5"))]);

        Assert.That(newest.Value.Sight, Is.EqualTo(DefinitionSight.Known));
        Assert.That(newest.Value.Versions, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "5", ["c"] = "3" }));

        sink.Deny();
        Assert.That((newest.Value.Sight, newest.Value.Versions.Count), Is.EqualTo((DefinitionSight.Denied, 0)));
    }

    private static WatchedObject Definition(string name, string version) =>
        new() { Key = new("CustomResourceDefinition", "", name), Version = version };
}
