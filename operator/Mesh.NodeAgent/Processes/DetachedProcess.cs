// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Mesh.NodeAgent.Processes;

/// <summary>
/// Starts a program that outlives us: in a session of its own (no Ctrl-C, no hang-up reaches it), with input from nowhere, output into a
/// file, and none of our descriptors. <see cref="System.Diagnostics.Process"/> can do none of the three.
/// </summary>
internal static unsafe class DetachedProcess
{
    private static readonly int[] Defaulted = [Posix.SIGHUP, Posix.SIGINT, Posix.SIGQUIT, Posix.SIGPIPE, Posix.SIGTERM, Posix.SIGCHLD];

    /// <summary>The process id; an <see cref="IOException"/> when the program cannot be started.</summary>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="outputPath">File that its output is appended to.</param>
    /// <param name="blocked">Signals that do not reach it.</param>
    public static int Start(string program, ImmutableArray<string> arguments, string outputPath, params ReadOnlySpan<int> blocked)
    {
        var actions = stackalloc byte[Posix.OpaqueSize];
        var attributes = stackalloc byte[Posix.OpaqueSize];
        Check(Posix.FileActionsInit(actions), "posix_spawn_file_actions_init");
        Check(Posix.AttributesInit(attributes), "posix_spawnattr_init");
        try
        {
            RedirectStandardStreams(actions, outputPath);
            OwnSessionAndSignals(attributes, blocked);
            using var argv = new NativeStrings([program, .. arguments]);
            using var environment = new NativeStrings(CurrentEnvironment());
            var error = Posix.Spawn(out var pid, program, actions, attributes, argv.Pointer, environment.Pointer);
            return error == 0 ? pid : throw new IOException($"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        finally
        {
            _ = Posix.AttributesDestroy(attributes);
            _ = Posix.FileActionsDestroy(actions);
        }
    }

    private static void RedirectStandardStreams(byte* actions, string outputPath)
    {
        const uint readWriteForOwner = 0x180; // 0600
        Check(Posix.FileActionsAddOpen(actions, 0, "/dev/null", Posix.O_RDONLY, 0), "standard input");
        Check(Posix.FileActionsAddOpen(actions, 1, outputPath, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_APPEND, readWriteForOwner), "standard output");
        Check(Posix.FileActionsAddDup(actions, 1, 2), "standard error");
        try
        {
            // Without this a lock or pipe that our own parent handed to us would live as long as the program.
            Check(Posix.FileActionsAddCloseFrom(actions, 3), "closing descriptors");
        }
        catch (EntryPointNotFoundException)
        {
            // An older libc: what .NET opens is closed on exec anyway, only descriptors handed down to us remain.
        }
    }

    private static void OwnSessionAndSignals(byte* attributes, ReadOnlySpan<int> blocked)
    {
        var signals = stackalloc byte[Posix.OpaqueSize];
        _ = Posix.EmptySignals(signals);
        foreach (var signal in blocked)
        {
            _ = Posix.AddSignal(signals, signal);
        }

        Check(Posix.AttributesSetSignalMask(attributes, signals), "signal mask");
        _ = Posix.EmptySignals(signals);
        foreach (var signal in Defaulted)
        {
            _ = Posix.AddSignal(signals, signal);
        }

        Check(Posix.AttributesSetDefaultSignals(attributes, signals), "default signals");
        Check(
            Posix.AttributesSetFlags(attributes, Posix.POSIX_SPAWN_SETSID | Posix.POSIX_SPAWN_SETSIGDEF | Posix.POSIX_SPAWN_SETSIGMASK),
            "spawn flags");
    }

    private static ImmutableArray<string> CurrentEnvironment() =>
    [
        .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value}"))
            .Order(StringComparer.Ordinal),
    ];

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed class NativeStrings : IDisposable
    {
        private readonly int _count;

        public NativeStrings(ImmutableArray<string> texts)
        {
            _count = texts.Length;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < texts.Length; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(texts[i]);
                Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
            {
                NativeMemory.Free(Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
