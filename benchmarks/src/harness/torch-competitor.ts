// Competitor: PyTorch on the CPU, in a Python process of its own. Comes in: a program of python/ and what it
// is asked. Goes out: a definition, and the option that asks for it: PyTorch is large, and fetched only on
// request. Source: python/lines.py.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flag, type CliOption } from '@lotion/cli'
import { z } from 'zod'
import type { Competitor, CompetitorDefinition, OpenContext, TimedTask } from './competitor.js'
import { lineProcess } from './line-process.js'
import { findTorch, TORCH_SIZE, torchThreads } from './torch-environment.js'

/** The running program. */
export interface TorchProcess {
  /** A folder for tensors on their way, removed at the end. */
  readonly folder: string
  /** Send a request and read the answer as a schema says. */
  request<T>(message: object, schema: z.ZodType<T>): Promise<T>
}

/** One speed test's side of PyTorch. */
export interface TorchSide<Subject, Outcome> {
  /** File in `python/`. */
  readonly program: string
  /** Most threads that it uses. */
  readonly threads: (subject: Subject) => number
  /** How its tasks run, if all run alike: `eager`. */
  readonly mode?: string
  /** More variables for the process. */
  readonly env?: NodeJS.ProcessEnv
  /** Fields of the first request, `open`; may leave files in the folder. */
  readonly opening: (subject: Subject, folder: string) => Promise<object>
  readonly tasks: (
    subject: Subject,
    torch: TorchProcess,
    context: OpenContext,
  ) => readonly TimedTask<Outcome>[]
}

/** Answers that every program gives: to `open`, to `processors`, to whatever is timed. */
const built = z.object({ version: z.string(), simd: z.string() })
const bound = z.object({ processors: z.array(z.number()) })
export const timed = z.object({ milliseconds: z.number() })

/** PyTorch, as a speed test sees it. */
export function torchCompetitor<Subject, Outcome>(
  side: TorchSide<Subject, Outcome>,
): CompetitorDefinition<Subject, Competitor<Outcome>> {
  return Object.freeze({
    name: 'PyTorch',
    open: async (subject: Subject, context: OpenContext) => {
      const found = await findTorch(context)
      if ('absent' in found) return found
      const folder = await mkdtemp(join(tmpdir(), 'lotion-torch-'))
      const threads = side.threads(subject)
      const processors = context.processors.slice(0, threads)
      const child = lineProcess({
        name: 'PyTorch',
        command: found.python,
        arguments: [fileURLToPath(new URL(`../../python/${side.program}`, import.meta.url))],
        env: {
          ...torchThreads(threads),
          ...side.env,
          ...(processors.length > 0 ? { GOMP_CPU_AFFINITY: processors.join(' ') } : {}),
        },
        signal: context.signal,
      })
      const request = async <T>(message: object, schema: z.ZodType<T>): Promise<T> =>
        schema.parse(await child.request(message))
      const close = async (): Promise<void> => {
        await child.close()
        await rm(folder, { recursive: true, force: true })
      }
      try {
        const { version, simd } = await request(
          { do: 'open', threads, ...(await side.opening(subject, folder)) },
          built,
        )
        return {
          version: [`torch ${version}`, side.mode, simd].filter(Boolean).join(', '),
          tasks: side.tasks(subject, { folder, request }, context),
          bind: async () => {
            const { processors } = await request({ do: 'processors' }, bound)
            return processors.length === 0 ? 'not bound' : `threads on ${processors.join(', ')}`
          },
          close,
        }
      } catch (error) {
        await close()
        throw error
      }
    },
  })
}

/** `--with-torch`, for every command that PyTorch takes part in. */
export const torchOption: CliOption<boolean> = Object.freeze({
  flags: '--with-torch',
  description: 'compare with PyTorch; if no Python here has it, it is fetched once (see below)',
  schema: flag,
})

/** PyTorch if it was asked for; otherwise a line that says that it was not compared, and how to get it. */
export const ifAsked = <Subject, C>(
  definition: CompetitorDefinition<Subject, C>,
  asked: boolean,
): CompetitorDefinition<Subject, C> =>
  asked
    ? definition
    : {
        name: definition.name,
        open: async () => ({
          absent: `not compared, since nobody asked; --with-torch takes the Python of LOTION_PYTHON or of this machine, or fetches it once (${TORCH_SIZE})`,
        }),
      }
