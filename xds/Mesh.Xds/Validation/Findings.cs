// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Mesh.Xds.Validation;

/// <summary>The place a check has reached and what it found so far. The path becomes text only when something is wrong.</summary>
internal sealed class Findings
{
    private readonly List<Step> path = [];
    private readonly List<RuleViolation> violations = [];

    public IReadOnlyList<RuleViolation> Violations => violations;

    public void Enter(string name) => path.Add(new Step(name, Index: -1, Key: null));

    public void Enter(int index) => path.Add(new Step(Name: null, index, Key: null));

    public void EnterKey(object key) => path.Add(new Step(Name: null, Index: -1, key));

    public void Leave() => path.RemoveAt(path.Count - 1);

    public void Add(string rule, string message) => violations.Add(new RuleViolation(Render(), rule, message));

    private string Render()
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            if (step.Name is { } name)
            {
                text.Append(text.Length == 0 ? "" : ".").Append(name);
            }
            else if (step.Key is { } key)
            {
                text.Append(CultureInfo.InvariantCulture, $"[\"{key}\"]");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
        }

        return text.ToString();
    }

    private readonly record struct Step(string? Name, int Index, object? Key);
}
