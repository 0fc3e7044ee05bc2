// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Crds.GatewayApi;

/// <summary>CEL rules that several route types share; they say what Gateway API's CRDs say.</summary>
internal static class RouteRules
{
    /// <summary>CEL has no sum: the rules are added up one by one, as many as are allowed.</summary>
    public const string MatchCount =
        "(self.size() > 0 && has(self[0].matches) ? self[0].matches.size() : 0)"
        + " + (self.size() > 1 && has(self[1].matches) ? self[1].matches.size() : 0)"
        + " + (self.size() > 2 && has(self[2].matches) ? self[2].matches.size() : 0)"
        + " + (self.size() > 3 && has(self[3].matches) ? self[3].matches.size() : 0)"
        + " + (self.size() > 4 && has(self[4].matches) ? self[4].matches.size() : 0)"
        + " + (self.size() > 5 && has(self[5].matches) ? self[5].matches.size() : 0)"
        + " + (self.size() > 6 && has(self[6].matches) ? self[6].matches.size() : 0)"
        + " + (self.size() > 7 && has(self[7].matches) ? self[7].matches.size() : 0)"
        + " + (self.size() > 8 && has(self[8].matches) ? self[8].matches.size() : 0)"
        + " + (self.size() > 9 && has(self[9].matches) ? self[9].matches.size() : 0)"
        + " + (self.size() > 10 && has(self[10].matches) ? self[10].matches.size() : 0)"
        + " + (self.size() > 11 && has(self[11].matches) ? self[11].matches.size() : 0)"
        + " + (self.size() > 12 && has(self[12].matches) ? self[12].matches.size() : 0)"
        + " + (self.size() > 13 && has(self[13].matches) ? self[13].matches.size() : 0)"
        + " + (self.size() > 14 && has(self[14].matches) ? self[14].matches.size() : 0)"
        + " + (self.size() > 15 && has(self[15].matches) ? self[15].matches.size() : 0)"
        + " <= 128";

    public const string MatchCountMessage = "all rules together may have 128 matches";

    /// <summary>A filter <c>f</c> puts something else in place of a path prefix.</summary>
    public const string ReplacesPrefix = "(has(f.requestRedirect) && has(f.requestRedirect.path) && "
        + "has(f.requestRedirect.path.replacePrefixMatch)) || "
        + "(has(f.urlRewrite) && has(f.urlRewrite.path) && has(f.urlRewrite.path.replacePrefixMatch))";

    /// <summary>The rule's matches say which prefix that is.</summary>
    public const string HasOnePrefix = "(has(self.matches) && size(self.matches) == 1 && has(self.matches[0].path) "
        + "&& self.matches[0].path.type == 'PathPrefix')";

    public const string HasPathCharacters = """self.value.matches(r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+\z")""";

    /// <summary>Two references to one parent must name different sections; the API has its field "namespace" renamed in CEL.</summary>
    public const string UniqueParents = "self.all(a, self.exists_one(b, a.group == b.group && a.kind == b.kind && a.name == b.name "
        + "&& (has(a.__namespace__) ? a.__namespace__ : '') == (has(b.__namespace__) ? b.__namespace__ : '') "
        + "&& (has(a.port) ? a.port : 0) == (has(b.port) ? b.port : 0) "
        + "&& (has(a.sectionName) ? a.sectionName : '') == (has(b.sectionName) ? b.sectionName : '')))";

    public const string UniqueParentsMessage = "a parent is named twice: give each reference another sectionName or port";
}
