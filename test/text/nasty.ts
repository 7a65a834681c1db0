/** Texts that some YAML reader takes for something else, or that stand at an edge of a rule. */

const WORDS = `
  y Y n yes Yes YES no NO true True false on On off OFF yess ya null Null NULL nan NaN inf Inf infinity ~ = <<
  .nan .NaN .NAN .inf .Inf -.inf +.inf - -a a- -- --- . .. ... .a .e .e5 .e+5 ._ ._1 .1 .5e3 ._a .git a. .a. ._DS
  / // /a 0 1 00 01 644 0644 -1 +1 1e5 1E5 1e 1e+5 e5 E10 e E ee e5a 1.5 1. 1.e5 1_000 _1 _ 1_a 0x1F 0X1f 0xg 0o17
  0O17 0o1a 0b101 0B1 0b 0ba 0b1f 9007199254740991 9007199254740992 99999999999999999999 12:30 1:2:3 190:20:30.15
  2014-05-01 2014-05-01T10 2001-12-14t21.59.43 1d 1a 1-1 1/2 a: :a #a a# &a *a !a | > %a @a ? [a] {a} { } [ ]
  " "" "a" ' 'a' a"b a'b \\ \\\\ \\" \\n a\\ C:\\x é Ünï 日本語 😀 a😀 a\u0301 \u{10ffff} \u{1fffe} \ud7ff\ue000 \ufffd
  __proto__ constructor toString hasOwnProperty dbk files % %41 100% (a) a(b) a@b a+b ======= |- |2+ >- !!str ?a ,a
`;

/** Of one line. */
export const NASTY_TEXTS: readonly string[] = [
  WORDS.trim().split(/[ \n]+/),
  ['', ' ', '  ', ' a', 'a ', 'a  b', 'a b', '\t', '\ta', 'a\t', 'a\tb', '- a', 'a - b', 'a: b', 'a #b'],
  ['1 a', '10 e', '1 1', '2014-05-01 10', '01 Airbag.flac', '!!str a', '? a', ', a', 'a, b', '\u00a0', '`a'],
  ['<<<<<<< ', '>>>>>>> x', 'a'.repeat(127), 'a'.repeat(128), 'a'.repeat(129), `${'ab '.repeat(40)}a`],
  ['"'.repeat(300), '\\'.repeat(300), 'é'.repeat(400)],
].flat();

/** Of several lines, and what only looks so. */
export const NASTY_BLOCKS: readonly string[] = [
  ['\n', '\n\n', 'a\n', 'a\nb', 'a\n\n', 'a\n\nb\n', '\na', '\n a', ' a\n', ' a\nb\n', '\ta\nb', 'a\n b'],
  ['a\n\tb\n', 'a \n', 'a\n ', 'a\n \n', 'a\n  \n\n', '  \n', '  \na', ' \n a\n', 'a\n\n\n\n', '\n\n a\n\n'],
  [
    '# a\n',
    '- a\n- b\n',
    'a: b\n',
    '---\n',
    '...\na',
    'a\n---\nb\n',
    '<<<<<<< a\n=======\n',
    '"\n',
    'é\n😀\n',
  ],
  ['\\n\n', 'a\\\nb', '|\n', '% \n', 'a\n\t\n', '\t\n', 'a\n# b\n', '\n# a\n'],
].flat();

/** Every text of up to `length` of the letters. */
export function everyText(letters: string, length: number): string[] {
  const texts = [''];
  for (let from = 0, round = 0; round < length; round++) {
    const end = texts.length;
    for (; from < end; from++) for (const letter of letters) texts.push(texts[from]! + letter);
  }
  return texts;
}
