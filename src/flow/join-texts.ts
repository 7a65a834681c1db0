/**
 * From a merged tree to the texts of the merged index, as what differs from our side's.
 *
 * Long because it is one result that each of its steps writes into: first what goes elsewhere because a sibling of
 * its name came or went, then what goes, then what comes; so that what comes is never taken away again.
 */

import { digest } from '../disk/blake3.ts';
import { rulesAt } from './join-rules.ts';
import type { OpenSide, OpenState } from './merge-states.ts';
import type { SideOfText } from '../merge/means.ts';
import { mergeOtherText } from '../merge/other-texts.ts';
import type { Landed } from '../merge/result.ts';
import { mergeSidecars } from '../merge/sidecars.ts';
import type { SideName } from '../merge/state.ts';
import type { MergedText, Text, TextMeans } from '../merge/texts.ts';
import type { MergedTree } from '../merge/tree.ts';
import type { ContentId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { IGNORE_FILE } from '../scan/rules-chain.ts';
import type { Conflict } from '../text/conflict.ts';
import { writeManifest } from '../text/manifest.ts';
import { FOLDER_SIDECAR, isCut, MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { readPeople } from '../text/yaml-people.ts';
import { MirrorReader } from './changes-of-texts.ts';
import { displacedSidecars } from './displaced.ts';
import type { JoinTypes } from './join-types.ts';
import { MirrorAfter, TREE } from './mirror-paths.ts';
import { rulesPath } from './rules-texts.ts';
import { aboutText } from './told-text.ts';

export interface JoinQuestion {
  readonly base: OpenState;
  readonly ours: OpenSide;
  readonly theirs: OpenSide;
  readonly tree: MergedTree;
  readonly types: JoinTypes;
  readonly labels: Readonly<Record<SideName, (path: string) => SideOfText>>;
}

export type MetadataConflict = Pick<Conflict, 'paths' | 'field' | 'kept'>;

export interface JoinedTexts {
  /** By path: the merged text; undefined: there is none. */
  readonly texts: ReadonlyMap<string, Text>;
  readonly conflicts: readonly MetadataConflict[];
  /** The merged manifest of any directory. */
  manifest(path: RepositoryPath): Manifest | undefined;
}

/** The texts of the tree, and those of ignore rules that go with it. */
export function joinTexts(question: JoinQuestion): JoinedTexts {
  return new Joining(question).run();
}

/** A text that is not below `tree/` or `ignore.d/`: `conflicts/` too. */
export function joinOtherText(
  path: string,
  { base, ours, theirs, labels }: Pick<JoinQuestion, 'base' | 'ours' | 'theirs' | 'labels'>,
): MergedText {
  const three = {
    base: base.texts.text(path),
    ours: ours.after.texts.text(path),
    theirs: theirs.after.texts.text(path),
  };
  return mergeOtherText(path, three, meansFor(labels, path, path));
}

function meansFor(labels: JoinQuestion['labels'], ours: string, theirs: string): TextMeans {
  return {
    sides: {
      get ours() {
        return labels.ours(ours);
      },
      get theirs() {
        return labels.theirs(theirs);
      },
    },
    digest,
    people: readPeople,
  };
}

interface Thing {
  readonly path: RepositoryPath;
  readonly what: Landed['what'];
}

class Joining {
  private readonly question: JoinQuestion;
  private readonly mirror: MirrorAfter;
  private readonly came = new Map<string, Text>();
  private readonly went = new Set<string>();
  /** Our texts that stand elsewhere now, old path to new. */
  private readonly displaced = new Map<string, string>();
  private readonly conflicts: MetadataConflict[] = [];
  private readonly names = new Map<RepositoryPath, ReadonlyMap<Name, string>>();

  constructor(question: JoinQuestion) {
    this.question = question;
    const { ours, tree } = question;
    const added = new Map<RepositoryPath, Name[]>();
    const removed = new Map<RepositoryPath, Set<Name>>();
    for (const [path, manifest] of tree.directories) {
      const was = ours.after.manifest(path);
      if (path === ROOT || (was === undefined) === (manifest === undefined)) continue;
      if (manifest === undefined)
        removed.set(parentOf(path), (removed.get(parentOf(path)) ?? new Set()).add(nameOf(path)));
      else added.set(parentOf(path), [...(added.get(parentOf(path)) ?? []), nameOf(path)]);
    }
    this.mirror = new MirrorAfter(ours.after.mirror, added, removed);
  }

  run(): JoinedTexts {
    const { tree } = this.question;
    for (const path of this.mirror.displaced()) this.displace(path);
    for (const [path, manifest] of tree.directories)
      if (manifest === undefined) this.leave(path);
      else this.put(path, manifest);
    for (const path of this.mirror.changed()) {
      const manifest = this.manifest(path);
      if (!tree.directories.has(path) && manifest !== undefined) this.putManifest(path, manifest);
    }
    this.carryLanded();
    this.mergeStill();
    for (const [path, manifest] of tree.directories) this.carryRules(path, manifest);
    return { texts: this.result(), conflicts: this.conflicts, manifest: (path) => this.manifest(path) };
  }

  private manifest(path: RepositoryPath): Manifest | undefined {
    const { directories } = this.question.tree;
    return directories.has(path) ? directories.get(path) : this.question.ours.after.manifest(path);
  }

  /** What goes, goes from where it stands by now. */
  private result(): ReadonlyMap<string, Text> {
    const texts = new Map<string, Text>();
    const ours = this.question.ours.after.texts;
    for (const [from, to] of this.displaced) {
      texts.set(from, texts.get(from));
      texts.set(to, ours.text(from));
    }
    for (const path of this.went) {
      if (!this.displaced.has(path)) texts.set(path, undefined);
      else texts.set(this.displaced.get(path)!, undefined);
    }
    for (const [path, text] of this.came) texts.set(path, text);
    return texts;
  }

  /** Everything below a directory whose mirror name changes. */
  private displace(path: RepositoryPath): void {
    const [from, to] = [this.question.ours.after.mirror.of(path)!, this.mirror.of(path)];
    const rules = (mirror: string): string => `ignore.d${mirror.slice(TREE.length)}`;
    const texts = this.question.ours.after.texts;
    const below = (directory: string, target: string, mirrored: (at: string) => string): void => {
      for (const name of texts.textsIn(mirrored(directory)))
        this.displaced.set(`${mirrored(directory)}/${name}`, `${mirrored(target)}/${name}`);
    };
    const visit = (directory: string, target: string): void => {
      below(directory, target, (at) => at);
      below(directory, target, rules);
      for (const name of texts.directoriesIn(directory)) visit(`${directory}/${name}`, `${target}/${name}`);
    };
    visit(from, to);
  }

  /** A directory that is none any more. */
  private leave(path: RepositoryPath): void {
    const { ours } = this.question;
    const stood = ours.after.mirror.of(path);
    if (stood === undefined) return;
    this.went.add(`${stood}/${MANIFEST}`);
    this.went.add(`${stood}/${FOLDER_SIDECAR}`);
    this.went.add(rulesPath(stood));
    for (const name of ours.after.manifest(path)?.files.keys() ?? []) this.leaveSidecar(childOf(path, name));
  }

  private put(path: RepositoryPath, manifest: Manifest): void {
    const before = this.question.ours.after.manifest(path);
    this.putManifest(path, manifest);
    if (before === undefined) return;
    for (const name of before.files.keys())
      if (!manifest.files.has(name)) this.leaveSidecar(childOf(path, name));
    const stood = this.question.ours.after.mirror.of(path)!;
    const texts = this.question.ours.after.texts;
    for (const [from, to] of displacedSidecars(before.files.keys(), manifest.files.keys())) {
      const text = texts.text(`${stood}/${from}`);
      if (text === undefined) continue;
      this.went.add(`${stood}/${from}`);
      this.came.set(`${this.mirror.of(path)}/${to}`, text);
    }
  }

  private putManifest(path: RepositoryPath, manifest: Manifest): void {
    const { directories: _old, ...rest } = manifest;
    const cut = [...this.mirror.namesIn(path)].filter(([name, mirror]) => isCut(mirror, name, digest));
    const listed = cut.map(([name, mirror]) => [mirror, name] as const);
    const directories = new Map(listed.sort(([a], [b]) => compareBytes(a, b)));
    const whole = cut.length === 0 ? rest : { ...rest, directories };
    this.came.set(`${this.mirror.of(path)}/${MANIFEST}`, writeManifest(whole));
  }

  private leaveSidecar(path: RepositoryPath): void {
    const stood = this.question.ours.after.sidecarPath(path, 'file');
    if (stood !== undefined) this.went.add(stood);
  }

  /** What is written about things that landed somewhere, merged of what each state says there. */
  private carryLanded(): void {
    const things = new Map<string, { readonly thing: Thing; readonly from: Landed[] }>();
    for (const landed of this.question.tree.landed) {
      const key = `${landed.what} ${landed.path}`;
      const known = things.get(key);
      if (known === undefined) things.set(key, { thing: landed, from: [landed] });
      else known.from.push(landed);
    }
    for (const { thing, from } of things.values()) {
      for (const { ours } of from) {
        const stood = ours === undefined ? undefined : this.question.ours.after.sidecarPath(ours, thing.what);
        if (stood !== undefined) this.went.add(stood);
      }
      const merged = from.map((each) => this.sidecarOf(thing, each)).filter(({ text }) => text !== undefined);
      merged.sort((a, b) => compareBytes(digest(a.text!), digest(b.text!)));
      const [first, ...others] = merged;
      if (first === undefined) continue;
      // Two things that are one from now on: what was written about either is written about it.
      const all = others.reduce((one, other) => this.united(thing, one, other), first);
      this.come(thing, all);
    }
  }

  private sidecarOf(thing: Thing, { base, ours, theirs }: Landed): MergedText {
    const { question } = this;
    const place = (state: OpenState, path: RepositoryPath | undefined): string | undefined =>
      path === undefined ? undefined : state.sidecarPath(path, thing.what);
    const at = {
      base: place(question.base, base),
      ours: place(question.ours.after, ours),
      theirs: place(question.theirs.after, theirs),
    };
    const text = (state: OpenState, path: string | undefined): Text =>
      path === undefined ? undefined : state.texts.text(path);
    const three = {
      base: text(question.base, at.base),
      ours: text(question.ours.after, at.ours),
      theirs: text(question.theirs.after, at.theirs),
    };
    // A side that has no such thing has said nothing of it: what the other says stays.
    if (ours === undefined) return { text: three.theirs, conflicts: [] };
    if (theirs === undefined) return { text: three.ours, conflicts: [] };
    if (three.ours === undefined && three.theirs === undefined) return { text: undefined, conflicts: [] };
    return this.merged(thing, three, meansFor(question.labels, at.ours ?? '', at.theirs ?? ''));
  }

  private united(thing: Thing, one: MergedText, other: MergedText): MergedText {
    const three = { base: undefined, ours: one.text, theirs: other.text };
    const both = this.merged(thing, three, meansFor(this.question.labels, '', ''));
    const kept = both.kept ?? one.kept ?? other.kept;
    const conflicts = [...one.conflicts, ...other.conflicts, ...both.conflicts];
    return { text: both.text, conflicts, ...(kept !== undefined && { kept }) };
  }

  private merged(
    { path, what }: Thing,
    three: { readonly base: Text; readonly ours: Text; readonly theirs: Text },
    means: TextMeans,
  ): MergedText {
    const declared = this.question.types.declaredFor(path, what, (at) => this.manifest(at));
    return mergeSidecars({ ...three, declared, of: this.contentAt(path, what) }, means);
  }

  private contentAt(path: RepositoryPath, what: Landed['what']): ContentId | undefined {
    const entry = what === 'file' ? this.entryAt(path) : undefined;
    return entry?.kind === 'file' ? entry.blake3 : undefined;
  }

  private entryAt(path: RepositoryPath): Entry | undefined {
    return this.manifest(parentOf(path))?.files.get(nameOf(path));
  }

  private come({ path, what }: Thing, { text, conflicts, kept }: MergedText): void {
    this.came.set(this.placeOf(path, what), text);
    for (const field of new Set(conflicts.map((each) => each.field)))
      this.conflicts.push({ paths: [path], field, ...(kept !== undefined && { kept }) });
  }

  private placeOf(path: RepositoryPath, what: Landed['what']): string {
    if (what === 'directory') return `${this.mirror.of(path)}/${FOLDER_SIDECAR}`;
    const directory = parentOf(path);
    let names = this.names.get(directory);
    if (names === undefined) {
      names = mirrorNames(this.manifest(directory)?.files.keys() ?? [], digest);
      this.names.set(directory, names);
    }
    return `${this.mirror.of(directory)}/${sidecarOf(names.get(nameOf(path))!)}`;
  }

  /** What a side wrote about things that stand where they stood in all three states; and about none at all. */
  private mergeStill(): void {
    const { base, tree } = this.question;
    const known = { ours: new Set<string>(), theirs: new Set<string>() };
    for (const landed of tree.landed)
      for (const side of ['ours', 'theirs'] as const)
        if (landed[side] !== undefined) known[side].add(`${landed.what} ${landed[side]}`);
    const handled = new Set<string>();
    for (const side of ['theirs', 'ours'] as const) {
      const { after, texts } = this.question[side];
      const reader = new MirrorReader((path) => [after.texts.text(path), base.texts.text(path)]);
      for (const { path } of texts) {
        if (!path.startsWith(`${TREE}/`) || path.endsWith(`/${MANIFEST}`)) continue;
        const about = aboutText(path, reader);
        const what = about?.kind ?? 'file';
        if (about !== undefined && known[side].has(`${what} ${about.path}`)) continue;
        const isThere = about !== undefined && this.stands(about.path, what);
        const key = isThere ? `${what} ${about.path}` : path;
        if (handled.has(key) || (about !== undefined && !isThere && this.isGone(side, about.path, what)))
          continue;
        handled.add(key);
        if (isThere) {
          const here = { path: about.path, what };
          this.come(
            here,
            this.sidecarOf(here, { ...here, base: here.path, ours: here.path, theirs: here.path }),
          );
        } else this.mergeLoose(path);
      }
    }
  }

  private stands(path: RepositoryPath, what: Landed['what']): boolean {
    return what === 'directory' ? this.manifest(path) !== undefined : this.entryAt(path) !== undefined;
  }

  /** Whether a side's text is about a thing that the side has, and that the merge let go. */
  private isGone(side: SideName, path: RepositoryPath, what: Landed['what']): boolean {
    const { base } = this.question;
    const { after } = this.question[side];
    const has = (state: OpenState): boolean =>
      what === 'directory'
        ? state.manifest(path) !== undefined
        : state.manifest(parentOf(path))?.files.has(nameOf(path)) === true;
    return has(after) || has(base);
  }

  /** About nothing that is recorded: it stays where it is, as a text. */
  private mergeLoose(path: string): void {
    const { base, ours, theirs, labels } = this.question;
    const three = {
      base: base.texts.text(path),
      ours: ours.after.texts.text(path),
      theirs: theirs.after.texts.text(path),
    };
    this.came.set(path, mergeSidecars(three, meansFor(labels, path, path)).text);
  }

  /** `ignore.d/` says what the `.dbkignore` that stands in the merged tree says. */
  private carryRules(path: RepositoryPath, manifest: Manifest | undefined): void {
    const { ours } = this.question;
    const stood = ours.after.mirror.of(path);
    if (stood !== undefined) this.went.add(rulesPath(stood));
    const entry = manifest?.files.get(IGNORE_FILE);
    if (entry?.kind !== 'file') return;
    const text = this.rulesWith(childOf(path, IGNORE_FILE), entry.blake3);
    if (text !== undefined) this.came.set(rulesPath(this.mirror.of(path)), text);
  }

  private rulesWith(path: RepositoryPath, content: ContentId | undefined): Text {
    const { base, ours, theirs, tree } = this.question;
    const states = { ours: ours.after, theirs: theirs.after, base };
    const landed = tree.landed.filter((each) => each.what === 'file' && each.path === path);
    const places = landed.length === 0 ? [{ base: path, ours: path, theirs: path }] : landed;
    for (const side of ['ours', 'theirs', 'base'] as const) {
      for (const { [side]: at } of places) {
        const text = at === undefined ? undefined : rulesAt(states[side], at, content);
        if (text !== undefined) return text;
      }
    }
    return undefined;
  }
}
