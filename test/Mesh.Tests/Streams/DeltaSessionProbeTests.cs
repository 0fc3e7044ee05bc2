// SPDX-License-Identifier: Apache-2.0
using Mesh.Xds;
using static Mesh.Tests.Streams.Script;
using static Mesh.Xds.ResourceType;

namespace Mesh.Tests.Streams;

/// <summary>Resources of refused responses that wait to be tried again, as scripts.</summary>
internal sealed class DeltaSessionProbeTests
{
    [Test]
    public void Session_refusal_of_a_version_that_waits_to_be_tried_again_is_the_answer_to_it()
    {
        var script = new Script();
        script.Subscribe(Cluster, "a", "b");
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"));
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Subscribe(Cluster, "a", "b");
        script.Ack(1);

        script.Nack(2, "no words");
        Assert.That(script.Nack(3, "no words"), Is.EqualTo("Cluster +b=1 #4"));
        script.Ack(4);

        Assert.That(script.State.Pending, Is.Empty);
        Assert.That(script.State.Rejected.Keys, Is.EqualTo(new[] { new ResourceKey(Cluster, "a") }));
        Assert.That(script.State.Accepted.ContainsKey(new ResourceKey(Cluster, "a")), Is.True);
    }

    [Test]
    public void Session_refusal_that_comes_late_of_a_version_that_waits_to_be_tried_again_is_the_answer_to_it()
    {
        var script = new Script();
        script.Subscribe(Cluster, "a", "b");
        script.Publish(Resource(Cluster, "a", "1"), Resource(Cluster, "b", "1"));
        script.Publish(Resource(Cluster, "a", "bad"));
        script.Subscribe(Cluster, "a", "b");
        script.Ack(1);

        // The halves of the newer response are tried in turn; that of the older one says which of them is refused.
        Assert.That(script.Nack(3, "no words"), Is.EqualTo("Cluster +a=bad #4"));
        script.Nack(2, "no words");
        Assert.That(script.Nack(4, "no words"), Is.EqualTo("Cluster +b=1 #5"));
        script.Ack(5);

        Assert.That(script.State.Pending, Is.Empty);
        Assert.That(script.State.Rejected.Keys, Is.EqualTo(new[] { new ResourceKey(Cluster, "a") }));
    }
}
