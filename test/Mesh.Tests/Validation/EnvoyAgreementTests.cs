// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Envoy.Api;
using Envoy.Config.Bootstrap.V3;
using Google.Protobuf;
using Mesh.Testing;

namespace Mesh.Tests.Validation;

/// <summary>The same configurations as in <see cref="ProtoRulesTests"/>, judged by the Envoy that the rules come from.</summary>
internal sealed class EnvoyAgreementTests
{
    [Test]
    public async Task Envoy_accepts_the_valid_configuration()
    {
        var (code, output) = await ValidateAsync(new SampleBootstrap().Build());

        Assert.That(code, Is.Zero, output);
    }

    [TestCaseSource(typeof(SpoiledBootstraps))]
    public async Task Envoy_refuses_the_spoiled_configuration(Action<SampleBootstrap> spoil, string path, string rule)
    {
        var sample = new SampleBootstrap();
        spoil(sample);

        var (code, output) = await ValidateAsync(sample.Build());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Not.Zero, $"{path} {rule}");
            Assert.That(output, Does.Contain("Proto constraint validation failed"));
        }
    }

    private static async Task<(int Code, string Output)> ValidateAsync(Bootstrap bootstrap)
    {
        var binary = PinnedEnvoy.RequireBinary();
        var json = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(EnvoyTypes.Registry)).Format(bootstrap);
        var start = new ProcessStartInfo(binary, ["--mode", "validate", "--disable-hot-restart", "--config-yaml", json])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var envoy = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        var output = envoy.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = envoy.StandardError.ReadToEndAsync(CancellationToken.None);
        await envoy.WaitForExitAsync(CancellationToken.None).WithTimeout();
        return (envoy.ExitCode, await output.WithTimeout() + await errors.WithTimeout());
    }
}
