// Every format in every kind of blocks.
import './export-layers.test.js'
