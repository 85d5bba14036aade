// What sister packages need of @lotion/gpu: no promise, it may change in any release.
export { loadGpuJs } from './gpu-js.js'
