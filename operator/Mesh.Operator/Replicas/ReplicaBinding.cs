// SPDX-License-Identifier: Apache-2.0
using Grpc.AspNetCore.Server.Model;

namespace Mesh.Operator.Replicas;

/// <summary>Binds the service by hand: its messages are not protobuf's.</summary>
internal sealed class ReplicaBinding : IServiceMethodProvider<ReplicaService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ReplicaService> context) => context.AddDuplexStreamingMethod(
        ReplicaMethod.Report, [], static (service, reports, answers, call) => service.ReportAsync(reports, answers, call));
}
