// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;

namespace Mesh.Operator.Status;

/// <summary>Brings statuses to where users read them.</summary>
public interface IStatusWriter
{
    /// <summary>Whether a call only takes note and the writes come later: then the writer counts them itself.</summary>
    bool IsDeferred => false;

    /// <summary>Writes the statuses that changed and takes away those of objects that are gone. Called by one caller at a time.</summary>
    Task WriteAsync(IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken);
}
