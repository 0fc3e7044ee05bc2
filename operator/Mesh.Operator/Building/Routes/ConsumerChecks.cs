// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Mesh.Crds.V1Alpha1;
using Mesh.Operator.Building.Checks;

namespace Mesh.Operator.Building.Routes;

/// <summary>
/// A consumer route is for the clients of its own namespace. Where none of them is enrolled it is in force and yet meets no request, which a user
/// would else look for long.
/// </summary>
internal static class ConsumerChecks
{
    public static void Report(RuleBook book, ImmutableHashSet<string> enrolled, FindingTable findings)
    {
        var consumers = book.Catalog.Services.Values
            .SelectMany(service => service.Ports)
            .SelectMany(port => book.Tables.On(port.Name))
            .Where(scope => scope.ClientNamespace.Length > 0 && !enrolled.Contains(scope.ClientNamespace));
        foreach (var (client, routes) in consumers)
        {
            foreach (var (route, parent) in routes.SelectMany(route => route.Attachments
                .Where(attachment => attachment.ClientNamespace == client)
                .Select(attachment => (route, attachment.Parent))
                .Distinct()))
            {
                findings.Add(route.Source, new Finding(
                    route.Source.Reference,
                    parent,
                    FindingCondition.Accepted,
                    Reasons.NoClients,
                    $"spec.parentRefs[{parent}]",
                    $"this is for clients in namespace {client} alone, of which no pod is enrolled: set the label {EnrolmentLabel.Key} of the Namespace, "
                    + $"or of pods, to \"{EnrolmentLabel.Enabled}\" (gRPC clients without a proxy need no label)",
                    IsPartial: true));
            }
        }
    }
}
