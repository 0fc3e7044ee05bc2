// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Mesh.Sample;

var (options, problem) = SampleOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n{SampleOptions.Usage}");
    return 2;
}

// The first signal asks for an orderly end, the second one ends at once.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await new SampleRun(options, Console.Out, TimeProvider.System).RunAsync(stop.Token);
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
