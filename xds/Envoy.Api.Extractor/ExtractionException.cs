// SPDX-License-Identifier: Apache-2.0
namespace Envoy.Api.Extractor;

/// <summary>The given file does not hold a whole Envoy API. The message is for the person at the terminal.</summary>
internal sealed class ExtractionException : Exception
{
    public ExtractionException(string message)
        : base(message)
    {
    }
}
