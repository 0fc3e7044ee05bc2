// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Mesh.Crds.Access;

namespace Mesh.Testing.Kubernetes;

/// <summary>The webhook of our manifest for an operator that runs outside of the cluster: by its address, in place of the Service.</summary>
internal static partial class WebhookByAddress
{
    /// <param name="manifest">Text of <c>config/admission/webhook.yaml</c>.</param>
    /// <param name="address">Where the operator listens (<c>--admission</c>); its certificate is for that address.</param>
    public static string Of(string manifest, IPEndPoint address) =>
        ServiceReference().Replace(manifest, $"    url: \"https://{address}{OperatorNames.AdmissionPath}\"\n");

    [GeneratedRegex(@"    service:\n(      .*\n)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ServiceReference();
}
