// Reports of runs that are there, and the page that follows one.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { recordedCli, runCli, type CliWorld } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
const at = (name: string): string => join(folder, name)
const cli = (...words: readonly string[]) => recordedCli(words)
const report = (name: string): Promise<string> => readFile(at(name), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-report-'))
  for (const [name, format] of [
    ['four', 'int4'],
    ['three', 'int3'],
  ] as const) {
    const line = `run linear-regression --dimension 8 --steps 6 --seeds 2 --casts 2 --workers 1 --methods ptq,lotion --format ${format} --out`
    const { status, stderr } = await cli(...line.split(' '), at(name))
    if (status !== 0) throw new Error(stderr)
  }
  await mkdir(at('cut'))
  const run = JSON.parse(await report('four/run.json')) as object
  await writeFile(at('cut/run.json'), JSON.stringify({ ...run, finishedAt: undefined }))
  const lines = (await report('four/metrics.jsonl')).split('\n')
  await writeFile(at('cut/metrics.jsonl'), `${lines.slice(0, 6).join('\n')}\n{"type":"ev`)
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the report written anew is the one that the run left, byte for byte', async () => {
  const before = await report('four/report.html')
  await rm(at('four/report.html'))
  expect(await cli('report', at('four'))).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('report.html: the report of a finished run\n') as string,
  })
  expect(await report('four/report.html')).toBe(before)
  // A synthetic task has the same figures, and losses that are no text’s.
  expect(before).toContain('Distance to the grid')
  expect(before).not.toContain('perplexity')
})

test('the report of an interrupted run says how far it is and what goes on with it', async () => {
  expect((await cli('report', at('cut'))).status).toBe(0)
  const page = await report('cut/report.html')
  expect(page).toMatch(
    /Interrupted: 0 of 4 runs are done; the last evaluation is ptq, seed 0, step \d of 6\./,
  )
  expect(page).toContain('resume” goes on with it.')
  expect(page).toContain('No method has a result yet.')
})

test('several runs are one comparison, each method by its run, in a file that is asked for', async () => {
  expect(await cli('report', at('four'), at('three'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      'out: expected a file for a report of several runs, found none',
    ) as string,
  })
  const out = at('formats.html')
  expect(await cli('report', at('four'), at('three'), '--out', out)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('formats.html: a comparison of 2 runs\n') as string,
  })
  const page = await report('formats.html')
  for (const name of ['four: ptq', 'four: lotion', 'three: ptq', 'three: lotion'])
    expect(page).toContain(`<th scope="row" role="rowheader">${name}</th>`)
  expect(page).toContain('four: ptq, four: lotion: 8.00 bits a quantized weight.')
  expect(page).toContain('three: ptq, three: lotion: 7.00 bits a quantized weight.')
  expect(page).toContain('What differs between the runs')
  expect(page).toMatch(/>format<\/th><td>int4<\/td><td>int3</)
  // Its own report may be written over; what is none may not.
  expect((await cli('report', at('four'), at('three'), '--out', out)).status).toBe(0)
  await writeFile(at('mine.html'), 'mine')
  expect(await cli('report', at('four'), '--out', at('mine.html'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('out: expected a new file or a report, found another file') as string,
  })
  expect(await report('mine.html')).toBe('mine')
  // A name makes no report, nor does a page that speaks of one.
  await mkdir(at('other'))
  for (const name of ['my-report.html', 'other/report.html']) {
    const text = `<p>On <meta name="generator" content="@lotion/bench"></p>`
    await writeFile(at(name), text)
    expect(await cli('report', at('four'), '--out', at(name))).toMatchObject({ status: 2, stdout: '' })
    expect(await report(name)).toBe(text)
  }
  // Nor its own name in a run’s folder; a report that was renamed is one.
  const own = await report('four/report.html')
  await writeFile(at('four/report.html'), 'mine')
  expect((await cli('report', at('four'))).stderr).toContain('expected a new file or a report')
  await writeFile(at('four/report.html'), own)
  await writeFile(at('renamed.txt'), own)
  expect((await cli('report', at('four'), '--out', at('renamed.txt'))).status).toBe(0)
  expect(await cli('report', at('four'), '--out', at('other'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('out: cannot write') as string,
  })
})

/** A request, and what came back. */
const fetched = (
  port: number,
  path: string,
  host = `127.0.0.1:${port}`,
): Promise<{ status: number; text: string }> =>
  new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => done({ status: response.statusCode!, text: Buffer.concat(pieces).toString() }))
    }).on('error', fail)
  })

test('watch serves the report as it grows, to this machine alone, until it is stopped', async () => {
  const stop = new AbortController()
  const stdout = new PassThrough()
  const address = new Promise<number>((done) => {
    stdout.once('data', (piece: Buffer) => done(Number(/127\.0\.0\.1:(\d+)\//.exec(piece.toString())![1])))
  })
  const stream = stdout as unknown as CliWorld['stdout']
  const ended = runCli(['watch', at('cut')], { stdout: stream, stderr: stream, signal: stop.signal })
  const port = await address
  const before = await fetched(port, '/')
  expect(before).toMatchObject({ status: 200 })
  expect(before.text).toContain('Interrupted: 0 of 4 runs are done')
  // Whoever goes on with it is seen without a hand on the page.
  expect(before.text).toContain('<meta http-equiv="refresh" content="5">')
  const lines = (await report('four/metrics.jsonl')).split('\n')
  const first = lines.findIndex((line) => line.includes('"type":"result"'))
  await writeFile(at('cut/metrics.jsonl'), `${lines.slice(0, first + 1).join('\n')}\n`)
  expect((await fetched(port, '/')).text).toContain('Interrupted: 1 of 4 runs are done')
  expect((await fetched(port, '/metrics.jsonl')).text).toBe(await report('cut/metrics.jsonl'))
  // Nothing else of the disk, and no page of another name that points here.
  for (const path of ['/owner.json', '/../four/run.json', '/%2e%2e/four/run.json'])
    expect((await fetched(port, path)).status).toBe(404)
  expect((await fetched(port, '/', 'example.com')).status).toBe(403)
  expect(await cli('watch', at('cut'), '--port', String(port))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`port: expected one that is free, found ${port} taken`) as string,
  })
  await mkdir(at('notes'), { recursive: true })
  for (const name of ['notes', 'nowhere'])
    expect(await cli('watch', at(name))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        `${at(name)}: expected the folder of a run, found no run.json in it`,
      ) as string,
    })
  stop.abort(new Error('stopped'))
  expect(await ended).not.toBe(0)
  await expect(fetched(port, '/')).rejects.toThrow('ECONNREFUSED')
})
