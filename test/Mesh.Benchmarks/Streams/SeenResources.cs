// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Mesh.Xds;

namespace Mesh.Benchmarks.Streams;

/// <summary>Which resources a stream has got, a bit each: ten thousand streams have one.</summary>
internal sealed class SeenResources(int services)
{
    private readonly Dictionary<ResourceType, BitArray> byType = [];

    public int Count { get; private set; }

    public void Add(ResourceType type, int service)
    {
        if (!byType.TryGetValue(type, out var seen))
        {
            byType.Add(type, seen = new BitArray(services));
        }

        if (!seen[service])
        {
            seen[service] = true;
            Count++;
        }
    }
}
