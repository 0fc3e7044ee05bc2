// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;

namespace Mesh.Tests.Status;

public sealed class FileStatusWriterTests
{
    private readonly List<DirectoryInfo> folders = [];

    [OneTimeTearDown]
    public void Remove() => folders.ForEach(folder => folder.Delete(recursive: true));

    [Test]
    public async Task First_write_takes_away_the_statuses_of_an_earlier_run_and_nothing_else()
    {
        var folder = NewFolder();
        await new FileStatusWriter(folder).WriteAsync([Document("gone")], [], CancellationToken.None).WithTimeout();
        var note = Path.Combine(folder, "note.txt");
        await File.WriteAllTextAsync(note, "mine").WithTimeout();

        await new FileStatusWriter(folder).WriteAsync([Document("cart")], [], CancellationToken.None).WithTimeout();

        Assert.That(Files(folder), Is.EqualTo(["TrafficPolicy/shop.cart.yaml", "note.txt"]));
    }

    [Test]
    public async Task Long_names_that_begin_alike_have_files_of_their_own()
    {
        var folder = NewFolder();
        var name = new string('a', 240);

        await new FileStatusWriter(folder).WriteAsync([Document(name + "1"), Document(name + "2")], [], CancellationToken.None).WithTimeout();

        Assert.That(Files(folder), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Status_whose_folder_was_removed_counts_as_taken_away()
    {
        var folder = NewFolder();
        var writer = new FileStatusWriter(folder);
        await writer.WriteAsync([Document("cart")], [], CancellationToken.None).WithTimeout();
        Directory.Delete(folder, recursive: true);

        await writer.WriteAsync([], [Document("cart").Status.Key], CancellationToken.None).WithTimeout();

        Assert.That(Directory.Exists(folder), Is.False);
    }

    private static StatusDocument Document(string name) => StatusDocuments.Of(
        new ObjectStatus
        {
            Key = new ObjectKey("TrafficPolicy", "shop", name),
            Generation = 1,
            Target = "-",
            Scopes = [new ScopeStatus(Parent: null, [])],
            Proxies = new ProxySummary(0, 0, 0),
        },
        previous: null,
        DateTime.UnixEpoch);

    private static string[] Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .Order(StringComparer.Ordinal),
    ];

    private string NewFolder()
    {
        var root = Directory.CreateTempSubdirectory("mesh-test-");
        lock (folders)
        {
            folders.Add(root);
        }

        return Path.Combine(root.FullName, "status");
    }
}
