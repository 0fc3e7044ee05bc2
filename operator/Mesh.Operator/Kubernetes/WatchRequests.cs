// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Mesh.Operator.Kubernetes;

/// <summary>
/// What a reflector asks the API server, as path and query. No time-out is named: how long a watch may last is the server's policy, and a
/// connection that has died is noticed by its silence.
/// </summary>
internal static class WatchRequests
{
    /// <summary>What is there now as ADDED events, a bookmark that says so, and then what changes (KEP-3157).</summary>
    public static string StreamingList(string path) =>
        $"{path}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";

    public static string Watch(string path, string version) =>
        $"{path}?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}";

    /// <param name="path">The kind's path.</param>
    /// <param name="limit">Objects on a page; 0 for all on one.</param>
    /// <param name="next">Token that the page before gave; empty for the first.</param>
    public static string Page(string path, int limit, string next)
    {
        var query = limit == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?limit={limit}");
        return next.Length == 0 ? path + query : $"{path}{query}&continue={Uri.EscapeDataString(next)}";
    }
}
