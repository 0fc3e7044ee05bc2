// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes;

/// <summary>One line of a watch.</summary>
internal abstract record WatchEvent
{
    private WatchEvent()
    {
    }

    /// <summary>ADDED or MODIFIED: the object is now like this. Which of the two it was decides nothing.</summary>
    public sealed record Changed(WatchedObject Object) : WatchEvent;

    public sealed record Deleted(WatchedObject Object) : WatchEvent;

    /// <summary>All events up to this version have been sent.</summary>
    /// <param name="Version">Where a later watch may go on.</param>
    /// <param name="EndsInitialEvents">The objects that were there at the start of a streaming list have all been sent.</param>
    public sealed record Bookmark(string Version, bool EndsInitialEvents) : WatchEvent;

    /// <summary>The server ends the watch for a reason.</summary>
    public sealed record Failed(WatchException Reason) : WatchEvent;
}
