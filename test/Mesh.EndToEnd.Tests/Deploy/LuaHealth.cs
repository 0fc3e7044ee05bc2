// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Mesh.Testing;

namespace Mesh.EndToEnd.Tests.Deploy;

/// <summary>What a health check of <c>config/argocd</c> says of an object, run by a Lua interpreter.</summary>
internal static class LuaHealth
{
    /// <param name="check">Name of the check's file.</param>
    /// <param name="entity">The object as the API server has it.</param>
    public static async Task<(string Status, string Message)> OfAsync(string check, JsonObject entity)
    {
        var script = Path.GetTempFileName();
        try
        {
            var file = Repository.File("config", "argocd", "health", $"{check}.lua");
            await File.WriteAllTextAsync(
                script, $"obj = {LuaText.Of(entity)}\nlocal health = dofile({LuaText.Of(JsonValue.Create(file))})\nprint(health.status)\nprint(health.message)\n");
            var outcome = await Tool.RunAsync("lua5.4", "lua5.4", script).WithTimeout(Timeouts.Default * 4);
            Assert.That(outcome.Problem, Is.Null, outcome.Output);
            var lines = outcome.Output.Split('\n', 2);
            return (lines[0], lines[1].Trim());
        }
        finally
        {
            File.Delete(script);
        }
    }
}
