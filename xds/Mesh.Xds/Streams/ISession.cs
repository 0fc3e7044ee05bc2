// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Streams;

/// <summary>One stream as a state machine: events in, responses and the proxy's new state out.</summary>
/// <typeparam name="TRequest">What the proxy sends in this variant of the protocol.</typeparam>
internal interface ISession<TRequest>
{
    SessionOutput Handle(SessionEvent<TRequest> what);
}
