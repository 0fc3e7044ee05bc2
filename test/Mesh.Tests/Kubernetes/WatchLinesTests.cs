// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Mesh.Operator.Kubernetes;

namespace Mesh.Tests.Kubernetes;

public sealed class WatchLinesTests
{
    [TestCase("", "", "")]
    [TestCase("a", "", "a")]
    [TestCase("a\n", "a", "")]
    [TestCase("a\nbc\nd", "a|bc", "d")]
    [TestCase("\n\r\na\n\n", "a", "")]
    public void Complete_lines_are_taken_and_the_rest_stays(string text, string lines, string rest)
    {
        foreach (var pieces in new[] { 1, 2, 100 })
        {
            var buffer = WatchText.InPieces(text, pieces);

            var taken = new List<string>();
            while (WatchLines.TryTake(ref buffer, out var line))
            {
                taken.Add(Encoding.UTF8.GetString(line));
            }

            Assert.That(string.Join('|', taken), Is.EqualTo(lines));
            Assert.That(Encoding.UTF8.GetString(buffer), Is.EqualTo(rest));
        }
    }

    [Test]
    public void Line_without_end_is_refused_when_it_is_longer_than_any_object()
    {
        var buffer = new ReadOnlySequence<byte>(new byte[WatchLines.MaximumLength + 1]);

        Assert.That(() => WatchLines.TryTake(ref buffer, out _), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task Stream_gives_what_has_arrived_as_one_batch_and_leaves_out_what_was_cut_off()
    {
        var text = """{"type":"ADDED","object":{"metadata":{"name":"a"}}}""" + "\n" + """{"type":"DELETED","object":{"metadata":{"name":"b"}}}""" + "\n" + """{"type":"ADD""";
        await using var stream = new WatchStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), WatchText.ReaderOf("Service"));

        var first = await stream.ReadAsync(CancellationToken.None);
        var second = await stream.ReadAsync(CancellationToken.None);

        Assert.That(first?.Select(one => one.GetType()), Is.EqualTo(new[] { typeof(WatchEvent.Changed), typeof(WatchEvent.Deleted) }));
        Assert.That(second, Is.Null);
    }
}
