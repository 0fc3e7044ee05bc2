// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Mesh.Operator.Kubernetes;

/// <summary>JSON of one object of a kind to what the reflector works with. A bad object is a result; only what is no JSON throws.</summary>
internal interface IWatchedObjectReader
{
    WatchedObject Read(ReadOnlySequence<byte> json);
}
