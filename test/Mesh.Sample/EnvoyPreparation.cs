// SPDX-License-Identifier: Apache-2.0
using Mesh.NodeAgent.Binaries;

namespace Mesh.Sample;

/// <summary>Makes sure that there is an Envoy: found, or installed into the checkout's cache folder.</summary>
internal static class EnvoyPreparation
{
    /// <summary>The binary's path, null when no Envoy can be had; a <see cref="SampleException"/> when one was named that is none.</summary>
    public static async Task<string?> PrepareAsync(string? option, Action<string> say, CancellationToken ct)
    {
        var search = EnvoySearch.FromEnvironment(option);
        var lookup = await new EnvoyLocator(search).FindAsync(ct);
        if (lookup is EnvoyLookup.Invalid invalid)
        {
            throw new SampleException(invalid.Message);
        }

        if (lookup is EnvoyLookup.Found found)
        {
            say($"Envoy {found.Binary.Version}: {found.Binary.Path} ({found.Binary.FoundBy})");
            if (found.Binary.Warning is { } warning)
            {
                say($"warning: {warning}");
            }

            return found.Binary.Path;
        }

        say($"No Envoy on this machine, looked at:\n  {string.Join("\n  ", ((EnvoyLookup.NotFound)lookup).LookedAt)}");
        var installer = new EnvoyInstaller(Checkout.ToolsFolder(search.CheckoutRoot ?? Environment.CurrentDirectory), say);
        var installation = await installer.InstallAsync(ct);
        return installation.Path;
    }

    /// <summary>Said where no Envoy can be had.</summary>
    public static string Banner =>
        $"""

        ******************************************************************************************
        *  NO TRAFFIC FLOWS: there is no Envoy, so an in-process node acknowledges what it gets.  *
        ******************************************************************************************
        To get one, any of these, then run again:
          {string.Join("\n  ", EnvoyInstallation.Ways)}

        """;
}
