// SPDX-License-Identifier: Apache-2.0
using Mesh.Echo;
using Mesh.Sample.Folder;

namespace Mesh.Sample;

/// <summary>What both ways to run the sample begin with.</summary>
internal static class SampleStart
{
    private const string ClientApp = "frontend";

    /// <summary>The mesh of the folder; a <see cref="SampleException"/> where there is nothing to run.</summary>
    public static SampleMesh ReadMesh(SampleOptions options)
    {
        if (!File.Exists(options.Operator))
        {
            throw new SampleException($"{options.Operator} is not there: build it first (make build), or name it with --operator.");
        }

        var mesh = SampleMesh.Read(options.Directory, ClientApp);
        return mesh.Pods.Count > 0 ? mesh : throw new SampleException($"{options.Directory} holds no Pod: name a folder with --dir.");
    }

    /// <summary>The mesh's pods, in this process.</summary>
    public static async Task<EchoServer> PodsAsync(SampleMesh mesh, CancellationToken ct)
    {
        try
        {
            return await EchoServer.StartAsync(mesh.Pods, ct);
        }
        catch (IOException e)
        {
            throw new SampleException($"The sample's pods cannot listen: {e.Message} Is the sample running already?", e);
        }
    }
}
