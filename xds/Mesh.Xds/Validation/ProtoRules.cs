// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;

namespace Mesh.Xds.Validation;

/// <summary>
/// Envoy's own rules (protoc-gen-validate options, carried by the descriptors) held against a message before Envoy sees it.
/// Known types inside Any are checked as well, which Envoy does when it unpacks them.
/// </summary>
public static class ProtoRules
{
    public static IReadOnlyList<RuleViolation> Check(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var findings = new Findings();
        MessageChecker.For(message.Descriptor).Check(message, findings);
        return findings.Violations;
    }
}
