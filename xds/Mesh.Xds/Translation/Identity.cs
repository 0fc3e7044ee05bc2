// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Common.SetFilterState.V3;
using Mesh.Model;
using Mesh.Xds.Naming;
using CelFormatter = Envoy.Extensions.Formatter.Cel.V3.Cel;
using NetworkFilterState = Envoy.Extensions.Filters.Network.SetFilterState.V3.Config;

namespace Mesh.Xds.Translation;

/// <summary>
/// The filter that tells from a connection's source address which workload calls. An unknown source gets no filter state at all, so
/// it belongs to no namespace.
/// </summary>
internal static class Identity
{
    // source.address prints "10.1.0.7:4711" or "[fd00::7]:4711".
    private const string SourceAddress = "source.address.split(source.address.startsWith('[') ? ']' : ':')[0]";

    public static XdsResource Build(IEnumerable<Workload> workloads)
    {
        var sorted = workloads.DistinctBy(w => w.Address, StringComparer.Ordinal).OrderBy(w => w.Address, StringComparer.Ordinal).ToList();
        var config = new NetworkFilterState();
        if (sorted.Count > 0)
        {
            config.OnNewConnection.Add(Value(FilterStateKey.Source, sorted, w => $"{w.Namespace}/{w.Name}"));
            config.OnNewConnection.Add(Value(FilterStateKey.SourceNamespace, sorted, w => w.Namespace));
        }

        return new XdsResource
        {
            Key = ExtensionName.Identity.Key,
            Message = ProtoValues.Extension(ExtensionName.Identity.Value, config),
            Origins = Origins.None,
            OnDemand = true,
            References = [],
        };
    }

    private static FilterStateValue Value(string key, IEnumerable<Workload> workloads, Func<Workload, string> value)
    {
        var format = new SubstitutionFormatString { TextFormatSource = ProtoValues.Inline(Expression(workloads, value)) };
        format.Formatters.Add(ProtoValues.Extension(
            "envoy.formatter.cel", new CelFormatter { CelConfig = new CelExpressionConfig { EnableStringFunctions = true } }));
        return new FilterStateValue { ObjectKey = key, FactoryKey = "envoy.string", FormatString = format, SkipIfEmpty = true };
    }

    private static string Expression(IEnumerable<Workload> workloads, Func<Workload, string> value)
    {
        var text = new StringBuilder("%CEL({");
        var separator = "";
        foreach (var workload in workloads)
        {
            text.Append(separator);
            AppendLiteral(text, AddressKey(workload.Address));
            text.Append(':');
            AppendLiteral(text, value(workload));
            separator = ",";
        }

        return text.Append("}[").Append(SourceAddress).Append("])%").ToString();
    }

    private static string AddressKey(string address) => address.Contains(':', StringComparison.Ordinal) ? "[" + address : address;

    /// <summary>Envoy's format parser ends the expression at the first <c>)%</c>: whatever is not plain is written by its code.</summary>
    private static void AppendLiteral(StringBuilder text, string value)
    {
        text.Append('\'');
        foreach (var c in value)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '/' or '[' or '_')
            {
                text.Append(c);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        text.Append('\'');
    }
}
