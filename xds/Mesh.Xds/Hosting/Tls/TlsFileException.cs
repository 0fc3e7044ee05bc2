// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Hosting.Tls;

/// <summary>A certificate, key or list of roots cannot be used; the message names the file and says what would be right, and never holds a key.</summary>
public sealed class TlsFileException : IOException
{
    public TlsFileException()
    {
    }

    public TlsFileException(string message)
        : base(message)
    {
    }

    public TlsFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
