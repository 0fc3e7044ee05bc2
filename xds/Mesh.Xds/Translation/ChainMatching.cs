// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Envoy.Extensions.Matching.CommonInputs.Network.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xds.Core.V3;
using Xds.Type.Matcher.V3;

namespace Mesh.Xds.Translation;

/// <summary>Which filter chain takes a connection.</summary>
internal static class ChainMatching
{
    // The input prints the list of offered protocols, each in quotes.
    private static readonly string[] HttpProtocols = ["'h2c'", "'http/1.0'", "'http/1.1'"];

    /// <summary>By the first bytes: HTTP or anything else.</summary>
    public static Matcher ByProtocol()
    {
        var map = new Matcher.Types.MatcherTree.Types.MatchMap();
        foreach (var protocol in HttpProtocols)
        {
            map.Map.Add(protocol, Chain(FilterChains.Http));
        }

        return new Matcher
        {
            MatcherTree = new Matcher.Types.MatcherTree { Input = Extension("protocol", new ApplicationProtocolInput()), ExactMatchMap = map },
            OnNoMatch = Chain(FilterChains.Tcp),
        };
    }

    /// <summary>HTTP, also while nothing has been said; only TLS, of which nothing can be read, is carried as bytes.</summary>
    public static Matcher HttpUnlessTls()
    {
        var map = new Matcher.Types.MatcherTree.Types.MatchMap();
        map.Map.Add("tls", Chain(FilterChains.Tcp));
        return new Matcher
        {
            MatcherTree = new Matcher.Types.MatcherTree { Input = Extension("transport", new TransportProtocolInput()), ExactMatchMap = map },
            OnNoMatch = Chain(FilterChains.Http),
        };
    }

    /// <summary>By the destination's range; the most specific one decides.</summary>
    public static Matcher ByDestination(IEnumerable<string> cidrs, Matcher.Types.OnMatch inside, Matcher.Types.OnMatch outside)
    {
        var ranges = new IPMatcher.Types.IPRangeMatcher { OnMatch = inside };
        ranges.Ranges.AddRange(cidrs.Select(ToRange));
        if (ranges.Ranges.Count == 0)
        {
            return new Matcher { OnNoMatch = outside };
        }

        var ip = new IPMatcher();
        ip.RangeMatchers.Add(ranges);
        return new Matcher
        {
            MatcherTree = new Matcher.Types.MatcherTree
            {
                Input = Extension("destination", new DestinationIPInput()),
                CustomMatch = Extension("range", ip),
            },
            OnNoMatch = outside,
        };
    }

    public static Matcher.Types.OnMatch Chain(string name) => new() { Action = Extension("chain", new StringValue { Value = name }) };

    public static Matcher.Types.OnMatch Then(Matcher matcher) => new() { Matcher = matcher };

    private static CidrRange ToRange(string cidr)
    {
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        return new CidrRange
        {
            AddressPrefix = slash < 0 ? cidr : cidr[..slash],
            PrefixLen = slash < 0
                ? cidr.Contains(':', StringComparison.Ordinal) ? 128u : 32u
                : uint.Parse(cidr.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture),
        };
    }

    private static TypedExtensionConfig Extension(string name, IMessage config) => new() { Name = name, TypedConfig = ProtoValues.Pack(config) };
}
