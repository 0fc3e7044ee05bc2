// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Replicas;

/// <summary>Who leads, as the lease was read last.</summary>
/// <param name="Holder">Empty where nobody does.</param>
/// <param name="Address">Where it takes reports; null where it cannot.</param>
/// <param name="IsSelf">It is this replica.</param>
internal sealed record LeaseView(string Holder, string? Address, bool IsSelf)
{
    public static LeaseView Nobody { get; } = new(string.Empty, Address: null, IsSelf: false);

    public bool IsSelfOrNobody => IsSelf || Holder.Length == 0;
}
