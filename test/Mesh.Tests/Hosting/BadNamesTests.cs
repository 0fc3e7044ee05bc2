// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Testing;
using Mesh.Xds;
using Mesh.Xds.Hosting;
using Mesh.Xds.Streams;
using Microsoft.Extensions.Logging;

namespace Mesh.Tests.Hosting;

internal sealed class BadNamesTests
{
    private static readonly NodeName Node = new("n");

    [Test]
    public void Bad_name_is_logged_once_with_what_would_be_right()
    {
        using var logs = new RecordedLogs();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var names = new BadNames(factory.CreateLogger<BadNames>());

        names.Tell(Node, [Problem("xdstp:x"), Problem("xdstp:x")]);
        names.Tell(new NodeName("other"), [Problem("xdstp:x"), Problem("xdstp:y")]);

        Assert.That(logs.Lines, Has.Count.EqualTo(2));
        Assert.That(logs.Lines.First(), Does.Contain("Node n asks for Cluster \"xdstp:x\"").And.Contain("right is this"));
    }

    [Test]
    public void Bad_names_without_end_are_logged_up_to_a_bound()
    {
        using var logs = new RecordedLogs();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var names = new BadNames(factory.CreateLogger<BadNames>());

        names.Tell(Node, [.. Enumerable.Range(0, 3000).Select(static number => Problem($"xdstp:{number}"))]);

        Assert.That(logs.Lines, Has.Count.EqualTo(1001));
        Assert.That(logs.Lines.Last(), Does.Contain("not logged any longer"));
    }

    private static NameProblem Problem(string name) => new(new ResourceKey(ResourceType.Cluster, name), "right is this");
}
