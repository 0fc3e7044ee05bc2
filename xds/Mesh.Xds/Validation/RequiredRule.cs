// SPDX-License-Identifier: Apache-2.0
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>
/// "required" comes in four spellings and means presence in all of them. Envoy uses the spelling of Any on a field of another
/// type (ExtensionConfigSource.config_source), and its checker does not mind.
/// </summary>
internal sealed record RequiredRule(string Name)
{
    public static RequiredRule? Of(FieldRules? rules) => rules switch
    {
        { Message.Required: true } => new RequiredRule("message.required"),
        { Any.Required: true } => new RequiredRule("any.required"),
        { Duration.Required: true } => new RequiredRule("duration.required"),
        { Timestamp.Required: true } => new RequiredRule("timestamp.required"),
        _ => null,
    };

    public void Report(Findings findings) => findings.Add(Name, "must be set");
}
