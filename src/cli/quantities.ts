/** How numbers are said to people: counts, sizes, times. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** `12041` as `12,041`. Written out, because loading the tables for `toLocaleString` takes milliseconds. */
export function shownCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count and its noun: `1 file`, `12,041 files`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${shownCount(count)} ${count === 1 ? noun : nouns}`;
}

/** Decimal, at most seven characters: `999 B`, `31.4 MB`, `314 MB`. */
export function shownSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Seconds as a clock shows them: `0:40`, `1:02:03`. */
export function shownDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number) => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
