// SPDX-License-Identifier: Apache-2.0
using System.Linq;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace Envoy.Api;

/// <summary>Everything this assembly was generated with, for whoever meets a message by its descriptor or its type URL.</summary>
public static class EnvoyTypes
{
    public static TypeRegistry Registry { get; } = TypeRegistry.FromFiles(Files());

    public static FileDescriptor[] Files() =>
    [
        .. typeof(EnvoyTypes).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith("Reflection", System.StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>()
            .OrderBy(file => file.Name, System.StringComparer.Ordinal),
    ];
}
