// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Mesh.Sample;
using Mesh.Sample.Kubernetes;

var (options, problem) = SampleOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n{SampleOptions.Usage}");
    return 2;
}

// The first signal asks for an orderly end; a later one ends at once. One Ctrl-C may arrive twice (from the terminal and from make or
// timeout), so what comes within a moment is the same signal.
var together = TimeSpan.FromSeconds(1);
var begun = long.MaxValue;
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    var first = Interlocked.CompareExchange(ref begun, TimeProvider.System.GetTimestamp(), long.MaxValue);
    context.Cancel = first == long.MaxValue || TimeProvider.System.GetElapsedTime(first) < together;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return options.Kubernetes
        ? await new KubernetesRun(options, Console.Out, TimeProvider.System).RunAsync(stop.Token)
        : await new SampleRun(options, Console.Out, TimeProvider.System).RunAsync(stop.Token);
}
catch (SampleException e)
{
    await Console.Error.WriteLineAsync($"FAILED: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("stopped");
    return 130;
}
