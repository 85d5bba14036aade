// Which parameters a run casts, and to what. Comes in: its folder. Goes out: the rule that it was trained
// with.

import { resolve } from 'node:path'
import { isModulePath } from '@lotion/cli/internal'
import { byName, type QuantizeRule } from '@lotion/optim'
import { ruledFormats } from '../runs/parameter-rules.js'
import { readRunFile } from './run-file.js'

/**
 * Read the rule of a run of a language model: parameters that had a format of their own have it in another
 * cast, too.
 * @param folder Of the run.
 */
export async function quantizeRuleOf(folder: string): Promise<QuantizeRule> {
  const { comparison, workingFolder } = await readRunFile(folder)
  // Paths of modules are relative to where the run began.
  const formats = (comparison.formats ?? []).map(({ pattern, format }) => ({
    pattern,
    format: isModulePath(format) ? resolve(workingFolder, format) : format,
  }))
  return ruledFormats(formats, byName())
}
