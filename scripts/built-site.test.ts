import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { freePort, serveSite } from './built-site.mjs'

const folder = mkdtempSync(join(tmpdir(), 'lotion-site-'))
mkdirSync(join(folder, 'docs'))
writeFileSync(join(folder, 'index.html'), `<p>front</p>${' '.repeat(20_000)}`)
writeFileSync(join(folder, 'docs/page.html'), '<p>page</p>')
writeFileSync(join(folder, '404.html'), '<p>not here</p>')
afterAll(() => rmSync(folder, { recursive: true }))

const get = async (url: string): Promise<readonly [number, string]> => {
  const response = await fetch(url)
  return [response.status, (await response.text()).trim()]
}

it('serves a folder under its base, to this machine alone', async () => {
  const port = await freePort()
  const { address, host, close } = await serveSite('/lotion/', port, folder)
  try {
    expect(host).toBe('127.0.0.1')
    expect(address).toBe(`http://127.0.0.1:${port}/lotion/`)
    expect(await get(address)).toEqual([200, '<p>front</p>'])
    expect(await get(`${address}docs/page.html`)).toEqual([200, '<p>page</p>'])
    expect(await get(`${address}docs/none.html`)).toEqual([404, '<p>not here</p>'])
    expect(await get(`http://127.0.0.1:${port}/docs/page.html`)).toEqual([404, '<p>not here</p>'])
    expect(await get(`http://127.0.0.1:${port}/lotion/../../secret`)).toEqual([404, '<p>not here</p>'])
    const packed = await fetch(address, { headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
  } finally {
    await close()
  }
})

it('says that a port is taken', async () => {
  const port = await freePort()
  const { close } = await serveSite('/', port, folder)
  await expect(serveSite('/', port, folder)).rejects.toThrow(`port ${port} is taken`)
  await close()
})
