// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Validate;

namespace Mesh.Xds.Validation;

/// <summary>Whether a message type has a rule anywhere below it. Those without one are never walked.</summary>
internal static class RuleReach
{
    private static readonly ConcurrentDictionary<MessageDescriptor, bool> Cache = new();

    public static bool HasRules(MessageDescriptor descriptor) => Cache.GetOrAdd(descriptor, Search);

    /// <summary>Message types refer to each other in circles, so this walks the whole graph instead of recursing into the cache.</summary>
    private static bool Search(MessageDescriptor start)
    {
        var seen = new HashSet<MessageDescriptor> { start };
        var open = new Stack<MessageDescriptor>(seen);
        while (open.TryPop(out var message))
        {
            if (MessageChecker.IsExempt(message))
            {
                continue;
            }

            // What an Any holds is unknown here: count it as having rules.
            if (message.FullName == Any.Descriptor.FullName || HasOwnRules(message))
            {
                return true;
            }

            foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
            {
                if (seen.Add(field.MessageType))
                {
                    open.Push(field.MessageType);
                }
            }
        }

        return false;
    }

    private static bool HasOwnRules(MessageDescriptor message) =>
        message.Oneofs.Any(MessageChecker.IsRequired)
        || message.Fields.InDeclarationOrder().Any(field => field.GetOptions()?.GetExtension(ValidateExtensions.Rules) is not null);
}
