// SPDX-License-Identifier: Apache-2.0
using Envoy.Service.Discovery.V3;

namespace Mesh.Xds.Client;

/// <summary>A response that waits for the receiver's decision, which may come late and in any order.</summary>
public sealed class ReceivedResponse
{
    private readonly Func<ReceivedResponse, Google.Rpc.Status?, IReadOnlySet<string>, Task> answer;

    internal ReceivedResponse(DeltaDiscoveryResponse message, Func<ReceivedResponse, Google.Rpc.Status?, IReadOnlySet<string>, Task> answer)
    {
        Message = message;
        this.answer = answer;
    }

    public DeltaDiscoveryResponse Message { get; }

    public string TypeUrl => Message.TypeUrl;

    public Task AckAsync() => answer(this, null, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Refuses it with these words; <paramref name="refused"/> names what was not applied, and everything else was.</summary>
    public Task NackAsync(string message, IEnumerable<string> refused) => answer(
        this,
        new Google.Rpc.Status { Code = (int)Grpc.Core.StatusCode.InvalidArgument, Message = message },
        refused.ToHashSet(StringComparer.Ordinal));
}
