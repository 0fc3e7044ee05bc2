// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Supervision;

/// <summary>Stops an Envoy: drain for a moment, SIGINT (SIGTERM does not reach it, see its start), and SIGKILL when that does not help.</summary>
internal sealed class EnvoyStopper(EnvoyOptions options, EnvoyAdmin admin, TimeProvider time)
{
    // Not cancellable: whoever stops is already being stopped, and every step has its limit.
    public async Task StopAsync(EnvoyInstance instance)
    {
        if (options.Drain > TimeSpan.Zero)
        {
            await admin.DrainAsync(instance.Admin, CancellationToken.None);
            await EndsWithinAsync(instance.Process, options.Drain);
        }

        instance.Process.Signal(Posix.SIGINT);
        if (!await EndsWithinAsync(instance.Process, options.StopLimit))
        {
            instance.Process.Signal(Posix.SIGKILL);
            await EndsWithinAsync(instance.Process, options.StopLimit);
        }
    }

    private async Task<bool> EndsWithinAsync(RunningProcess process, TimeSpan limit)
    {
        try
        {
            await process.Exited.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
