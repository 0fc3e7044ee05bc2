// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Sources;
using Mesh.Operator.Status;
using Mesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.EndToEnd.Tests.Status;

/// <summary>A status that could not be written is written as soon as it can be, without waiting for a change of the mesh.</summary>
internal sealed class StatusRetryTests
{
    private const string Service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: cart, namespace: shop}
        spec: {clusterIP: 127.96.154.1, ports: [{port: 8080}]}
        """;

    private const string Route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: cart, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: cart}]
        """;

    [Test]
    public async Task Status_refused_by_a_full_disk_is_written_once_there_is_room()
    {
        var disk = new FullDisk();
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["service.yaml"] = Service, ["route.yaml"] = Route };
        await using var mesh = await RunningMesh.StartAsync(envoy: null, files, services => services.AddSingleton<IStatusWriter>(disk));
        await disk.Settled.WithTimeout();
        disk.HasRoom = true;

        var written = await disk.Written.WithTimeout();

        Assert.That(written, Does.Contain("HTTPRoute shop/cart"));
    }

    private sealed class FullDisk : IStatusWriter
    {
        private const int AttemptsOfTheStart = 3;

        private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<IReadOnlyList<string>> written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool hasRoom;
        private int attempts;

        public bool HasRoom
        {
            set => hasRoom = value;
        }

        /// <summary>More attempts were made than model and acknowledgements of the start bring about.</summary>
        public Task Settled => settled.Task;

        public Task<IReadOnlyList<string>> Written => written.Task;

        public Task WriteAsync(IReadOnlyCollection<StatusDocument> changed, IReadOnlyCollection<ObjectKey> gone, CancellationToken cancellationToken)
        {
            if (hasRoom)
            {
                written.TrySetResult([.. changed.Select(document => document.Status.Key.ToString())]);
                return Task.CompletedTask;
            }

            if (++attempts > AttemptsOfTheStart)
            {
                settled.TrySetResult();
            }

            throw new IOException("No space left on device");
        }
    }
}
