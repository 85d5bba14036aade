// All templates.
import './new-plugin.test.js'
