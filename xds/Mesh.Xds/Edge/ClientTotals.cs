// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Mesh.Xds.Edge;

/// <summary>A sum for each connection that has one.</summary>
internal sealed class ClientTotals
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> totals = new(StringComparer.Ordinal);

    /// <returns>The client's total afterwards.</returns>
    public long Add(string client, long amount)
    {
        lock (gate)
        {
            var total = CollectionsMarshal.GetValueRefOrAddDefault(totals, client, out _) += amount;
            if (total == 0)
            {
                totals.Remove(client);
            }

            return total;
        }
    }
}
