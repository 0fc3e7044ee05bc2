// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using k8s;
using k8s.Models;
using Mesh.Echo;
using Mesh.Operator.Sources;
using Mesh.Testing.Builders;

namespace Mesh.Benchmarks.ColdStart;

/// <summary>Many services of one HTTP port each, all with the same pod behind them: Envoy does not know that they are one.</summary>
internal sealed class ColdMesh(int services) : IResourceSource
{
    public const string Client = "127.1.212.2";

    private const string PodAddress = "127.1.212.1";
    private const int Port = 8080;

    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static IReadOnlyList<EchoPod> Pods { get; } =
        [new EchoPod { Namespace = "cold", Name = "pod", Http = [new IPEndPoint(IPAddress.Parse(PodAddress), Port)] }];

    public Task Synced => synced.Task;

    public static string Url(int service) => Text($"http://{Address(service)}:{Port}/");

    public async Task RunAsync(ResourceStore store, CancellationToken ct)
    {
        store.Batch(writes =>
        {
            writes.Apply(Make.Pod("cold/client", Client));
            foreach (var obj in Enumerable.Range(0, services).SelectMany(Objects))
            {
                writes.Apply(obj);
            }
        });
        synced.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    }

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Objects(int number)
    {
        yield return Make.Service(Text($"cold/service-{number}"), Address(number), Text($"{Port}"));
        yield return Make.Slice(Text($"cold/service-{number}-1"), Text($"service-{number}"), Port, Make.Endpoint(PodAddress));
    }

    private static string Address(int service) => Text($"127.100.{service >> 8}.{service & 255}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
