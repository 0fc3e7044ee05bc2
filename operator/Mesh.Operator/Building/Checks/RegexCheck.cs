// SPDX-License-Identifier: Apache-2.0

namespace Mesh.Operator.Building.Checks;

/// <summary>
/// Tells whether Envoy's RE2 will take an expression. No engine is asked: .NET's takes and refuses others, and needs seconds for some. What passes here and
/// not there (one whose program is too large) ends as a refusal by the proxy, in the same status.
/// </summary>
internal static class RegexCheck
{
    public static bool IsValid(string expression, string path, ProblemList problems)
    {
        if (new Re2Reader(expression).FirstProblem() is not { } problem)
        {
            return true;
        }

        problems.Invalid(path, problem);
        return false;
    }
}
