// SPDX-License-Identifier: Apache-2.0
using NUnit.Framework;

namespace Mesh.Testing;

/// <summary>The Envoy we pin: its checked-in descriptor set, and its executable where the environment has one.</summary>
public static class PinnedEnvoy
{
    private const string BinaryVariable = "ENVOY_BIN";

    public static string DescriptorSet { get; } = Repository.File("xds", "Envoy.Api", "envoy-1.40.0.binpb");

    /// <summary>Ignores the test, aloud, where there is no Envoy to run.</summary>
    public static string RequireBinary()
    {
        if (Environment.GetEnvironmentVariable(BinaryVariable) is { Length: > 0 } path && File.Exists(path))
        {
            return path;
        }

        Assert.Ignore($"{BinaryVariable} names no Envoy executable");
        return "";
    }
}
