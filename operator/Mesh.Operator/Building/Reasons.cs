// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Operator.Building;

/// <summary>Every reason that a condition of ours can carry (Gateway API's and GEP-713's words where they have one).</summary>
public static class Reasons
{
    public const string Accepted = "Accepted";
    public const string Conflicted = "Conflicted";
    public const string Invalid = "Invalid";
    public const string TargetNotFound = "TargetNotFound";
    public const string Unenforceable = "Unenforceable";
    public const string NoClients = "NoClients";
    public const string NoMatchingParent = "NoMatchingParent";
    public const string UnsupportedValue = "UnsupportedValue";

    public const string ResolvedRefs = "ResolvedRefs";
    public const string BackendNotFound = "BackendNotFound";
    public const string InvalidKind = "InvalidKind";
    public const string RefNotPermitted = "RefNotPermitted";

    public const string Programmed = "Programmed";
    public const string Overridden = "Overridden";
    public const string PartiallyProgrammed = "PartiallyProgrammed";
    public const string Pending = "Pending";
    public const string RejectedByProxy = "RejectedByProxy";
    public const string NoProxies = "NoProxies";
}
