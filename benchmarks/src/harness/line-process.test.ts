import { expect, it } from 'vitest'
import { lineProcess, type LineProcess } from './line-process.js'

/** A child that answers with what `answer`, the body of a function of the request, returns or writes. */
const child = (answer: string, signal?: AbortSignal): LineProcess =>
  lineProcess({
    name: 'echo',
    command: process.execPath,
    arguments: [
      '-e',
      `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const answer = ((request) => { ${answer} })(JSON.parse(line))
        if (answer !== undefined) console.log(JSON.stringify(answer))
      })`,
    ],
    ...(signal ? { signal } : {}),
  })

it('answers requests in turn and ends when it is closed', async () => {
  const echo = child('return { twice: request.value * 2 }')
  expect(await echo.request({ value: 4 })).toEqual({ twice: 8 })
  expect(await echo.request({ value: 5 })).toEqual({ twice: 10 })
  await echo.close()
  await echo.close()
  await expect(echo.request({ value: 6 })).rejects.toThrow('echo ended (status 0)')
})

it('refuses a second request before the first is answered', async () => {
  const echo = child('return { request }')
  const first = echo.request(1)
  await expect(echo.request(2)).rejects.toThrow('a request is under way')
  expect(await first).toEqual({ request: 1 })
  await echo.close()
})

it('turns an error of the child into an error, and lives on', async () => {
  const echo = child("return request === 1 ? { error: 'no such thing' } : { request }")
  await expect(echo.request(1)).rejects.toThrow('echo: no such thing')
  expect(await echo.request(2)).toEqual({ request: 2 })
  await echo.close()
})

it('quotes the end of standard error when the child dies', async () => {
  const echo = child("console.error('out of memory'); process.exit(3)")
  await expect(echo.request(1)).rejects.toThrow('echo ended (status 3): out of memory')
  await echo.close()
})

it('refuses an answer that is no JSON', async () => {
  const echo = child("console.log('hello')")
  await expect(echo.request(1)).rejects.toThrow("expected a line of JSON, found 'hello'")
  await echo.close()
})

it('fails requests to a program that does not exist', async () => {
  const none = lineProcess({ name: 'nobody', command: 'no-such-program-of-lotion', arguments: [] })
  await expect(none.request(1)).rejects.toThrow(/nobody: .*ENOENT/)
  await none.close()
})

it('ends with the signal', async () => {
  const stop = new AbortController()
  const echo = child('', stop.signal)
  const waiting = echo.request(1)
  stop.abort()
  await expect(waiting).rejects.toThrow('aborted')
  await echo.close()
})
