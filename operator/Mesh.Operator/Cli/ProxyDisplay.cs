// SPDX-License-Identifier: Apache-2.0
using Mesh.Operator.Pipeline;

namespace Mesh.Operator.Cli;

/// <summary>What the node's proxy is doing, in one line.</summary>
internal sealed class ProxyDisplay
{
    public Newest<string> Text { get; } = new("No proxy yet");
}
