// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Kubernetes;
using Mesh.Operator.Sources;

namespace Mesh.Tests.Kubernetes;

public sealed class WatchEventReaderTests
{
    private const string Pod = """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"shop","resourceVersion":"7"}}""";

    [TestCase("""{"type":"ADDED","object":$}""", typeof(WatchEvent.Changed))]
    [TestCase("""{"type":"MODIFIED","object":$}""", typeof(WatchEvent.Changed))]
    [TestCase("""{"type":"DELETED","object":$}""", typeof(WatchEvent.Deleted))]
    [TestCase("""{"object":$,"type":"DELETED"}""", typeof(WatchEvent.Deleted))]
    [TestCase("""{"object":$,"extra":[{"type":"ADDED"}],"type":"MODIFIED"}""", typeof(WatchEvent.Changed))]
    public void Object_is_read_by_the_type_of_its_event_wherever_that_stands(string line, Type type)
    {
        foreach (var pieces in new[] { 3, 1000 })
        {
            var read = WatchEventReader.Read(WatchText.InPieces(line.Replace("$", Pod, StringComparison.Ordinal), pieces), WatchText.ReaderOf("Pod"));

            Assert.That(read, Is.TypeOf(type));
            var watched = (read as WatchEvent.Changed)?.Object ?? (read as WatchEvent.Deleted)?.Object;
            Assert.That(watched?.Key, Is.EqualTo(new ObjectKey("Pod", "shop", "p")));
            Assert.That(watched?.Version, Is.EqualTo("7"));
        }
    }

    [Test]
    public void Bookmark_tells_its_version_and_whether_the_streaming_list_is_complete()
    {
        var plain = Read("""{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"12","creationTimestamp":null}}}""");
        var end = Read("""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"13","annotations":{"k8s.io/initial-events-end":"true"}}}}""");

        Assert.That(plain, Is.EqualTo(new WatchEvent.Bookmark("12", EndsInitialEvents: false)));
        Assert.That(end, Is.EqualTo(new WatchEvent.Bookmark("13", EndsInitialEvents: true)));
    }

    [Test]
    public void Error_event_is_a_refusal_with_its_code()
    {
        var read = (WatchEvent.Failed)Read("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1 (9)"}}""");

        Assert.That(read.Reason.IsGone, Is.True);
        Assert.That(read.Reason.RefusesVersion, Is.True);
        Assert.That((read.Reason.Reason, read.Reason.Message), Is.EqualTo(("Expired", "too old resource version: 1 (9)")));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("{}")]
    [TestCase("""{"type":"ADDED"}""")]
    [TestCase("""{"type":7,"object":{}}""")]
    [TestCase("""{"type":"RENAMED","object":{}}""")]
    [TestCase("""{"type":"ADDED","object":{"metadata":""")]
    [TestCase("""{"type":"BOOKMARK","object":{"metadata":{}}}""")]
    public void Line_that_is_no_event_is_refused(string line) =>
        Assert.That(() => Read(line), Throws.TypeOf<InvalidDataException>());

    [TestCase("Pod", """{"metadata":{"name":"p","labels":{"a":"b"},"annotations":{"c":"d"}},"spec":{"nodeName":"n"},"status":{"podIP":"10.0.0.1"}}""")]
    [TestCase("TrafficPolicy", """{"metadata":{"name":"p","generation":1},"spec":{"targetRefs":[{"kind":"Service","name":"c"}],"retries":{"attempts":2}}}""")]
    public void Mutated_lines_are_events_or_refused(string kind, string json)
    {
        var line = $$"""{"type":"MODIFIED","object":{{json}}}""";
        var random = new Random(20261126);
        var reader = WatchText.ReaderOf(kind);
        var events = 0;
        for (var i = 0; i < 2000; i++)
        {
            var text = line.ToCharArray();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                text[random.Next(text.Length)] = "{}[]\":,0\\x\u00e9"[random.Next(11)];
            }

            try
            {
                WatchEventReader.Read(WatchText.InPieces(new string(text), random.Next(1, 60)), reader);
                events++;
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }

        Assert.That(events, Is.InRange(1, 1999));
    }

    private static WatchEvent Read(string line) => WatchEventReader.Read(WatchText.Of(line), WatchText.ReaderOf("Pod"));
}
