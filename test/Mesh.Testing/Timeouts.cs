// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Mesh.Testing;

/// <summary>Every await of a test ends: with its result, or with a failure that names the place.</summary>
public static class Timeouts
{
    /// <summary>
    /// Ends what hangs and proves nothing of speed: a machine that has other things to do may take many times as long as a desk does.
    /// </summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(1);

    public static async Task<T> WithTimeout<T>(
        this Task<T> task, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            return await task.WaitAsync(limit ?? Default, TimeProvider.System);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Nothing happened within {limit ?? Default} at {Path.GetFileName(file)}:{line}", e);
        }
    }

    public static async Task WithTimeout(
        this Task task, TimeSpan? limit = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            await task.WaitAsync(limit ?? Default, TimeProvider.System);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Nothing happened within {limit ?? Default} at {Path.GetFileName(file)}:{line}", e);
        }
    }
}
