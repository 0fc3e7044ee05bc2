// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;
using Mesh.NodeAgent.Binaries;
using Mesh.Testing;

namespace Mesh.Tests.NodeAgent;

[UnsupportedOSPlatform("windows")]
public sealed class EnvoyLocatorTests
{
    private const string Current = "echo 'envoy  version: 9e55/1.40.0/Clean/RELEASE/BoringSSL'";
    private const string Old = "echo 'envoy  version: 9e55/1.36.2/Clean/RELEASE/BoringSSL'";

    [Test]
    public async Task Locator_with_every_place_filled_takes_them_in_order()
    {
        using var folder = new TemporaryFolder();
        var places = new[] { "explicit/envoy", "bin/envoy", "path/envoy", "checkout/.tools/bin/envoy", "shared/envoy/bin/envoy" };
        var paths = places.Select(place => folder.Script(place, Current)).ToArray();
        var search = new EnvoySearch { Explicit = paths[0], EnvoyBin = paths[1], SearchPath = folder.File("path"), CheckoutRoot = folder.File("checkout") };

        var found = new[]
        {
            await PathOf(search),
            await PathOf(search with { Explicit = null }),
            await PathOf(search with { Explicit = null, EnvoyBin = "" }),
            await PathOf(search with { Explicit = null, EnvoyBin = null, SearchPath = folder.File("empty") }),
        };
        File.Delete(paths[3]);
        var beside = await PathOf(new EnvoySearch { CheckoutRoot = folder.File("checkout") });

        Assert.That(found, Is.EqualTo(paths[..4]));
        Assert.That(beside, Is.EqualTo(paths[4]));
    }

    [TestCase("--envoy")]
    [TestCase("ENVOY_BIN")]
    public async Task Locator_with_explicit_path_that_does_not_exist_refuses_and_names_it(string place)
    {
        using var folder = new TemporaryFolder();
        folder.Script("path/envoy", Current);
        var missing = folder.File("missing", "envoy");
        var search = new EnvoySearch { SearchPath = folder.File("path") };

        var lookup = await FindAsync(place == "--envoy" ? search with { Explicit = missing } : search with { EnvoyBin = missing });

        Assert.That(lookup, Is.TypeOf<EnvoyLookup.Invalid>());
        Assert.That(((EnvoyLookup.Invalid)lookup).Message, Does.StartWith($"{place} names {missing}, but no such file"));
    }

    [Test]
    public async Task Locator_without_any_envoy_lists_where_it_looked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Script("path/envoy", Current), "not a program");
        folder.Script("checkout/.tools/bin/envoy", "echo something else");

        var lookup = await FindAsync(new EnvoySearch { SearchPath = folder.File("path"), CheckoutRoot = folder.File("checkout") });

        Assert.That(lookup, Is.TypeOf<EnvoyLookup.NotFound>());
        Assert.That(((EnvoyLookup.NotFound)lookup).LookedAt, Has.Length.EqualTo(3).And.One.StartsWith("PATH: ").And.One.StartsWith("cache folder: ")
            .And.One.EqualTo($"beside the checkout: {folder.File("shared", "envoy", "bin", "envoy")}: no such file"));
    }

    [Test]
    public async Task Locator_with_file_that_is_not_executable_says_so()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Script("envoy", Current);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);

        var lookup = await FindAsync(new EnvoySearch { Explicit = path });

        Assert.That(((EnvoyLookup.Invalid)lookup).Message, Does.Contain("not executable (chmod +x)"));
    }

    [TestCase(Current, null)]
    [TestCase(Old, "older than 1.37.0")]
    public async Task Binary_of_other_version_than_the_pinned_one_carries_a_warning(string script, string? warning)
    {
        using var folder = new TemporaryFolder();

        var lookup = await FindAsync(new EnvoySearch { Explicit = folder.Script("envoy", script) });

        var found = ((EnvoyLookup.Found)lookup).Binary.Warning;
        Assert.That(found, warning is null ? Is.Null : Does.Contain(warning));
    }

    private static async Task<string?> PathOf(EnvoySearch search) => ((await FindAsync(search)) as EnvoyLookup.Found)?.Binary.Path;

    private static Task<EnvoyLookup> FindAsync(EnvoySearch search) => new EnvoyLocator(search).FindAsync(CancellationToken.None).WithTimeout();
}
