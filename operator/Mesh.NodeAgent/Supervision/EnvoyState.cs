// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Mesh.NodeAgent.Supervision;

/// <summary>What Envoy is doing.</summary>
public abstract record EnvoyState
{
    private EnvoyState()
    {
    }

    /// <summary>One line for people.</summary>
    public abstract string Text { get; }

    public sealed record Starting : EnvoyState
    {
        public override string Text => "Envoy starts";
    }

    /// <param name="Pid">Its process id.</param>
    /// <param name="Adopted">True when it ran before this control plane did.</param>
    /// <param name="Admin">Its admin address.</param>
    public sealed record Running(int Pid, bool Adopted, IPEndPoint Admin) : EnvoyState
    {
        public override string Text => string.Create(
            CultureInfo.InvariantCulture, $"Envoy {(Adopted ? "kept running" : "runs")} (pid {Pid}, admin http://{Admin})");
    }

    /// <param name="Why">What ended the last one, with Envoy's own words.</param>
    /// <param name="Until">When the next one is started.</param>
    public sealed record BackingOff(string Why, DateTimeOffset Until) : EnvoyState
    {
        public override string Text => string.Create(CultureInfo.InvariantCulture, $"Envoy ended ({Why}); next start at {Until:HH:mm:ss}");
    }

    public sealed record Stopped : EnvoyState
    {
        public override string Text => "Envoy is stopped";
    }
}
