// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Pipeline;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Nacks;

/// <summary>One request after the other until disposed; remembers what kinds of answers came, in the order of their first coming.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Newest<int> answers = new(0);
    private readonly List<string> versions = [];
    private readonly Task running;

    public SteadyLoad(Func<Task<EchoAnswer>> send) => running = RunAsync(send);

    /// <summary>Status and version of the rules, each once.</summary>
    public IReadOnlyList<string> Versions
    {
        get
        {
            lock (versions)
            {
                return [.. versions];
            }
        }
    }

    /// <summary>Waits for so many further answers.</summary>
    public Task AnswersAsync(int more)
    {
        var goal = answers.Value + more;
        return answers.WaitForAsync(count => count >= goal, stop.Token).WithTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync(Func<Task<EchoAnswer>> send)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            string seen;
            try
            {
                var answer = await send();
                seen = $"{answer.Status} {string.Join(',', answer.RequestHeaders.GetValueOrDefault("x-rules", []))}";
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                seen = e.Message;
            }

            lock (versions)
            {
                if (!versions.Contains(seen, StringComparer.Ordinal))
                {
                    versions.Add(seen);
                }
            }

            answers.Publish(answers.Value + 1);
        }
    }
}
