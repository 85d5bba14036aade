import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { answers } from './posted-pages.mjs'

it('refuses what is no JSON, and takes the result that comes after it', async () => {
  const given: unknown[] = []
  const files = (path: string): readonly [string, string] | undefined =>
    path === '/' ? ['text/html', 'page'] : undefined
  const server = createServer(answers({ files, headers: {}, give: (value) => given.push(value) }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`
  const post = async (path: string, body: string): Promise<number> =>
    (await fetch(`${address}${path}`, { method: 'POST', body })).status
  try {
    expect(await post('/result', '{ "lines": 3')).toBe(400)
    expect(given).toEqual([])
    expect(await post('/result', '{ "lines": 3 }')).toBe(204)
    expect(given).toEqual([{ lines: 3 }])
    expect((await fetch(`${address}/?run=1`)).status).toBe(200)
    // What `new URL` cannot read.
    expect((await fetch(`${address}//`)).status).toBe(404)
  } finally {
    server.close()
  }
})
