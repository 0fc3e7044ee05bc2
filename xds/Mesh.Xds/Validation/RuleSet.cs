// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Validation;

/// <summary>The compiled rules of one value, and the names of those that we cannot compile (a test keeps this list empty).</summary>
internal sealed record RuleSet
{
    public static RuleSet Empty { get; } = new();

    public IReadOnlyList<Rule> Rules { get; init; } = [];

    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>Rules with ignore_empty do not look at such a value.</summary>
    public Func<object, bool>? Exempts { get; init; }

    public bool HasWork => Rules.Count > 0 || Unsupported.Count > 0;

    public void Check(object value, Findings findings)
    {
        if (Exempts is { } exempts && exempts(value))
        {
            return;
        }

        foreach (var rule in Rules)
        {
            if (rule.Refuse(value) is { } message)
            {
                findings.Add(rule.Name, message);
            }
        }
    }
}

/// <summary><paramref name="Refuse"/> says what would be right, or null for a value that is.</summary>
internal sealed record Rule(string Name, Func<object, string?> Refuse)
{
    public static Rule Demand(string name, string message, Func<object, bool> isRight) =>
        new(name, value => isRight(value) ? null : message);
}
