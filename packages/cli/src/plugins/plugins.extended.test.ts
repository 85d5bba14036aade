// Every ending of a file.
import './plugins.test.js'
