// SPDX-License-Identifier: Apache-2.0
using System.Net;
using k8s;
using Mesh.Crds.Access;
using Mesh.Operator.Admission;
using Mesh.Operator.Admission.Certificates;
using Mesh.Operator.Sources;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.EndToEnd.Tests.Kubernetes.Admission;

/// <summary>The part of an operator that serves admission, with a mesh that the test fills.</summary>
internal sealed class AdmissionReplica : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IKubernetes client;

    private AdmissionReplica(WebApplication app, IKubernetes client, RecordedLogs logs)
    {
        this.app = app;
        this.client = client;
        Logs = logs;
    }

    public RecordedLogs Logs { get; }

    public ResourceStore Store => app.Services.GetRequiredService<ResourceStore>();

    public ServingCertificate Serving => app.Services.GetRequiredService<ServingCertificate>();

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port; // Started with one.

    /// <param name="client">Belongs to the replica from here on.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<AdmissionReplica> StartAsync(IKubernetes client, TimeProvider? time = null)
    {
        var options = new AdmissionOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Namespace = OperatorNames.Namespace, Patience = Timeouts.Default };
        var logs = new RecordedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForMeshAdmission(options));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton<ResourceStore>();
        builder.Services.AddSingleton<IResourceSource>(new ReadSource());
        builder.Services.AddMeshAdmission(options);
        var built = builder.Build();
        built.MapMeshAdmission();
        built.MapGet("/other", () => "not for the clients of admission");
        await built.StartAsync().WithTimeout();
        return new AdmissionReplica(built, client, logs);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        client.Dispose();
    }

    private sealed class ReadSource : IResourceSource
    {
        public Task Synced => Task.CompletedTask;

        public Task RunAsync(ResourceStore store, CancellationToken ct) => Task.CompletedTask;
    }
}
