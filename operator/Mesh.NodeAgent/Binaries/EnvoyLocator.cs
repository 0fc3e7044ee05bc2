// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Binaries;

/// <summary>
/// Finds Envoy: <c>--envoy</c>, <c>ENVOY_BIN</c>, <c>PATH</c>, the cache folder <c>.tools</c>, <c>shared/envoy/bin</c> beside the checkout.
/// </summary>
public sealed class EnvoyLocator(EnvoySearch search)
{
    public async Task<EnvoyLookup> FindAsync(CancellationToken ct)
    {
        var lookedAt = ImmutableArray.CreateBuilder<string>();
        foreach (var place in Places())
        {
            var answer = await EnvoyVersionQuery.AskAsync(place.Path, ct);
            if (answer.Version is { } version)
            {
                return new EnvoyLookup.Found(new EnvoyBinary(Path.GetFullPath(place.Path), place.FoundBy, version));
            }

            if (place.IsExplicit)
            {
                return new EnvoyLookup.Invalid(
                    $"{place.FoundBy} names {place.Path}, but {answer.Problem}; give the path of an Envoy {EnvoyRelease.Pinned} binary, or leave it out.");
            }

            lookedAt.Add($"{place.FoundBy}: {place.Path}: {answer.Problem}");
        }

        if (!lookedAt.Any(line => line.StartsWith("PATH:", StringComparison.Ordinal)))
        {
            lookedAt.Insert(0, "PATH: no folder of it holds an executable \"envoy\"");
        }

        return new EnvoyLookup.NotFound([.. lookedAt]);
    }

    private IEnumerable<Place> Places()
    {
        if (search.Explicit is { } option)
        {
            yield return new Place("--envoy", option, IsExplicit: true);
        }

        if (!string.IsNullOrEmpty(search.EnvoyBin))
        {
            yield return new Place("ENVOY_BIN", search.EnvoyBin, IsExplicit: true);
        }

        foreach (var path in new SearchPath(search.SearchPath).All("envoy"))
        {
            yield return new Place("PATH", path, IsExplicit: false);
        }

        if (search.CheckoutRoot is { } root)
        {
            yield return new Place("cache folder", Path.Combine(Checkout.ToolsFolder(root), "bin", "envoy"), IsExplicit: false);
            yield return new Place("beside the checkout", Path.GetFullPath(Path.Combine(root, "..", "shared", "envoy", "bin", "envoy")), IsExplicit: false);
        }
    }

    private sealed record Place(string FoundBy, string Path, bool IsExplicit);
}
