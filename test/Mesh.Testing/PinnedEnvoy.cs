// SPDX-License-Identifier: Apache-2.0
using NUnit.Framework;

namespace Mesh.Testing;

/// <summary>The Envoy we pin: its checked-in descriptor set, and its executable where the environment has one.</summary>
public static class PinnedEnvoy
{
    private const string BinaryVariable = "ENVOY_BIN";

    public static string DescriptorSet { get; } = Repository.File("xds", "Envoy.Api", "envoy-1.40.0.binpb");

    /// <summary>Ignores the test, aloud, where there is no Envoy to run. Looks where <c>make run</c> looks.</summary>
    public static string RequireBinary()
    {
        var found = Candidates().FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Ignore($"No Envoy: {BinaryVariable} names none, and there is none on PATH or in .tools/bin");
        }

        return found!; // Assert.Ignore has thrown.
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(BinaryVariable) is { Length: > 0 } named)
        {
            return [named];
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "envoy"))
            .Append(Repository.File(".tools", "bin", "envoy"))
            .Append(Repository.File("..", "shared", "envoy", "bin", "envoy"));
    }
}
