// What sister packages need of @lotion/language: no promise, it may change in any release.
export { chosenModel, type ChosenModel, type ModelWords } from './chosen-model.js'
export { tokenizerRecord, type ModelRecord } from './model-record.js'
export { openSource, trainedWeights, type ModelSource } from './open-source.js'
export { judgedWindows } from './judged-text.js'
export { tokenizerOf } from './tokenizer-word.js'
