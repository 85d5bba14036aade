// What an option looks like in a config: numbers as numbers, lists as lists. Comes in: the schema of an
// option, which takes words. Goes out: its form, from which reading, printing and the editor's schema follow.
// Source: registries of zod; a schema made from another keeps the form of that one.

import { z } from 'zod'
import type { CliOptions, OptionValues } from '../kit/cli-command.js'

/** A part of a JSON schema. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** How values of an option are written in a config. */
export interface ConfigForm<T = never> {
  /** What an editor is told; its `type` says how a value becomes the words that the option takes. */
  readonly json: JsonSchema
  /** Give it where the option's schema takes the values of `json` too: writes one of its own values so. */
  write?(value: T): unknown
}

const forms = z.registry<ConfigForm>()

/** Give a schema its form in a config; the same schema. */
export function inConfig<S extends z.ZodType>(schema: S, form: ConfigForm<z.output<S>>): S {
  forms.add(schema, form)
  return schema
}

/** The form of an option's values: what it was given, else a switch or a text, by what it is made of. */
export function formOf(schema: z.ZodType): ConfigForm {
  const own = forms.get(schema)
  if (own) return own
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return formOf(schema.unwrap() as z.ZodType)
  return { json: { type: schema instanceof z.ZodBoolean ? 'boolean' : 'string' } }
}

/** What a config may say of an option whose checked value is a `T`. */
export type ConfigValue<T> = T extends number | boolean
  ? T
  : T extends readonly (infer E)[]
    ? string | readonly (E extends string | number ? E : E | string)[]
    : string

/** A config of options, as a module writes it. @experimental */
export type ConfigOf<O extends CliOptions> = {
  readonly [
    K in keyof O as O[K] extends {
      /** No key of a config. */
      readonly call: true
    }
      ? never
      : K
  ]?: ConfigValue<Exclude<OptionValues<O>[K], undefined>>
}
