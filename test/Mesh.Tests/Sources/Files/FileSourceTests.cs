// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Operator.Sources.Files;
using Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Mesh.Tests.Sources.Files.Documents;

namespace Mesh.Tests.Sources.Files;

/// <summary>The source on a real folder with the kernel's own notices.</summary>
public sealed class FileSourceTests
{
    [Test]
    public async Task Folder_is_read_before_synced()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")), ("sub/b.yml", Service("front")));

        Assert.That(watched.Services, Is.EqualTo("cart:80 front:80"));
    }

    [Test]
    public async Task Written_file_is_read_again()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));

        watched.Write("a.yaml", Service("cart", 81));

        await watched.UntilAsync("cart:81");
    }

    [Test]
    public async Task File_put_in_place_by_rename_is_read()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));

        watched.Write(".draft", Service("cart", 81));
        File.Move(watched.PathOf(".draft"), watched.PathOf("a.yaml"), overwrite: true);

        await watched.UntilAsync("cart:81");
    }

    [Test]
    public async Task File_deleted_and_made_anew_never_takes_the_object_away()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));

        File.Delete(watched.PathOf("a.yaml"));
        watched.Write("a.yaml", Service("cart", 81));

        await watched.UntilAsync("cart:81");
        Assert.That(watched.Seen, Is.EqualTo(new[] { "cart:80", "cart:81" }));
        Assert.That(watched.Store.Current.Services.Values.Single().Metadata.Generation, Is.EqualTo(2));
    }

    [Test]
    public async Task Deleted_file_deletes_its_objects()
    {
        await using var watched = await Watched.StartAsync(
            folder =>
            {
                Put(folder, "a.yaml", Service("cart"));
                Put(folder, "b.yaml", Service("front"));
            },
            options => options with { Confirmation = TimeSpan.FromMilliseconds(50) });

        File.Delete(watched.PathOf("a.yaml"));

        await watched.UntilAsync("front:80");
    }

    [Test]
    public async Task File_renamed_keeps_its_objects_without_a_gap()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));

        File.Move(watched.PathOf("a.yaml"), watched.PathOf("b.yaml"));
        watched.Write("c.yaml", Service("front"));

        await watched.UntilAsync("cart:80 front:80");
        Assert.That(watched.Seen, Is.EqualTo(new[] { "cart:80", "cart:80 front:80" }));
        Assert.That(watched.Store.Current.Problems, Is.Empty);
    }

    [Test]
    public async Task New_folder_with_files_is_read_and_its_renaming_changes_nothing()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));
        watched.Write("sub/deep/b.yaml", Service("front"));
        await watched.UntilAsync("cart:80 front:80");

        Directory.Move(watched.PathOf("sub"), watched.PathOf("other"));
        watched.Write("other/deep/b.yaml", Service("front", 81));

        await watched.UntilAsync("cart:80 front:81");
        Assert.That(watched.Store.Current.Problems, Is.Empty);
    }

    [Test]
    public async Task Torn_file_sets_a_problem_and_keeps_the_object()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));

        watched.Write("a.yaml", Service("cart") + "  torn: 'x\n");

        var problems = await watched.UntilAsync(set => set.Problems.Count > 0 ? set.Problems : null);
        Assert.That(problems.Keys, Is.EquivalentTo([new ObjectKey("Service", "shop", "cart")]));
        Assert.That(watched.Services, Is.EqualTo("cart:80"));
    }

    [Test]
    public async Task Hidden_files_status_folder_and_circles_of_links_are_not_read()
    {
        await using var watched = await Watched.StartAsync(folder =>
        {
            Put(folder, "a.yaml", Service("cart"));
            Put(folder, ".hidden.yaml", Service("x1"));
            Put(folder, "a.yaml~", Service("x2"));
            Put(folder, "#b.yaml", Service("x3"));
            Put(folder, "status/Service/x.yaml", Service("x4"));
            Put(folder, ".git/c.yaml", Service("x5"));
            Put(folder, "sub/d.yaml", Service("front"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "sub", "loop"), folder);
            Directory.CreateSymbolicLink(Path.Combine(folder, "self"), Path.Combine(folder, "self"));
            File.CreateSymbolicLink(Path.Combine(folder, "dangling.yaml"), Path.Combine(folder, "nowhere"));
        });

        Assert.That(watched.Services, Is.EqualTo("cart:80 front:80"));
        Assert.That(watched.Store.Current.Problems, Is.Empty);
    }

    [Test]
    public async Task Link_to_a_device_without_end_reads_as_empty()
    {
        await using var watched = await Watched.StartAsync(("a.yaml", Service("cart")));
        File.CreateSymbolicLink(watched.PathOf("0.yaml"), "/dev/zero");

        watched.Write("a.yaml", Service("cart", 81));

        await watched.UntilAsync("cart:81");
    }

    [Test]
    public async Task Folder_of_a_config_map_is_read_again_when_its_link_is_swapped()
    {
        await using var watched = await Watched.StartAsync(folder =>
        {
            Put(folder, "..v1/a.yaml", Service("cart"));
            Put(folder, "..v2/a.yaml", Service("cart", 81));
            Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..v1");
            File.CreateSymbolicLink(Path.Combine(folder, "a.yaml"), "..data/a.yaml");
        });

        Directory.Delete(watched.PathOf("..data"));
        Directory.CreateSymbolicLink(watched.PathOf("..data"), "..v2");

        await watched.UntilAsync("cart:81");
    }

    [Test]
    public async Task Folder_replaced_by_another_is_read_with_the_regular_look()
    {
        await using var watched = await Watched.StartAsync(
            folder => Put(folder, "a.yaml", Service("cart")), options => options with { Rescan = TimeSpan.FromMilliseconds(100) });

        Directory.Move(watched.Folder, watched.Folder + ".old");
        Put(watched.Folder, "a.yaml", Service("cart", 81));
        await watched.UntilAsync("cart:81");
        watched.Write("a.yaml", Service("cart", 82));

        await watched.UntilAsync("cart:82");
        Assert.That(watched.Seen, Does.Not.Contain(""), "a folder that is away for a moment deletes nothing");
    }

    [Test]
    public void Missing_folder_is_named()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        var source = new FileSource(new FileSourceOptions { Folder = folder }, TimeProvider.System, NullLogger<FileSource>.Instance);

        Assert.That(
            () => source.RunAsync(new ResourceStore(), CancellationToken.None).WithTimeout(),
            Throws.TypeOf<FolderMissingException>().With.Message.Contains($"\"{folder}\" does not exist"));
        Assert.That(() => FileSource.ReadOnce(folder), Throws.TypeOf<FolderMissingException>());
        Assert.That(source.Synced.IsCompleted, Is.False);
    }

    private static void Put(string folder, string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>A temporary folder with a running source, and every state of the store that was seen.</summary>
    private sealed class Watched : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private Task running = Task.CompletedTask;

        private Watched(string folder) => Folder = folder;

        public string Folder { get; }

        public ResourceStore Store { get; } = new();

        public List<string> Seen { get; } = [];

        public string Services => Show(Store.Current);

        public static Task<Watched> StartAsync(params (string Path, string Text)[] files) => StartAsync(folder =>
        {
            foreach (var (path, text) in files)
            {
                Put(folder, path, text);
            }
        });

        public static async Task<Watched> StartAsync(Action<string> fill, Func<FileSourceOptions, FileSourceOptions>? change = null)
        {
            var watched = new Watched(Path.Combine(Directory.CreateTempSubdirectory("mesh-files-").FullName, "config"));
            Directory.CreateDirectory(watched.Folder);
            fill(watched.Folder);

            // Without the regular look, and with all the time in the world between two steps of a writer, unless it is what the test is about.
            var options = new FileSourceOptions { Folder = watched.Folder, Rescan = TimeSpan.FromHours(1), Confirmation = TimeSpan.FromHours(1) };
            var source = new FileSource(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<FileSource>.Instance);
            watched.running = source.RunAsync(watched.Store, watched.stop.Token);
            await source.Synced.WithTimeout();
            watched.Look();
            return watched;
        }

        public string PathOf(string path) => Path.Combine(Folder, path);

        public void Write(string path, string text) => Put(Folder, path, text);

        public async Task UntilAsync(string services) =>
            await UntilAsync(set => Show(set) == services ? set : null);

        public async Task<T> UntilAsync<T>(Func<ResourceSet, T?> find)
            where T : class
        {
            while (true)
            {
                if (find(Look()) is { } found)
                {
                    return found;
                }

                await Store.WaitForChangeAsync(stop.Token).WithTimeout();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running.WithTimeout();
            stop.Dispose();
            Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        }

        private ResourceSet Look()
        {
            var set = Store.Take().Resources;
            if (Seen.Count == 0 || Seen[^1] != Show(set))
            {
                Seen.Add(Show(set));
            }

            return set;
        }

        private static string Show(ResourceSet set) => string.Join(
            ' ', set.Services.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key.Name}:{pair.Value.Spec!.Ports![0].Port}"));
    }
}
