// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Mesh.Xds;
using Mesh.Xds.Snapshots;

namespace Mesh.Tests.Streams;

/// <summary>What the sessions' property tests publish.</summary>
internal sealed record ModelContent(string Text, TimeSpan? Ttl)
{
    /// <summary>Another name of some resources.</summary>
    public const string Alias = "alias";

    private const string Bad = "bad";

    /// <summary>The proxy of the tests refuses it.</summary>
    public bool IsBad => Text.StartsWith(Bad, StringComparison.Ordinal);

    /// <summary>One in four is bad.</summary>
    public static string TextOf(int number) => number % 4 == 0 ? Bad + (number / 4 % 2) : (number % 4).ToString(CultureInfo.InvariantCulture);

    public static ModelContent Of(EncodedResource resource) => new(Script.Content(resource.Message), resource.Ttl?.Time);

    /// <summary>Which resource has the alias changes with the content, and several may have it.</summary>
    public bool HasAlias(string name) => name is "c" or "d" && Text == "1";

    public EncodedResource Encoded(ResourceKey key, bool onDemand = false) =>
        Script.Resource(key.Type, key.Name, Text, new ScriptDetails(OnDemand: onDemand) { Ttl = Ttl, Aliases = HasAlias(key.Name) ? [Alias] : [] });
}
