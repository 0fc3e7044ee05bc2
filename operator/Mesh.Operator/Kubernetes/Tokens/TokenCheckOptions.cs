// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Kubernetes.Tokens;

/// <summary>Whose tokens are judged, and how long a judgement is good for.</summary>
public sealed record TokenCheckOptions
{
    /// <summary>What a token must have been made for, so that one that leaks from here is of no use at the API server, nor the other way round.</summary>
    public string Audience { get; init; } = "mesh-operator";

    /// <summary>How long the API server is not asked again about a token that it vouched for. A pod that was deleted can come back for so long.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a token that it refused is refused without a question.</summary>
    public TimeSpan Refused { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No token is taken so shortly before it expires: its stream would end at once.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the API server may take for an answer.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Good tokens that are remembered, some 500 bytes each: those of more proxies than one operator serves.</summary>
    public int MostGood { get; init; } = 20_000;

    /// <summary>Bad ones, which anybody can make.</summary>
    public int MostBad { get; init; } = 1000;

    /// <summary>Questions to the API server at a time.</summary>
    public int AtATime { get; init; } = 16;

    /// <summary>Of these for one client.</summary>
    public int AtATimePerClient { get; init; } = 4;

    /// <summary>Questions of one client that wait or are under way.</summary>
    public int OpenPerClient { get; init; } = 256;

    /// <summary>
    /// Bad tokens of one client about which the API server is asked at once, and then in a second: one that was left behind in a pod comes alone. Not fewer,
    /// for others with good ones may stand behind the same address.
    /// </summary>
    public int BadAtOnce { get; init; } = 100;

    public double BadPerSecond { get; init; } = 20;

    /// <summary>Questions that wait; beyond, clients are told to come again.</summary>
    public int Waiting { get; init; } = 20_000;
}
