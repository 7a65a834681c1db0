/** What changed in a sidecar, from its text before and after. */

import { diffFields } from '../diff/fields.ts';
import type { Change, FieldChange, LinesChange, MetadataChange } from '../model/change.ts';
import { editsOf } from '../text/line-edits.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar, type Sidecar } from '../text/sidecar.ts';

/** undefined where one of the texts cannot be read: then there is only the text to look at. */
export async function metadataChange(
  before: string | undefined,
  after: string | undefined,
): Promise<MetadataChange | undefined> {
  const old = await readSidecar(before);
  const now = await readSidecar(after);
  if (old === 'wrong' || now === 'wrong') return undefined;
  const fields = diffFields(old, now).map(withLines);
  const prose = linesBetween(plain(old?.prose), plain(now?.prose));
  return { fields, ...(prose && { prose }) };
}

/** A change of a sidecar with its fields; any other as it is. */
export async function withMetadata(change: Change): Promise<Change> {
  if (change.sidecar === undefined || change.metadata !== undefined) return change;
  const { sidecar, ...rest } = change;
  const metadata = await metadataChange(sidecar.before, sidecar.after);
  return metadata === undefined ? rest : { ...rest, metadata };
}

async function readSidecar(text: string | undefined): Promise<Sidecar | undefined | 'wrong'> {
  if (text === undefined) return undefined;
  try {
    return await parseByPeople(parseSidecar, text);
  } catch (error) {
    if (error instanceof TextError) return 'wrong';
    throw error;
  }
}

function withLines(change: FieldChange): FieldChange {
  const { before, after } = change;
  if (typeof before !== 'string' || typeof after !== 'string') return change;
  if (!before.includes('\n') && !after.includes('\n')) return change;
  const lines = linesBetween(before, after);
  return lines === undefined ? change : { ...change, lines };
}

/** Other line ends, and empty lines around it, are no other prose. */
function plain(prose = ''): string {
  return prose.replaceAll('\r\n', '\n').trim();
}

function linesBetween(before: string, after: string): LinesChange | undefined {
  const old = closed(before);
  const now = closed(after);
  if (old === now) return undefined;
  const lines: string[] = [];
  let added = 0;
  let removed = 0;
  for (const { oldFrom, oldTo, oldLines, newFrom, newTo, newLines } of editsOf(old, now)) {
    for (const line of linesIn(old.slice(oldFrom, oldTo))) lines.push(`-${line}`);
    for (const line of linesIn(now.slice(newFrom, newTo))) lines.push(`+${line}`);
    removed += oldLines;
    added += newLines;
  }
  return { added, removed, lines };
}

function closed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function linesIn(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
