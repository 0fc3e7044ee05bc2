// SPDX-License-Identifier: Apache-2.0
using KubeOps.Abstractions.Entities.Attributes;
using Mesh.Crds.Schema;

namespace Mesh.Crds.Features;

public enum LoadBalancingAlgorithm
{
    LeastRequest,
    RoundRobin,
    Random,
    RingHash,
    Maglev,
}

[Description("How the endpoint of a request or connection is chosen. Not on policies that target a route.")]
[ValidationRule("!has(self.hashOn) || self.algorithm in ['RingHash', 'Maglev']", message: "hashOn needs algorithm RingHash or Maglev")]
[ValidationRule("!has(self.choiceCount) || self.algorithm == 'LeastRequest'", message: "choiceCount needs algorithm LeastRequest")]
[ValidationRule("!has(self.minimumRingSize) || self.algorithm == 'RingHash'", message: "minimumRingSize needs algorithm RingHash")]
[ValidationRule("!has(self.slowStart) || self.algorithm in ['LeastRequest', 'RoundRobin']",
    message: "slowStart needs algorithm LeastRequest or RoundRobin")]
public sealed record LoadBalancing
{
    [Description("The algorithm.")]
    [DefaultValue("\"LeastRequest\"", Json = true)]
    public LoadBalancingAlgorithm? Algorithm { get; init; }

    [Description("How many endpoints, picked at random, LeastRequest compares.")]
    [RangeMinimum(2)]
    [RangeMaximum(10)]
    public int? ChoiceCount { get; init; }

    [Description("Smallest number of entries of the hash ring: more of them spread load more evenly and cost memory.")]
    [RangeMinimum(1)]
    [RangeMaximum(65536)]
    public int? MinimumRingSize { get; init; }

    [Description("What of a request decides its endpoint; the first one that the request carries counts. SourceAddress without a value.")]
    [Items(0, 4)]
    public IReadOnlyList<HashOn>? HashOn { get; init; }

    [Description("A new endpoint gets its full share only bit by bit.")]
    public SlowStart? SlowStart { get; init; }
}

public enum HashOnType
{
    Header,
    Cookie,
    QueryParameter,
    SourceAddress,
}

[Description("One thing to hash.")]
[ValidationRule("self.type == 'SourceAddress' ? !has(self.name) : has(self.name)",
    message: "name is needed for Header, Cookie and QueryParameter, and not allowed for SourceAddress")]
[ValidationRule("!has(self.cookieTTL) || self.type == 'Cookie'", message: "cookieTTL needs type Cookie")]
public sealed record HashOn
{
    [Description("Where the value is taken from.")]
    [Required]
    public HashOnType? Type { get; init; }

    [Description("Name of the header, cookie or query parameter.")]
    [Length(1, 256)]
    [Pattern(Patterns.HeaderName)]
    public string? Name { get; init; }

    [Description("A client without the cookie is given one of this life; \"0s\" is a session cookie. Without a value none is given.")]
    [Duration]
    public string? CookieTTL { get; init; }
}

[Description("Ramp of a new endpoint's share.")]
public sealed record SlowStart
{
    [Description("How long the share grows.")]
    [Required]
    [Duration(IsPositive = true)]
    public string? Window { get; init; }

    [Description("The share it starts with, in percent of its full one.")]
    [RangeMinimum(1)]
    [RangeMaximum(100)]
    [DefaultValue("10", Json = true)]
    public int? MinimumWeightPercent { get; init; }
}
