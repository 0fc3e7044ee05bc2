// SPDX-License-Identifier: Apache-2.0
namespace Mesh.Xds.Validation;

/// <summary>A value that Envoy would refuse. The message never quotes strings or bytes, which may be secrets.</summary>
public sealed record RuleViolation(string Path, string Rule, string Message);
