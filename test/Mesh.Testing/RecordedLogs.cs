// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Mesh.Testing;

/// <summary>Keeps what is logged, and tells when a line comes.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly Lock gate = new();
    private TaskCompletionSource more = NewSignal();

    public ImmutableList<string> Lines { get; private set; } = [];

    public ILogger CreateLogger(string categoryName) => new Recorder(this);

    /// <summary>The first line that holds a text, or a later one.</summary>
    public async Task<string> LineAsync(string text, int occurrence = 1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (Lines.Where(written => written.Contains(text, StringComparison.Ordinal)).ElementAtOrDefault(occurrence - 1) is { } found)
                {
                    return found;
                }

                next = more.Task;
            }

            await next.WithTimeout(file: file, line: line);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Add(string line)
    {
        lock (gate)
        {
            Lines = Lines.Add(line);
            more.SetResult();
            more = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Recorder(RecordedLogs logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add($"{logLevel} {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
    }
}
