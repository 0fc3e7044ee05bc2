// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Pipeline;

namespace Mesh.Operator.Kubernetes;

/// <summary>What all reflectors share.</summary>
/// <param name="Client">The API server.</param>
/// <param name="Definitions">The cluster's CRDs.</param>
/// <param name="Time">Clock.</param>
/// <param name="Log">Log.</param>
internal sealed record ReflectorServices(WatchClient Client, Newest<WatchDefinitions> Definitions, TimeProvider Time, ILogger Log)
{
    /// <summary>Jitter, between 0 and 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>Published when the server answers one that it did not answer before.</summary>
    public Newest<bool> Returns { get; } = new(false);

    /// <summary>Objects on a page, for servers without streaming lists.</summary>
    public int PageSize { get; init; } = 500;
}
