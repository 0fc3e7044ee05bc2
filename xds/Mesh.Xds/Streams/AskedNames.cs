// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;
using Mesh.Xds.Naming;

namespace Mesh.Xds.Streams;

/// <summary>The names in a delta request, each in its normal form; those of a request with plain names only are the request's own lists.</summary>
/// <param name="Subscribe">Names to add.</param>
/// <param name="Unsubscribe">Names to drop.</param>
/// <param name="Reported">Versions that the proxy says it has.</param>
internal readonly record struct AskedNames(IReadOnlyList<string> Subscribe, IReadOnlyList<string> Unsubscribe, IDictionary<string, string> Reported)
{
    /// <param name="request">The request.</param>
    /// <param name="type">Its type.</param>
    /// <param name="problems">Gets what is wrong with names.</param>
    public static AskedNames Of(DeltaDiscoveryRequest request, ResourceType type, NameProblems problems) => new(
        Normal(request.ResourceNamesSubscribe, type, problems),
        Normal(request.ResourceNamesUnsubscribe, type, problems: null),
        request.InitialResourceVersions.Count == 0 ? request.InitialResourceVersions : Normal(request.InitialResourceVersions, type));

    /// <summary>Each in its normal form; the same list where all names are plain.</summary>
    public static IReadOnlyList<string> Normal(IReadOnlyList<string> names, ResourceType type, NameProblems? problems)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (XdstpName.IsMeant(names[at]))
            {
                return NormalEach(names, type, problems);
            }
        }

        return names;
    }

    /// <summary>A malformed name stays as it is: there is no resource of that name.</summary>
    public static string Normal(string name, ResourceType type, NameProblems? problems)
    {
        if (!XdstpName.IsMeant(name))
        {
            return name;
        }

        if (!XdstpName.TryParse(name, out var parsed, out var problem))
        {
            problems?.Add(new ResourceKey(type, name), problem);
            return name;
        }

        if (parsed.ResourceType != type.Name())
        {
            problems?.Add(new ResourceKey(type, name), $"its resource type is {parsed.ResourceType}, and it is asked for as a {type.Name()}; collections are asked for with a path that ends in /*");
        }

        return parsed.Text;
    }

    // By itself: what its lambda captures would be allocated for plain names, too.
    private static List<string> NormalEach(IReadOnlyList<string> names, ResourceType type, NameProblems? problems) =>
        [.. names.Select(name => Normal(name, type, problems)).Distinct(StringComparer.Ordinal)];

    // Of a virtual host that there is not the proxy notes an empty version, but it has nothing of it.
    private static IDictionary<string, string> Normal(IDictionary<string, string> versions, ResourceType type)
    {
        if (!versions.Any(pair => XdstpName.IsMeant(pair.Key) || (type == ResourceType.VirtualHost && pair.Value.Length == 0)))
        {
            return versions;
        }

        var normal = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, version) in versions)
        {
            if (type != ResourceType.VirtualHost || version.Length > 0)
            {
                normal[XdstpName.Normal(name)] = version;
            }
        }

        return normal;
    }
}
