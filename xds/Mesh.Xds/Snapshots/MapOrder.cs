// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mesh.Xds.Snapshots;

/// <summary>
/// Puts every map of a message in the order of its keys, ordinally, because protobuf writes a map in the order of insertion and equal
/// content must have equal bytes.
/// </summary>
internal static class MapOrder
{
    // Which fields lead to a map is a fact of the type; most fields of most types do not, and are not looked at.
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> FieldsWithMaps = new();

    public static void Sort(IMessage message)
    {
        foreach (var field in FieldsWithMaps.GetOrAdd(message.Descriptor, FindFieldsWithMaps))
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                SortMap((IDictionary)value, field);
            }
            else if (field.IsRepeated)
            {
                foreach (IMessage item in (IList)value)
                {
                    Sort(item);
                }
            }
            else if (value is IMessage child)
            {
                Sort(child);
            }
        }
    }

    private static void SortMap(IDictionary map, FieldDescriptor field)
    {
        var entries = new List<DictionaryEntry>(map.Count);
        var ordered = true;
        foreach (DictionaryEntry entry in map)
        {
            ordered = ordered && (entries.Count == 0 || Compare(entries[^1].Key, entry.Key) < 0);
            entries.Add(entry);
        }

        if (!ordered)
        {
            map.Clear();
            entries.Sort(static (left, right) => Compare(left.Key, right.Key));
            entries.ForEach(entry => map.Add(entry.Key, entry.Value));
        }

        if (ValueType(field) is not null)
        {
            entries.ForEach(static entry => Sort((IMessage)entry.Value!)); // Protobuf maps hold no null.
        }
    }

    private static int Compare(object left, object right) =>
        left is string text ? string.CompareOrdinal(text, (string)right) : Comparer.DefaultInvariant.Compare(left, right);

    private static MessageDescriptor? ValueType(FieldDescriptor map)
    {
        var value = map.MessageType.FindFieldByNumber(2);
        return value.FieldType == FieldType.Message ? value.MessageType : null;
    }

    private static FieldDescriptor[] FindFieldsWithMaps(MessageDescriptor type) =>
        [.. type.Fields.InDeclarationOrder().Where(field => LeadsToMap(field, []))];

    private static bool LeadsToMap(FieldDescriptor field, HashSet<MessageDescriptor> seen) =>
        field.FieldType is FieldType.Message or FieldType.Group
        && (field.IsMap
            || (seen.Add(field.MessageType) && field.MessageType.Fields.InDeclarationOrder().Any(child => LeadsToMap(child, seen))));
}
