// The public surface of @lotion/tfjs/layers: models of tf.layers as files.
export { exportLayers } from './export-layers.js'
export type { ExportLayersOptions, LayersFile, SavableModel, WeightCast } from './export-layers.js'
export { quantizedIOHandler } from './quantized-io-handler.js'
