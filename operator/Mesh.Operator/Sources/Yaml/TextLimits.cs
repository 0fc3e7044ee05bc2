// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Sources.Yaml;

/// <summary>How large a document may grow, aliases written out: a few lines of anchors can stand for gigabytes.</summary>
internal static class TextLimits
{
    /// <summary>Deep enough for every kind; System.Text.Json reads and writes 64.</summary>
    public const int Depth = 60;

    /// <summary>A List of 5 000 Services has about 250 000.</summary>
    public const int Nodes = 500_000;

    public const long Characters = 32 * 1024 * 1024;

    public const long FileBytes = 32 * 1024 * 1024;
}

/// <summary>The document broke a limit; reading it stops. Never leaves this folder.</summary>
internal sealed class TextLimitException(TextPosition position, string message) : Exception(message)
{
    public TextPosition Position => position;
}
