// Messages for people, each once a process. Comes in: a message. Goes out: a line on the console.

const told = new Set<string>()

/** Write a message to the console the first time it comes. */
export function warnOnce(message: string): void {
  if (told.has(message)) return
  told.add(message)
  console.warn(`lotion: ${message}`)
}
