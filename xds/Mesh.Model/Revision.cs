// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model;

/// <summary>A count of the states that the resource store has been in; a later state has a higher revision.</summary>
public readonly record struct Revision(long Value) : IComparable<Revision>
{
    public Revision Next() => new(Value + 1);

    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    public override string ToString() => $"@{Value}";

    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;
}
