// The public surface of @lotion/tfjs/gradients: importing it registers the gradients of tfjs-core.

import './core-gradients.js'

export { repairGradients } from './repair-gradients.js'
