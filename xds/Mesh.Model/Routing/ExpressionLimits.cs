// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Model.Routing;

/// <summary>What the nodes' proxies are told to take of expressions.</summary>
public static class ExpressionLimits
{
    /// <summary>The largest program of RE2 that an expression may become, in instructions.</summary>
    public const int LargestProgram = 1000;
}
