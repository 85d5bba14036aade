// Command: show the report of a run in a browser while the run is under way. Comes in: a folder. Goes out: a
// page at an address of this machine, made anew each time it is loaded.
// Source: docs/design/04-bench.md, "The report". Nothing but this machine can reach it.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { defineCommand, maybe, UsageError, wholeNumber, type CliCommand } from '@lotion/cli'
import { storedReport } from '../report/stored-report.js'
import { readRun } from '../run-files/stored-run.js'
import { linkedFiles, present } from './report-command.js'
import { folderOf, runArgument, tellProblems } from './run-arguments.js'

/** Only this machine. */
const HOST = '127.0.0.1'

/** Seconds between two looks of a browser. */
const REFRESH = 5

/** Serves the report of a run. */
export const watchCommand: CliCommand = defineCommand({
  path: ['watch'],
  summary: 'show the report of a run in a browser of this machine, and how it grows, until Ctrl-C',
  arguments: {
    run: runArgument,
  },
  options: {
    port: {
      flags: '--port <n>',
      description: 'port of the address (default: one that is free)',
      schema: maybe(wholeNumber({ min: 1, max: 65_535 })),
    },
  },
  examples: ['lotion watch quickstart', 'lotion watch runs/mine --port 8000'],
  run: async ({ run: word, port }, context) => {
    const { stdout, signal, typed } = context
    const folder = await folderOf(word)
    const { state, problems } = await readRun(folder)
    tellProblems(problems, context)
    const server = createServer((request, response) => {
      answer(folder, typed, request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
        response.end(error instanceof Error ? error.message : String(error))
      })
    })
    const at = await listening(server, port)
    const told =
      state === 'finished'
        ? 'the run is finished: its report does not change'
        : `the page is made anew every ${REFRESH} s`
    stdout.write(`http://${HOST}:${at}/\n${told}; Ctrl-C ends this\n`)
    try {
      await new Promise<never>((_, reject) => {
        const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  },
})

/** @throws UsageError if the port is taken. */
function listening(server: Server, port = 0): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new UsageError(
              `port: expected one that is free, found ${port} taken or forbidden; leave --port out for a free one`,
            )
          : error,
      ),
    )
    server.listen(port, HOST, () => {
      const address = server.address()
      done(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function answer(
  folder: string,
  typed: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host = '' } = request.headers
  // A page of another site that has its name point here would read the run otherwise.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) {
    response.writeHead(403).end()
    return
  }
  const name = (request.url ?? '/').replace(/^\//, '').replace(/\?.*$/, '')
  if (request.method !== 'GET' || (name !== '' && !linkedFiles.includes(name))) {
    response.writeHead(404).end()
    return
  }
  if (name !== '') {
    const file = createReadStream(join(folder, name))
    file.once('open', () => response.writeHead(200, { 'content-type': 'application/octet-stream' }))
    file.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(404).end()))
    file.pipe(response)
    return
  }
  const page = storedReport([await readRun(folder)], {
    files: await present(folder),
    refresh: REFRESH,
    typed,
  })
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(page)
}
