/** Patterns of names and paths: `*` and `?` stop at `/`, `**` does not; in time that hostile patterns cannot blow up. */

/** Whether a pattern takes a whole path; both are folded already. A final `/**` takes all below, not the folder itself. */
export function takesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const names = path.split('/');
  // After a mismatch only the last `**` takes one more name, which is enough.
  let w = 0;
  let n = 0;
  let wide = -1;
  let resume = 0;
  while (n < names.length) {
    if (wanted[w] === '**') {
      wide = w++;
      // At the end it stands for one name or more.
      resume = w === wanted.length ? n + 1 : n;
      n = resume;
    } else if (w < wanted.length && takesName(wanted[w]!, names[n]!)) {
      w++;
      n++;
    } else if (wide !== -1) {
      w = wide + 1;
      n = ++resume;
    } else return false;
  }
  return w === wanted.length;
}

/** Whether a pattern takes one name. */
export function takesName(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    const step = stepAt(name, n);
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (pattern[p] === '?') {
      p++;
      n += step;
    } else if (p < pattern.length && pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star !== -1) {
      p = star + 1;
      resume += stepAt(name, resume);
      n = resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** How many units of UTF-16 the character at a place has. */
function stepAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}
