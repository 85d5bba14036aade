// What sister packages need of @lotion/checkpoints: no promise, it may change in any release.
export { removeAbandoned, temporaryBeside } from './temporary-name.js'
