// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Benchmarks.Streams;

/// <summary>Many streams at one server, which is a process of its own; this process is all the clients.</summary>
internal static class StreamsTable
{
    public static async Task PrintAsync()
    {
        await IdleStreams.PrintAsync();
        await StalledStreams.PrintAsync();
        await ReconnectStorm.PrintAsync();
    }
}
