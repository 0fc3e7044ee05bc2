// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Admission;

/// <summary>What all requests of the admission port hold together: anybody in the cluster may post there.</summary>
internal sealed class RequestBudget(int mostRequests, long mostBytes)
{
    private int requests;
    private long bytes;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref requests) <= mostRequests)
        {
            return true;
        }

        Interlocked.Decrement(ref requests);
        return false;
    }

    public bool TryTake(int count)
    {
        if (Interlocked.Add(ref bytes, count) <= mostBytes)
        {
            return true;
        }

        Interlocked.Add(ref bytes, -count);
        return false;
    }

    /// <param name="taken">All that the request took.</param>
    public void Leave(long taken)
    {
        Interlocked.Add(ref bytes, -taken);
        Interlocked.Decrement(ref requests);
    }
}
