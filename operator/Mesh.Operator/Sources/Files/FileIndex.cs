// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Mesh.Model;

namespace Mesh.Operator.Sources.Files;

/// <summary>
/// All files with what they say, and the objects that follow from them. Immutable; <see cref="Apply"/> is the whole state machine:
/// the first file by path wins an object; a bad version leaves the last good one in force; what an intact file no longer has is deleted.
/// </summary>
internal sealed record FileIndex
{
    public static FileIndex Empty { get; } = new();

    public ImmutableSortedDictionary<string, ParsedFile> Files { get; private init; } =
        ImmutableSortedDictionary.Create<string, ParsedFile>(StringComparer.Ordinal);

    public ImmutableDictionary<ObjectKey, TrackedObject> Objects { get; private init; } = ImmutableDictionary<ObjectKey, TrackedObject>.Empty;

    /// <summary>The files that have a document of an object.</summary>
    private ImmutableDictionary<ObjectKey, ImmutableSortedSet<string>> Claims { get; init; } =
        ImmutableDictionary<ObjectKey, ImmutableSortedSet<string>>.Empty;

    /// <summary>Objects of kinds that are no concern of the mesh.</summary>
    public int Ignored => Files.Values.Sum(file => file.Ignored);

    /// <param name="edits">Files by path as they are now; null for one that is gone.</param>
    public FileIndexUpdate Apply(IReadOnlyDictionary<string, ParsedFile?> edits)
    {
        var files = Files.ToBuilder();
        var claims = Claims.ToBuilder();
        var touched = new SortedSet<ObjectKey>();
        foreach (var (path, file) in edits)
        {
            var before = files.GetValueOrDefault(path);
            var after = file?.Keeping(before);
            touched.UnionWith(Differing(before, after));
            Claim(claims, before, after);
            if (after is null)
            {
                files.Remove(path);
            }
            else
            {
                files[path] = after;
            }
        }

        var next = this with { Files = files.ToImmutable(), Claims = claims.ToImmutable() };
        return next.Judge(touched, JudgedFiles(touched, edits.Keys, next));
    }

    private FileIndexUpdate Judge(SortedSet<ObjectKey> touched, SortedSet<string> judgedFiles)
    {
        var objects = Objects.ToBuilder();
        var update = new UpdateBuilder();
        foreach (var key in touched)
        {
            var before = Objects.GetValueOrDefault(key);
            if (!Claims.TryGetValue(key, out var paths))
            {
                objects.Remove(key);
                update.Add(key, before, after: null);
                continue;
            }

            var after = TrackedObject.Judge(before, Files[paths[0]].Documents[key]);
            objects[key] = after;
            update.Add(key, before, after);
        }

        foreach (var path in judgedFiles)
        {
            update.Judge(ObjectKeys.OfFile(path), Files.TryGetValue(path, out var file) ? ProblemsOf(file) : []);
        }

        return update.Build(this with { Objects = objects.ToImmutable() });
    }

    // A file's problems can change with another file: who else has its objects is one of them.
    private SortedSet<string> JudgedFiles(SortedSet<ObjectKey> touched, IEnumerable<string> edited, FileIndex next)
    {
        var paths = new SortedSet<string>(edited, StringComparer.Ordinal);
        foreach (var key in touched)
        {
            paths.UnionWith(Claims.GetValueOrDefault(key, []));
            paths.UnionWith(next.Claims.GetValueOrDefault(key, []));
        }

        return paths;
    }

    private EquatableArray<SourceProblem> ProblemsOf(ParsedFile file)
    {
        var repeated = file.Repeated.Select(document => Repeats(file, document, file));
        var lost = file.Documents.Values
            .Where(document => Claims[document.Key][0] != file.Path)
            .Select(document => Repeats(file, document, Files[Claims[document.Key][0]]));
        return file.Problems.Concat(repeated.Concat(lost).OrderBy(p => p.Line).ThenBy(p => p.Message, StringComparer.Ordinal)).ToEquatableArray();
    }

    private static SourceProblem Repeats(ParsedFile file, ParsedDocument document, ParsedFile winner)
    {
        var first = winner.Documents[document.Key];
        var message = $"{document.Key} stands at {winner.Path}:{first.Line} and at {file.Path}:{document.Line}: the first, by path and line, "
            + "is in force; remove one of them";
        return new SourceProblem(file.Path, document.Line, "", message, 0);
    }

    private static IEnumerable<ObjectKey> Differing(ParsedFile? before, ParsedFile? after)
    {
        var old = before?.Documents ?? ImmutableDictionary<ObjectKey, ParsedDocument>.Empty;
        var now = after?.Documents ?? ImmutableDictionary<ObjectKey, ParsedDocument>.Empty;
        var isSame = now.Where(pair => !ReferenceEquals(old.GetValueOrDefault(pair.Key), pair.Value)).Select(pair => pair.Key);
        return isSame.Concat(old.Keys.Where(key => !now.ContainsKey(key)));
    }

    private static void Claim(
        ImmutableDictionary<ObjectKey, ImmutableSortedSet<string>>.Builder claims, ParsedFile? before, ParsedFile? after)
    {
        foreach (var key in before?.Documents.Keys ?? [])
        {
            if (after?.Documents.ContainsKey(key) != true)
            {
                // Proof of "!": a document is claimed as long as its file is here.
                var left = claims[key].Remove(before!.Path);
                claims[key] = left;
                if (left.IsEmpty)
                {
                    claims.Remove(key);
                }
            }
        }

        foreach (var key in after?.Documents.Keys ?? [])
        {
            claims[key] = claims.GetValueOrDefault(key, NoPaths).Add(after!.Path);
        }
    }

    private static readonly ImmutableSortedSet<string> NoPaths = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private sealed class UpdateBuilder
    {
        private readonly ImmutableArray<IKubernetesObject<V1ObjectMeta>>.Builder applied =
            ImmutableArray.CreateBuilder<IKubernetesObject<V1ObjectMeta>>();

        private readonly ImmutableArray<ObjectKey>.Builder deleted = ImmutableArray.CreateBuilder<ObjectKey>();
        private readonly ImmutableArray<JudgedKey>.Builder judged = ImmutableArray.CreateBuilder<JudgedKey>();

        public void Add(ObjectKey key, TrackedObject? before, TrackedObject? after)
        {
            if (after?.LastGood is { } good)
            {
                if (!ReferenceEquals(good, before?.LastGood))
                {
                    applied.Add(good);
                }
            }
            else if (before?.LastGood is not null)
            {
                deleted.Add(key);
            }

            if ((before?.Problems ?? []) != (after?.Problems ?? []))
            {
                Judge(key, after?.Problems ?? []);
            }
        }

        public void Judge(ObjectKey key, EquatableArray<SourceProblem> problems) => judged.Add(new JudgedKey(key, problems));

        public FileIndexUpdate Build(FileIndex next) => new()
        {
            Next = next,
            Applied = applied.ToImmutable(),
            Deleted = deleted.ToImmutable(),
            Judged = judged.ToImmutable(),
        };
    }
}
