// Command: talk with a model. Comes in: a run or a file of weights; lines that a person types, or standard
// input, a line a turn. Goes out: answers, as they come.
// Source: docs/design/18-language.md.

import { createInterface } from 'node:readline'
import { defineCommand, maybe, type CliCommand } from '@lotion/cli'
import { z } from 'zod'
import { converse } from '../language/converse.js'
import {
  engineOption,
  loadSpeaker,
  modelArgument,
  samplingOf,
  samplingOptions,
  sourceOptions,
} from './model-options.js'

/** Talks with a model. */
export const chatCommand: CliCommand = defineCommand({
  path: ['chat'],
  summary: 'talk with a model by its chat template',
  arguments: { model: modelArgument },
  options: {
    system: {
      flags: '--system <text>',
      description: 'what the model is told before the conversation',
      schema: maybe(z.string().min(1, 'expected a text, found none')),
    },
    ...samplingOptions(512),
    ...sourceOptions,
    ...engineOption,
  },
  examples: [
    'lotion chat SmolLM2.gguf',
    'lotion chat mine.gguf --engine llama.cpp',
    "lotion chat SmolLM2.gguf --system 'Answer in one sentence.' --temperature 0",
  ],
  notes:
    'Ctrl-C stops an answer; a second one, or Ctrl-D, ends the conversation. Without a terminal each line of standard input is a turn.',
  run: async ({ model: path, system, engine, ...options }, { stdout, stderr, warn, signal }) => {
    const { sampling, source } = samplingOf(options)
    const model = await loadSpeaker(path, engine, source, warn)
    if (signal.aborted) {
      await model.close()
      throw signal.reason
    }
    const isTerminal = process.stdin.isTTY && stdout.isTTY
    const lines = createInterface({
      input: process.stdin,
      // Not our guarded stream: the editing of a line is the terminal's own sequences.
      ...(isTerminal ? { output: process.stdout, prompt: '> ' } : {}),
      terminal: isTerminal,
    })
    let answering: AbortController | undefined
    // A terminal's Ctrl-C comes here while its lines are read.
    lines.on('SIGINT', () => {
      if (answering === undefined) lines.close()
      else answering.abort(new Error('stopped'))
    })
    signal.addEventListener('abort', () => lines.close(), { once: true })
    try {
      await converse({
        model,
        lines,
        system,
        sampling,
        write: (text) => void stdout.write(text),
        note: (text) => void stderr.write(text),
        ...(isTerminal ? { prompt: () => lines.prompt() } : {}),
        begin: () => (answering = new AbortController()).signal,
        end: () => (answering = undefined),
        signal,
      })
      signal.throwIfAborted()
    } finally {
      lines.close()
      // Whatever is shown next begins a line.
      if (isTerminal) stdout.write('\n')
      await model.close()
    }
  },
})
