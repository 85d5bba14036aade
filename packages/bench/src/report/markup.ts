// Markup that holds no raw text: `markup` is the only way to make it. Comes in: templates of the renderer,
// and whatever a record has. Goes out: markup in which text from outside is text and nothing else.
// Source: the HTML standard, sections "Attributes" and "Raw text elements"; docs/design/04-bench.md. The tag
// is not called `html`: formatters would break lines in such a template, and so add blanks to its text.

/** Markup. No other module can make one, so a text cannot pass for it. */
class MadeMarkup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** As it stands in a page; taken for text, and escaped, where it is put into a template again. */
  toString(): string {
    return this.#text
  }
}

/** Markup, made by `markup`. */
export type Markup = MadeMarkup

/** What a template takes: text and numbers are escaped, markup stays, lists are joined. */
export type Piece = Markup | string | number | undefined | readonly Piece[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  // Half a pair of UTF-16 has no place in a file of UTF-8.
  text.replace(/[&<>"']/g, (character) => entities[character]!).replace(/\p{Cs}/gu, '\uFFFD')

/** Where a piece stands: between tags, in the quoted value of an attribute, or in a tag outside of quotes. */
type Position =
  | { readonly in: 'content' | 'tag' }
  /** `before` is what the template itself has of the value so far. */
  | { readonly in: 'value'; readonly name: string; readonly before: string }

const known = new WeakMap<TemplateStringsArray, readonly Position[]>()

/**
 * Make markup of a template. A text is escaped wherever it stands; what escaping would not make harmless is
 * refused: text in a tag outside of quotes, in scripts and styles, in handlers, and addresses that lead
 * elsewhere.
 * @throws TypeError for a piece where none can be harmless: a mistake of the template.
 */
export function markup(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const positions = known.get(parts) ?? positionsOf(parts)
  known.set(parts, positions)
  const texts = pieces.map((piece, i) => placed(piece, positions[i]!) + parts[i + 1]!)
  return new MadeMarkup([parts[0]!, ...texts].join(''))
}

/**
 * A style or a script of the renderer itself.
 * @throws TypeError for a text that would end the element.
 */
export function rawElement(name: 'style' | 'script', text: string): Markup {
  if (/<[/!]/.test(text)) throw new TypeError(`${name}: expected no '</' nor '<!' in it, found one`)
  return new MadeMarkup(`<${name}>${text}</${name}>`)
}

function placed(piece: Piece, position: Position): string {
  if (piece === undefined || piece === '') return ''
  if (Array.isArray(piece)) return piece.map((each: Piece) => placed(each, position)).join('')
  if (piece instanceof MadeMarkup) {
    if (position.in === 'value')
      throw new TypeError(`${position.name}: expected text in an attribute, found markup`)
    return piece.toString()
  }
  const text = String(piece)
  if (position.in === 'tag')
    throw new TypeError(`markup: expected text in quotes or between tags, found '${text}' in a tag`)
  if (position.in === 'value') refuseActing(position.name, position.before + text)
  return escaped(text)
}

/** Attributes that run or load something. */
function refuseActing(name: string, text: string): void {
  if (/^on|^style$|^srcdoc$/i.test(name))
    throw new TypeError(`${name}: expected no text from outside in this attribute`)
  if (!/(^|:)(href|src|action|formaction|data|poster)$/i.test(name)) return
  if (!/^(#|\.\/|data:text\/csv;)/.test(text))
    throw new TypeError(`${name}: expected an address in this folder or of this page, found '${text}'`)
}

/** Where each piece of a template stands, by reading what the template itself has. */
function positionsOf(parts: readonly string[]): readonly Position[] {
  let state: 'content' | 'tag' | 'value' = 'content'
  let name = ''
  let before = ''
  return parts.slice(0, -1).map((part): Position => {
    if (/<(script|style)/i.test(part))
      throw new TypeError('markup: expected rawElement for scripts and styles')
    for (let i = 0; i < part.length; i++) {
      const letter = part[i]!
      if (letter === '"' && state !== 'content') {
        name = /([\w:-]*)=$/.exec(part.slice(0, i))?.[1] ?? ''
        state = state === 'tag' ? 'value' : 'tag'
        before = ''
      } else if (state === 'value') before += letter
      else if (state === 'content' && letter === '<') state = 'tag'
      else if (state === 'tag' && letter === '>') state = 'content'
    }
    // A template of attributes alone, for the middle of another's tag.
    const own = /([\w:-]+)="([^"<>]*)$/.exec(part)
    if (state === 'content' && own) return { in: 'value', name: own[1]!, before: own[2]! }
    return state === 'value' ? { in: 'value', name, before } : { in: state }
  })
}
