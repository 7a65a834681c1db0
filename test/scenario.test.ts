import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../src/disk/blake3.ts';
import type { MergeQuestion, Side } from '../src/merge/state.ts';
import type { Instant } from '../src/model/instant.ts';
import type { Entry, EntityReference, Manifest } from '../src/model/manifest.ts';
import { compareBytes, type Name } from '../src/model/name.ts';
import { childOf, ROOT, type RepositoryPath } from '../src/model/path.ts';
import { mergeStates, sideOf, stateOf, stateOfManifests, type LiteralState } from './merge/trees.ts';
import { readScenarios, type Scenario, type ScenarioState } from './tools/scenario.ts';

before(() => loadBlake3());

function asState(it: ScenarioState): LiteralState {
  const entities = new Map<string, EntityReference>(
    it.entities.map(({ path, id, type, was }) => [path, { id, type, ...(was.length > 0 && { was }) }]),
  );
  const all = new Map<RepositoryPath, Manifest>();
  for (const [path, manifest] of stateOf(Object.fromEntries(it.tree)).all) {
    const files = new Map<Name, Entry>();
    for (const [name, entry] of manifest.files) {
      const at = childOf(path, name);
      const [mode, time, entity] = [it.modes.get(at), it.times.get(at), entities.get(at)];
      const said = {
        ...(mode && { mode }),
        ...(time && { mtime: time as Instant }),
        ...(entity && { entity }),
      };
      files.set(name, entry.kind === 'file' ? { ...entry, ...said } : entry);
    }
    const line = path === ROOT ? '' : `${path}/`;
    const [mode, entity] = [it.modes.get(line), entities.get(line)];
    all.set(path, { ...manifest, ...(mode && { mode }), ...(entity && { entity }), files });
  }
  return stateOfManifests(all);
}

function questionOf({ states, wholes }: Scenario): MergeQuestion {
  const base = asState(states.base);
  const side = (name: 'ours' | 'theirs'): Side => {
    const { moved, edited } = states[name];
    const isEdited = (_before: RepositoryPath, after: RepositoryPath): boolean =>
      edited.includes(after) || edited.includes(`${after}/`);
    return { ...sideOf(base, asState(states[name]), moved), isEdited };
  };
  return { base, ours: side('ours'), theirs: side('theirs'), wholeTypes: new Set(wholes) };
}

/** A line for each thing. */
function told({ all }: LiteralState): string[] {
  const lines: string[] = [];
  for (const [path, { files, ...itself }] of all) {
    lines.push(JSON.stringify([`${path}/`, itself.mode, itself.entity]));
    for (const [name, entry] of files)
      lines.push(JSON.stringify([childOf(path, name), Object.entries(entry).sort()]));
  }
  return lines.sort(compareBytes);
}

for (const scenario of readScenarios()) {
  test(scenario.name.replaceAll('-', ' '), () => {
    const question = questionOf(scenario);
    const expected = { tree: told(asState(scenario.states.expected)), conflicts: scenario.conflicts };
    for (const it of [question, { ...question, ours: question.theirs, theirs: question.ours }]) {
      const { state, merged } = mergeStates(it);
      const conflicts = merged.conflicts.map(({ kind, paths }) => `${kind} ${paths.join(' | ')}`);
      assert.deepEqual({ tree: told(state), conflicts }, expected);
    }
  });
}

test('there are scenarios', () => assert.ok(readScenarios().length >= 80));
