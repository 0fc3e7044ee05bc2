// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;

namespace Mesh.Xds.Streams;

/// <summary>
/// Locators with dynamic parameters (xRFC TP2). Our resources have one variant each, without constraints, so that it is the right one
/// whatever the parameters; what has to be known of them is only when a name is unsubscribed from in its last variant. A stream that never
/// uses a locator has none of these.
/// </summary>
internal sealed class NameVariants
{
    private const string Plain = "";

    private readonly Dictionary<string, HashSet<string>> variants = new(StringComparer.Ordinal);

    public static bool AreIn(DeltaDiscoveryRequest request) => request.ResourceLocatorsSubscribe.Count + request.ResourceLocatorsUnsubscribe.Count > 0;

    /// <summary>The names that are subscribed to and unsubscribed from by names and locators together.</summary>
    /// <param name="request">The request.</param>
    /// <param name="asked">Its plain names.</param>
    /// <param name="normal">Makes a name's normal form.</param>
    /// <param name="isNamed">Whether a name is subscribed to already.</param>
    public AskedNames Take(DeltaDiscoveryRequest request, AskedNames asked, Func<string, string> normal, Func<string, bool> isNamed)
    {
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        dropped.UnionWith([
            .. asked.Unsubscribe.Where(name => IsLast(name, Plain)),
            .. request.ResourceLocatorsUnsubscribe.Select(locator => (Name: normal(locator.Name), Variant: Key(locator)))
                .Where(locator => IsLast(locator.Name, locator.Variant)).Select(static locator => locator.Name)]);
        var added = new HashSet<string>(asked.Subscribe, StringComparer.Ordinal);
        foreach (var name in asked.Subscribe.Where(variants.ContainsKey))
        {
            variants[name].Add(Plain);
        }

        foreach (var locator in request.ResourceLocatorsSubscribe)
        {
            var name = normal(locator.Name);
            Add(name, Key(locator), (isNamed(name) && !dropped.Contains(name)) || added.Contains(name));
            added.Add(name);
        }

        return asked with { Subscribe = [.. added], Unsubscribe = [.. dropped] };
    }

    private void Add(string name, string variant, bool isNamed)
    {
        if (variants.TryGetValue(name, out var all))
        {
            all.Add(variant);
        }
        else if (variant != Plain)
        {
            // A name without a note here is subscribed to, if it is, without parameters.
            variants.Add(name, new HashSet<string>(isNamed ? [Plain, variant] : [variant], StringComparer.Ordinal));
        }
    }

    private bool IsLast(string name, string variant)
    {
        if (!variants.TryGetValue(name, out var all))
        {
            return variant == Plain;
        }

        if (all.Remove(variant) && all.Count == 0)
        {
            variants.Remove(name);
            return true;
        }

        return false;
    }

    // Length before text, so that no two sets of parameters have one key.
    private static string Key(ResourceLocator locator) => string.Concat(locator.DynamicParameters
        .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        .Select(static pair => $"{pair.Key.Length}:{pair.Key}{pair.Value.Length}:{pair.Value}"));
}
