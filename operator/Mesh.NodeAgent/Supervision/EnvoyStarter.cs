// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Mesh.NodeAgent.Processes;

namespace Mesh.NodeAgent.Supervision;

/// <summary>Brings one Envoy into being: the one that runs already, or a new one.</summary>
internal sealed class EnvoyStarter(EnvoyOptions options, EnvoyFiles files, EnvoyAdmin admin, TimeProvider time)
{
    // On a busy machine an Envoy may let a question run into its limit of two seconds; that alone is no reason to end one that serves.
    private const int MostQuestions = 5;
    private static readonly TimeSpan AdminInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>The Envoy that an earlier control plane left, when it is ours in every respect; one that is not is stopped.</summary>
    /// <remarks>Not cancellable, and short: an Envoy that was found has to be adopted before it can be stopped with us.</remarks>
    public async Task<EnvoyInstance?> AdoptAsync(EnvoyStopper stopper)
    {
        if (EnvoyRecord.Read(files.Record) is not { AdminAddress: { } address } record || !record.Process.IsAlive)
        {
            return null;
        }

        var found = new EnvoyInstance(RunningProcess.Found(record.Process), address, Adopted: true, LogStart: 0);
        if (record.BootstrapSha256 == EnvoyRecord.HashOf(options.Bootstrap(address))
            && await NodeIdAsync(found) == options.NodeId)
        {
            return found;
        }

        await stopper.StopAsync(found);
        return null;
    }

    private async Task<string?> NodeIdAsync(EnvoyInstance found)
    {
        for (var asked = 1; ; asked++)
        {
            var id = await admin.NodeIdAsync(found.Admin, CancellationToken.None);
            if (id is not null || asked == MostQuestions || !found.Process.Identity.IsAlive)
            {
                return id;
            }
        }
    }

    /// <summary>A new Envoy whose admin interface answers, or why there is none: a full disk is no reason to end the control plane.</summary>
    public async Task<(EnvoyInstance? Instance, string? Problem)> StartAsync(EnvoyStopper stopper, CancellationToken ct)
    {
        EnvoyInstance? instance = null;
        try
        {
            var address = EnvoyAdmin.FreeAddress();
            var bootstrap = options.Bootstrap(address);
            files.WriteBootstrap(bootstrap);
            var logStart = files.BeginLog(options.LogLimit, time.GetUtcNow());

            // Envoy asks the kernel for a SIGTERM when the thread that started it ends (PR_SET_PDEATHSIG), and is to outlive us.
            var pid = DetachedProcess.Start(options.Binary, Arguments(), files.Log, Posix.SIGTERM);
            instance = new EnvoyInstance(RunningProcess.Child(pid), address, Adopted: false, logStart);
            RecordOf(instance, bootstrap).Write(files.Record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without its record nobody would find it again: better none runs.
            return (instance is null ? null : await GiveUpAsync(instance, stopper), e.Message);
        }

        try
        {
            return await AnswersAsync(instance, ct) is { } problem ? (await GiveUpAsync(instance, stopper), problem) : (instance, null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Whoever stops us stops the instance as well.
            return (instance, null);
        }
    }

    private static EnvoyRecord RecordOf(EnvoyInstance instance, string bootstrap) => new()
    {
        Pid = instance.Process.Identity.Pid,
        StartTime = instance.Process.Identity.StartTime,
        Admin = instance.Admin.ToString(),
        BootstrapSha256 = EnvoyRecord.HashOf(bootstrap),
    };

    private static async Task<EnvoyInstance?> GiveUpAsync(EnvoyInstance instance, EnvoyStopper stopper)
    {
        await stopper.StopAsync(instance);
        return null;
    }

    private async Task<string?> AnswersAsync(EnvoyInstance instance, CancellationToken ct)
    {
        var begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) < options.StartLimit)
        {
            if (instance.Process.Exited.IsCompleted)
            {
                return CrashReport.Of(await instance.Process.Exited, files.ReadLog(instance.LogStart));
            }

            if (await admin.NodeIdAsync(instance.Admin, ct) is not null)
            {
                return null;
            }

            await Task.WhenAny(instance.Process.Exited, Task.Delay(AdminInterval, time, ct));
            ct.ThrowIfCancellationRequested();
        }

        return CrashReport.Of(
            string.Create(CultureInfo.InvariantCulture, $"no answer at http://{instance.Admin} within {options.StartLimit.TotalSeconds:0} s"),
            files.ReadLog(instance.LogStart));
    }

    private ImmutableArray<string> Arguments()
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        arguments.AddRange("--config-path", files.Bootstrap, "--log-level", "info");
        if (options.BaseId is { } id)
        {
            arguments.AddRange("--base-id", id.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            arguments.Add("--use-dynamic-base-id");
        }

        if (options.Concurrency is { } workers)
        {
            arguments.AddRange("--concurrency", workers.ToString(CultureInfo.InvariantCulture));
        }

        return arguments.ToImmutable();
    }
}
