// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Mesh.NodeAgent.Processes;
using Mesh.NodeAgent.Supervision;
using Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Tests.NodeAgent;

[UnsupportedOSPlatform("windows")]
public sealed class AdoptionTests
{
    private const string Bootstrap = "a: b";

    [TestCase("node/n1", true)]
    [TestCase("node/other", false)]
    public async Task Envoy_that_leaves_a_question_unanswered_is_judged_by_its_next_answer(string nodeId, bool isAdopted)
    {
        using var folder = new TemporaryFolder();
        using var envoy = Process.Start("sleep", ["600"]);
        await using var page = await AdminAsync("node/n1");
        RecordOf(envoy.Id, IPEndPoint.Parse(new Uri(page.Urls.First()).Authority)).Write(folder.File("envoy.json"));
        var options = new EnvoyOptions
        {
            Binary = "envoy",
            StateFolder = folder.Path,
            NodeId = nodeId,
            Bootstrap = static _ => Bootstrap,
            Drain = TimeSpan.Zero,
        };
        using var admin = new EnvoyAdmin();
        var starter = new EnvoyStarter(options, new EnvoyFiles(folder.Path), admin, TimeProvider.System);

        var adopted = await starter.AdoptAsync(new EnvoyStopper(options, admin, TimeProvider.System)).WithTimeout();

        Assert.That((adopted?.Adopted ?? false, envoy.HasExited), Is.EqualTo((isAdopted, !isAdopted)));
        envoy.Kill();
        await envoy.WaitForExitAsync().WithTimeout();
    }

    private static EnvoyRecord RecordOf(int pid, IPEndPoint admin) => new()
    {
        Pid = pid,
        StartTime = ProcessIdentity.Of(pid)!.StartTime, // It runs.
        Admin = admin.ToString(),
        BootstrapSha256 = EnvoyRecord.HashOf(Bootstrap),
    };

    /// <summary>An admin interface that lets the first question run into its limit.</summary>
    private static async Task<WebApplication> AdminAsync(string nodeId)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var page = builder.Build();
        var questions = 0;
        page.Run(context => ++questions == 1
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : context.Response.WriteAsync($$$"""{"node": {"id": "{{{nodeId}}}"}}"""));
        await page.StartAsync().WithTimeout();
        return page;
    }
}
