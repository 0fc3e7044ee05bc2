// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Status;

/// <summary>Stages as replicas tell them to each other: a letter each, since there is one for every object and proxy.</summary>
internal static class StageLetters
{
    public static char Of(ProxyStage stage) => stage switch
    {
        ProxyStage.Applied => 'A',
        ProxyStage.OnDemand => 'D',
        ProxyStage.Pending => 'P',
        ProxyStage.Rejected => 'R',
        ProxyStage.Inapplicable => 'I',
        ProxyStage.FailsClosed => 'F',
    };

    /// <summary>A letter that is not known is of a later version of the operator: what it means has not been seen to be in force.</summary>
    public static ProxyStage Read(char letter) => letter switch
    {
        'A' => ProxyStage.Applied,
        'D' => ProxyStage.OnDemand,
        'R' => ProxyStage.Rejected,
        'I' => ProxyStage.Inapplicable,
        'F' => ProxyStage.FailsClosed,
        _ => ProxyStage.Pending,
    };
}
