import {
  Comment,
  DeclarationReflection,
  FileRegistry,
  ParameterReflection,
  ProjectReflection,
  ReferenceType,
  ReflectionKind,
  SignatureReflection,
} from 'typedoc'
import { expect, it } from 'vitest'
import { withoutWords } from './typedoc-parameters.mjs'

const project = new ProjectReflection('all', new FileRegistry())
const module = made(project, '@lotion/optim', ReflectionKind.Module)

function made(
  parent: ProjectReflection | DeclarationReflection,
  name: string,
  kind: ReflectionKind,
): DeclarationReflection {
  const reflection = new DeclarationReflection(name, kind, parent)
  project.registerReflection(reflection, undefined, undefined)
  return reflection
}

function signatureOf(owner: DeclarationReflection, ...names: readonly string[]): ParameterReflection[] {
  const signature = new SignatureReflection(owner.name, ReflectionKind.CallSignature, owner)
  project.registerReflection(signature, undefined, undefined)
  signature.parameters = names.map(
    (name) => new ParameterReflection(name, ReflectionKind.Parameter, signature),
  )
  return signature.parameters
}

it('names the entry, the export and the parameter', () => {
  const [limit] = signatureOf(made(module, 'clip', ReflectionKind.Function), 'limit')
  const method = made(made(module, 'Grid', ReflectionKind.Interface), 'around', ReflectionKind.Method)
  const [x] = signatureOf(method, 'x')
  expect(withoutWords(project)).toEqual(['@lotion/optim: clip(limit)', '@lotion/optim: Grid.around(x)'])
  for (const parameter of [limit, x])
    parameter!.comment = new Comment([{ kind: 'text', text: 'The largest norm.' }])
  expect(withoutWords(project)).toEqual([])
})

it('asks for no words of options whose type is exported, and for those of others', () => {
  const type = made(module, 'FitOptions', ReflectionKind.Interface)
  const [options] = signatureOf(made(module, 'fit', ReflectionKind.Function), 'options')
  options!.type = ReferenceType.createResolvedReference('FitOptions', type, project)
  expect(withoutWords(project)).toEqual([])
  options!.type = ReferenceType.createBrokenReference('FitOptions', project, undefined)
  expect(withoutWords(project)).toEqual(['@lotion/optim: fit(options)'])
})
