// SPDX-License-Identifier: Apache-2.0
namespace Mesh.NodeAgent.Supervision;

/// <summary>Envoy cannot be supervised at all; the message says what to do.</summary>
public sealed class EnvoySupervisorException : Exception
{
    public EnvoySupervisorException()
    {
    }

    public EnvoySupervisorException(string message)
        : base(message)
    {
    }

    public EnvoySupervisorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
