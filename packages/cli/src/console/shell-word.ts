// A word for a shell. Comes in: any text, such as a path. Goes out: the text, quoted where a shell would take
// it apart.

/** Quote a word for the shell that people type in: sh, on Windows PowerShell. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./:@%+,=-]+$/.test(text) || (platform === 'win32' && /^[\w.\\/:@%+,=-]+$/.test(text))) return text
  return platform === 'win32'
    ? `'${text.replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Commands one after the other; PowerShell 5 knows no `&&`. */
export function inTurn(commands: readonly string[], platform: NodeJS.Platform = process.platform): string {
  return commands.join(platform === 'win32' ? '; ' : ' && ')
}
