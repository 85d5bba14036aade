// Both bindings, and all ends of a thread.
import './native-memory.test.js'
