import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { downloadProgress } from './download-progress.js'

it('tells how much of each large file is there, and when unpacking begins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotion-download-'))
  const [told, logged]: [unknown[], string[]] = [[], []]
  const following = downloadProgress(
    folder,
    { progress: (...stage) => told.push(stage), log: (line) => logged.push(line) },
    5,
  )
  try {
    following.line('Collecting torch>=2.4')
    following.line('  Downloading filelock-3.16.1-py3-none-any.whl.metadata (2.9 kB)')
    writeFileSync(join(folder, 'other.whl'), new Uint8Array(4e6))
    following.line('  Downloading torch-2.5.1-cp311-none-any.whl (20.5 MB)')
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['torch', 0, 20, 'MB']))
    writeFileSync(join(folder, 'torch.whl'), new Uint8Array(7.5e6))
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['torch', 7, 20, 'MB']))
    // Unpacked files are no download.
    writeFileSync(join(folder, 'torch.whl'), new Uint8Array(30e6))
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['torch', 20, 20, 'MB']))
    following.line('Installing collected packages: filelock, torch')
    expect(logged).toEqual(['unpacking; a few minutes'])
  } finally {
    following.stop()
    rmSync(folder, { recursive: true })
  }
})
