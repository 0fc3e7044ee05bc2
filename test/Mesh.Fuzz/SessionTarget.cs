// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;

namespace Mesh.Fuzz;

/// <summary>What is fuzzed: bytes to requests to a session. Whatever they are, a session ends with a status that says so, or goes on and keeps its promises.</summary>
internal static class SessionTarget
{
    /// <returns>How many responses were sent: how deep the input went.</returns>
    /// <exception cref="InvariantException">A promise was broken. Any other exception is a bug as well.</exception>
    public static int Run(ReadOnlySpan<byte> bytes)
    {
        var input = FuzzInput.Read(bytes);
        return input.IsDelta ? Run(FuzzVariants.Delta, input) : Run(FuzzVariants.StateOfTheWorld, input);
    }

    private static int Run<TRequest>(FuzzVariant<TRequest> variant, FuzzInput input)
        where TRequest : class, IMessage<TRequest>
    {
        var mesh = new FuzzMesh();
        var driver = new SessionDriver<TRequest>(variant);
        try
        {
            foreach (var step in input.Steps)
            {
                if (step.Kind == StepKind.Publish)
                {
                    driver.Publish(mesh.Publish(step.Content.AsSpan(0, Math.Min(step.Content.Length, 64))));
                }
                else
                {
                    driver.Request(step.Content);
                }

                if (driver.HasEnded)
                {
                    return driver.Sent;
                }
            }

            driver.Settle();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
        {
            // The bytes are no request.
        }

        return driver.Sent;
    }
}
