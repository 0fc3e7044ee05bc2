// SPDX-License-Identifier: Apache-2.0
using Mesh.Model;
using Mesh.Operator.Building;
using Mesh.Xds.Acks;
using Mesh.Xds.Translation.Proxyless;

namespace Mesh.Operator.Status;

/// <summary>
/// A gRPC client accepts what it cannot do: it leaves out what it does not know, and what must not be left out we send it as a failure. So
/// its acceptance is not the whole truth of an object; what the model asks for and gRPC cannot do is.
/// </summary>
internal sealed class ProxylessJudge(MeshModel model, Contribution contribution)
{
    private List<Shortfall>? shortfalls;

    private List<Shortfall> Shortfalls => shortfalls ??= contribution.Ports
        .Select(Port)
        .OfType<ServicePort>()
        .SelectMany(Xds.Translation.Proxyless.Shortfalls.Of)
        .Where(shortfall => shortfall.Origins.Contains(contribution.Reference))
        .ToList();

    public ProxyVerdict Judge(ProxyState proxy, ProxyVerdict verdict)
    {
        if (!proxy.IsProxyless || verdict.Stage != ProxyStage.Applied)
        {
            return verdict;
        }

        var held = Shortfalls.Where(shortfall => proxy.Accepted.ContainsKey(shortfall.Resource)).ToList();
        var failing = held.Where(shortfall => shortfall.FailsClosed).ToList();
        return failing.Count > 0
            ? verdict with
            {
                Stage = ProxyStage.FailsClosed,
                Resource = failing[0].Resource.ToString(),
                Message = $"gRPC without a proxy cannot do {Names(failing)}, so the calls that it is for fail ({failing[0].Resource})",
            }
            : held.Count > 0 ? verdict with { Without = $"does without {Names(held)}, as gRPC without a proxy must" } : verdict;
    }

    private static string Names(IEnumerable<Shortfall> shortfalls) =>
        string.Join(", ", shortfalls.Select(shortfall => shortfall.What).Distinct(StringComparer.Ordinal));

    private ServicePort? Port(ServicePortName name) =>
        model.Services.GetValueOrDefault(name.Service)?.Ports.FirstOrDefault(port => port.Name == name);
}
