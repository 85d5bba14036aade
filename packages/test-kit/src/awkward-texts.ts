// Texts on which tokenizers differ if they do. Comes in: how many are wanted. Goes out: the same texts each
// time.

import { randomWords } from '@lotion/core/internal'

/** One of each kind that is known to be hard. No half of a pair of surrogates: Python cannot be given one. */
export const awkwardTexts: readonly string[] = [
  '',
  ' ',
  'Hello world',
  ' Fellow-Citizens — “House”, naïve 🙂 \u0002<|endoftext|>\n\n  tail\uFEFF',
  '!\uFEFF \u0085x\u0085 a\u2028b\u00a0c\u3000d\u180e',
  '漢字かな交じり文、日本語。한국어 中文。',
  'a'.repeat(400),
  `${' '.repeat(200)}x${'\n'.repeat(50)}\t\t \t${' '.repeat(77)}`,
  '\u0000\u0001\u001f\u007f\u0080',
  '👨‍👩‍👧‍👦🏳️‍🌈🇩🇪',
  '1234567890 3.14 ٣٤٥ ²³ Ⅷ ½',
  "don't DON'T we'll 'S ſ",
  'e\u0301 \u1100\u1161 ﬁ Ⅷ ͅ',
  '\r\n\r\n  \r\n\n',
  'def f(x):\n    return x**2  # ok\n',
  'العربية עברית हिन्दी ไทย',
  '\uFFFD',
  '!!??...---___ <EOT> <｜end▁of▁sentence｜>',
  'ǅ ß İ ı',
]

/** Pieces that texts are put together from: contractions, blanks of all kinds, digits, letters and marks. */
const pieces = [
  ["'s", "'S", "'ll", "'LL", "'ve", "n't", 'do', 'We', 'they', 'CamelCase', 'UPPER', 'lower', 'x', '_y'],
  [
    ' ',
    ' ',
    '  ',
    '   ',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '\u00a0',
    '\u3000',
    '\u2028',
    '\u0085',
    '\u200b',
    '\uFEFF',
  ],
  ['0', '7', '42', '1234', '3.14', '٣٤', '²', '½', 'Ⅷ', '१२३'],
  ['.', ',', '!?', '...', '—', '“', '(', '){', '/', '//', '#', '<|im_start|>', '</s>', '&&', '$', '€'],
  [
    'é',
    'e\u0301',
    'ß',
    'ſ',
    'İ',
    'ı',
    'ǅ',
    'Ж',
    'я',
    'Ω',
    'α',
    'ا',
    'עב',
    'हि',
    'ไท',
    '漢',
    'かな',
    'カ',
    '한',
    '🙂',
    '👨‍👩‍👧',
    '🇩🇪',
  ],
].flat()

/**
 * Many texts: those that are known to be hard, then random ones, half of them characters that Unicode has had
 * for long (tables of another version would tell them otherwise), half of them pieces put together.
 */
export function manyTexts(count: number): readonly string[] {
  const random = Array.from({ length: Math.max(0, count - awkwardTexts.length) }, (_, i) => {
    const words = Array.from(randomWords({ seed: i, stream: 'texts' }, 40), (word) => word >>> 1)
    const characters = (word: number): string =>
      String.fromCodePoint(word & 1 ? (word >>> 1) % 0x80 : (word >>> 1) % 0x370)
    return i % 2 === 0
      ? words.map(characters).join('')
      : words
          .slice(0, 5 + (words[0]! % 20))
          .map((word) => pieces[word % pieces.length]!)
          .join('')
  })
  return [...awkwardTexts, ...random].slice(0, count)
}
