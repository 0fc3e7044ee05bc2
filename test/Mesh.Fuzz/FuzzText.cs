// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace Mesh.Fuzz;

/// <summary>An input for a reader.</summary>
internal static class FuzzText
{
    public static string Of(byte[] bytes)
    {
        var input = FuzzInput.Read(bytes);
        var text = new StringBuilder(input.IsDelta ? "delta\n" : "state of the world\n");
        foreach (var step in input.Steps)
        {
            text.Append("  ").AppendLine(step.Kind == StepKind.Publish
                ? "publish " + string.Join(' ', step.Content.Select(Change))
                : Request(input.IsDelta, step.Content));
        }

        return text.ToString();
    }

    private static string Change(byte change) => $"{(Xds.ResourceType)(change & 7)}/{FuzzMesh.Names[(change >> 3) & 3]}={change >> 5}";

    private static string Request(bool isDelta, byte[] content)
    {
        try
        {
            IMessage request = isDelta ? DeltaDiscoveryRequest.Parser.ParseFrom(content) : DiscoveryRequest.Parser.ParseFrom(content);
            return "request " + request;
        }
        catch (InvalidProtocolBufferException)
        {
            return "bytes " + Convert.ToHexStringLower(content);
        }
    }
}
