// SPDX-License-Identifier: Apache-2.0
namespace Mesh.EndToEnd.Tests.Proxyless;

internal static class Repetition
{
    /// <summary>Does something again and again until the awaited has happened: a client does not signal that a change is in use.</summary>
    public static async Task DuringAsync(this Task awaited, Func<Task> actAsync)
    {
        while (!awaited.IsCompleted)
        {
            await actAsync();
        }

        await awaited;
    }

    /// <summary>Does something again and again until it comes out as wanted.</summary>
    public static async Task UntilAsync(Func<Task<bool>> actAsync)
    {
        while (!await actAsync())
        {
        }
    }
}
