// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Mesh.Benchmarks.Streams.Wire;

/// <summary>Where one stream goes, and how it behaves.</summary>
/// <param name="Address">The server.</param>
/// <param name="Path">The method, <c>/service/method</c>.</param>
/// <param name="Reading">How it reads.</param>
internal sealed record WireOptions(IPEndPoint Address, string Path, Reading Reading)
{
    // Envoy's.
    private const int Large = 16 << 20;

    public int StreamWindow => Reading == Reading.GrantsNothing ? Http2.DefaultWindow : Large;

    public int ConnectionWindow => Reading == Reading.GrantsNothing ? Http2.DefaultWindow : Large + (Large / 2);
}

/// <summary>How a client treats what it is sent.</summary>
internal enum Reading
{
    /// <summary>Reads, and lets the server send on.</summary>
    All,

    /// <summary>Reads, answers pings, and never lets the server send more than HTTP/2's first 64 kB: the application hangs, its HTTP/2 lives.</summary>
    GrantsNothing,

    /// <summary>Never reads from its socket: a stopped process.</summary>
    Nothing,
}
