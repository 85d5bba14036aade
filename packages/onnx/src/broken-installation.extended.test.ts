// Every binding meets the library that is cut short.
import './broken-installation.test.js'
