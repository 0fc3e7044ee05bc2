// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Sample;

/// <summary>The sample cannot go on; the message says why and what to do.</summary>
internal sealed class SampleException : Exception
{
    public SampleException()
    {
    }

    public SampleException(string message)
        : base(message)
    {
    }

    public SampleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
