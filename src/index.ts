/**
 * dbk as a library: what a person can ask for, as functions that return values and print nothing.
 *
 *     const context = machineContext({ pid: process.pid });
 *     const repository = openRepository(context, '/home/ada/Pictures');
 *     const { head, files } = await status(repository, { checkEverything: false, report: console.log });
 *
 * Paths of folders are absolute; paths in a repository are RepositoryPaths (`parsePath` makes them). A flow throws
 * a Refusal, with a Problem that has a code, a reason and a hint, where it refuses; Interrupted, where the context
 * said so; any other error is the operating system's, or a bug. What it met on the way, and went on, is in
 * `problems`. The command line is one user of this module's parts and can do nothing that is not here.
 */

// The machine, or whatever stands for it
export { machineContext, nodeDisk } from './flow/machine.ts';
export type { Caller } from './flow/machine.ts';
export type { Clock, Context, Identity } from './flow/context.ts';
export type { Moment, Phase, Progress } from './model/progress.ts';
export { SILENT } from './model/progress.ts';

// Repositories
export { init } from './flow/init.ts';
export type { InitOptions } from './flow/init.ts';
export { absolute, openRepository } from './flow/repository.ts';
export type { Repository } from './flow/repository.ts';
export { authorOfPerson, changeSetting, setting, settings } from './flow/configure.ts';
export type { SettingShown } from './flow/configure.ts';

// Now
export { status } from './flow/status.ts';
export type { Status, StatusOptions } from './flow/status.ts';
export { commit } from './flow/commit.ts';
export type { CommitOptions, CommitResult } from './flow/commit.ts';
export type { Ask } from './flow/decide.ts';
export type { Gone } from './flow/deletions.ts';
export { why } from './flow/why.ts';
export type { Standing, Why } from './flow/why.ts';
export { forget } from './flow/forget.ts';
export type { ForgetOptions, Forgotten } from './flow/forget.ts';

// What is known of files
export { readFields } from './flow/read-fields.ts';
export type { FieldValue, Metadata, ReadFieldsRequest } from './flow/read-fields.ts';
export { editFields } from './flow/edit-fields.ts';
export type { EditFieldsRequest, FieldEdit, FieldsEdited } from './flow/edit-fields.ts';
export { beginEdit, endEdit } from './flow/edit-sidecar.ts';
export type { EditBegun, EditEnded } from './flow/edit-sidecar.ts';
export { allEntities, withListing } from './flow/entities-listed.ts';
export type { EntityDetails, Listing } from './flow/entities-listed.ts';
export type { Entities, EntityAt } from './flow/entities.ts';
export { newEntity } from './flow/new-entity.ts';
export type { NewEntity, NewEntityOptions } from './flow/new-entity.ts';
export { splitEntity } from './flow/split-entity.ts';
export type { Split, SplitOptions } from './flow/split-entity.ts';
export { joinEntities } from './flow/join-entities.ts';
export type { Joined, JoinOptions } from './flow/join-entities.ts';
export { moveEntity } from './flow/move-entity.ts';
export type { MovedEntity, MoveEntityOptions } from './flow/move-entity.ts';
export { newFolder } from './flow/new-folder.ts';
export type { NewFolder, NewFolderOptions } from './flow/new-folder.ts';

// People
export { listPeople, withPeople } from './flow/people.ts';
export type { People, Person } from './flow/people.ts';
export { addPerson } from './flow/add-person.ts';
export type { AddedPerson, AddPersonOptions } from './flow/add-person.ts';
export { renamePerson } from './flow/rename-person.ts';
export type { RenamedPerson, RenamePersonOptions } from './flow/rename-person.ts';
export { importPeople } from './flow/import-people.ts';
export type { CardFile, ImportedPeople, ImportedPerson, ImportPeopleOptions } from './flow/import-people.ts';
export { exportPeople } from './flow/export-people.ts';
export type { ExportedPeople, ExportPeopleOptions } from './flow/export-people.ts';

// What does not fit together
export { conflicts } from './flow/conflicts.ts';
export type { ConflictsFound, ConflictShown, ConflictsRequest } from './flow/conflicts.ts';
export type { Has, Version } from './flow/conflict-versions.ts';
export { resolve } from './flow/resolve.ts';
export type { Resolved, ResolveOptions, Settled } from './flow/resolve.ts';
export type { Choice, Deed } from './flow/conflict-deeds.ts';
export { mergeContents } from './flow/merge-contents.ts';
export type { MergedContent } from './flow/merge-contents.ts';

// A part
export { parseRule, ruleWords, setWant, wantNow, wantOf } from './flow/want.ts';
export type { WantRule, WantSet } from './flow/want.ts';
export { get } from './flow/get.ts';
export type { GetOptions, Got } from './flow/get.ts';
export { adopt } from './flow/adopt.ts';
export type { AdoptOptions } from './flow/adopt.ts';
export { drop } from './flow/drop.ts';
export type { Dropped, DropOptions } from './flow/drop.ts';
export { whereis } from './flow/whereis.ts';
export type { Copy as HeldCopy, Sought, Whereabouts, WhereisResult } from './flow/whereis.ts';

// Back
export { restore } from './flow/restore.ts';
export type { RestoreOptions, RestoreResult } from './flow/restore.ts';
export { deleted } from './flow/deleted.ts';
export type { Deleted } from './flow/deleted.ts';
export { undelete } from './flow/undelete.ts';
export type { Undeleted, UndeleteOptions } from './flow/undelete.ts';
export { prune } from './flow/prune.ts';
export type { Amount, Pruned, PruneOptions } from './flow/prune.ts';
export { listOperations, undo } from './flow/undo.ts';
export type { Undone, UndoOptions } from './flow/undo.ts';

// The history
export { namedCommit } from './flow/named-commit.ts';
export { log } from './flow/log.ts';
export type { LogEntry } from './flow/log.ts';
export { show } from './flow/show.ts';
export type { Shown } from './flow/show.ts';
export { diff } from './flow/diff.ts';
export type { Difference, DiffRequest } from './flow/diff.ts';
export { list } from './flow/ls.ts';
export type { Listed, ListRequest } from './flow/ls.ts';

// Types and plugins
export { listPlugins } from './flow/list-plugins.ts';
export type { ListedPlugin } from './flow/list-plugins.ts';
export { PluginsFailed, pluginsFrom, workingPlugins } from './flow/load-plugins.ts';
export type { PluginSources } from './flow/load-plugins.ts';
export { trustPlugin, untrustPlugin } from './flow/trust-plugin.ts';
export type { Trusted, TrustRequest } from './flow/trust-plugin.ts';
export { newPlugin } from './flow/new-plugin.ts';
export type { NewPlugin } from './flow/new-plugin.ts';
export { checkPlugin } from './flow/check-plugin.ts';
export type { CheckRequest, PluginCheck } from './flow/check-plugin.ts';
export { collect } from './flow/collect.ts';
export type { Collected, CollectRequest, FoundEntity, Mapping } from './flow/collect.ts';

// What they speak of
export type { Change, ChangeKind, MoveEvidence, Summary, TextChange } from './model/change.ts';
export type { Commit, Move } from './model/commit.ts';
export type { CommitId, ContentId, Digest } from './model/id.ts';
export { isCommitId, isContentId, shortId } from './model/id.ts';
export type { Instant } from './model/instant.ts';
export { instantOf, parseInstant } from './model/instant.ts';
export type { Attributes, EntityReference, Entry, FileEntry, LinkEntry, Manifest } from './model/manifest.ts';
export type { Name } from './model/name.ts';
export { bytesOfName, compareBytes, isUtf8, nameOfBytes } from './model/name.ts';
export type { RepositoryPath } from './model/path.ts';
export { childOf, nameOf, parentOf, parsePath, ROOT } from './model/path.ts';
export type { Place, Problem, RefusalKind, Severity } from './model/problem.ts';
export { Interrupted, Refusal } from './model/problem.ts';
